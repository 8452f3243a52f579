package io.noesis.ingest.simulate.stimulus;

import io.noesis.run.Registry;
import java.util.ArrayList;
import java.util.List;

/** The registry of object categories: six groups of four. */
public final class ObjectCategories {
  private static final Registry<ObjectCategory> REGISTRY =
      Registry.of(
          "object category",
          List.of(
              entry("cat", "cats", ObjectGroup.ANIMAL, Animals::cat),
              entry("fish", "fish", ObjectGroup.ANIMAL, Animals::fish),
              entry("bird", "birds", ObjectGroup.ANIMAL, Animals::bird),
              entry("butterfly", "butterflies", ObjectGroup.ANIMAL, Animals::butterfly),
              entry("car", "cars", ObjectGroup.VEHICLE, Vehicles::car),
              entry("sailboat", "sailboats", ObjectGroup.VEHICLE, Vehicles::sailboat),
              entry("train", "trains", ObjectGroup.VEHICLE, Vehicles::train),
              entry("airplane", "airplanes", ObjectGroup.VEHICLE, Vehicles::airplane),
              entry("tree", "trees", ObjectGroup.PLANT, Plants::tree),
              entry("flower", "flowers", ObjectGroup.PLANT, Plants::flower),
              entry("cactus", "cacti", ObjectGroup.PLANT, Plants::cactus),
              entry("mushroom", "mushrooms", ObjectGroup.PLANT, Plants::mushroom),
              entry("house", "houses", ObjectGroup.BUILDING, Buildings::house),
              entry("castle", "castles", ObjectGroup.BUILDING, Buildings::castle),
              entry("tent", "tents", ObjectGroup.BUILDING, Buildings::tent),
              entry("lighthouse", "lighthouses", ObjectGroup.BUILDING, Buildings::lighthouse),
              entry("apple", "apples", ObjectGroup.FOOD, Foods::apple),
              entry("banana", "bananas", ObjectGroup.FOOD, Foods::banana),
              entry("ice cream", "ice creams", ObjectGroup.FOOD, Foods::iceCream),
              entry("cake", "cakes", ObjectGroup.FOOD, Foods::cake),
              entry("chair", "chairs", ObjectGroup.HOUSEHOLD, Household::chair),
              entry("umbrella", "umbrellas", ObjectGroup.HOUSEHOLD, Household::umbrella),
              entry("clock", "clocks", ObjectGroup.HOUSEHOLD, Household::clock),
              entry("key", "keys", ObjectGroup.HOUSEHOLD, Household::key)));

  private static final List<ObjectCategory> ALL = listed();

  private ObjectCategories() {}

  /** The registry; entry names use hyphens: {@code "ice-cream"}. */
  public static Registry<ObjectCategory> registry() {
    return REGISTRY;
  }

  /** All categories in the order of the registry, which is the order of the features. */
  public static List<ObjectCategory> all() {
    return ALL;
  }

  /**
   * The category of that name.
   *
   * @param name the name, for example {@code "ice-cream"}
   * @return the category
   * @throws io.noesis.run.RecipeException when there is none; the message lists the known ones
   */
  public static ObjectCategory named(String name) {
    return REGISTRY.get(name);
  }

  private static Registry.Entry<ObjectCategory> entry(
      String word, String plural, ObjectGroup group, Drawing drawing) {
    String name = word.replace(' ', '-');
    return new Registry.Entry<>(
        name,
        new ObjectCategory(name, word, plural, group, drawing),
        SceneCaption.withArticle(word) + ", of the group " + group.word());
  }

  private static List<ObjectCategory> listed() {
    List<ObjectCategory> all = new ArrayList<>();
    for (Registry.Entry<ObjectCategory> entry : REGISTRY.entries()) {
      all.add(entry.value());
    }
    return List.copyOf(all);
  }
}
