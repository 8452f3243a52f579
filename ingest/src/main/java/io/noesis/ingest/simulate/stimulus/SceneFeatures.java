package io.noesis.ingest.simulate.stimulus;

import io.noesis.run.Check;
import io.noesis.run.RecipeException;
import io.noesis.run.Suggest;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The attributes of scenes as columns of zeros and ones for a linear forward model: category,
 * group, colour, size, position, count and background, each one-hot, so every row sums to 7. Group
 * columns are sums of category columns.
 */
public final class SceneFeatures {
  private static final List<String> NAMES = columns();

  private SceneFeatures() {}

  /** The names of the columns in their order, for example {@code "colour:red"}. */
  public static List<String> names() {
    return NAMES;
  }

  /** How many columns. */
  public static int count() {
    return NAMES.size();
  }

  /**
   * One row per scene.
   *
   * @param scenes the scenes
   * @return a new tensor {@code [scenes, features]}
   */
  public static Tensor matrix(List<Scene> scenes) {
    float[] values = new float[scenes.size() * count()];
    for (int row = 0; row < scenes.size(); row++) {
      System.arraycopy(of(scenes.get(row)), 0, values, row * count(), count());
    }
    return Tensor.wrap(values, scenes.size(), count());
  }

  static float[] of(Scene scene) {
    float[] row = new float[count()];
    for (String column :
        List.of(
            "category:" + scene.category().name(),
            "group:" + scene.group().word(),
            "colour:" + scene.colour().word(),
            "size:" + scene.size().word(),
            "position:" + scene.position().word(),
            "count:" + scene.count().word(),
            "background:" + scene.background().word())) {
      int index = NAMES.indexOf(column);
      Check.argument(
          index >= 0, "the feature '%s' has no column; is its category registered?", column);
      row[index] = 1;
    }
    return row;
  }

  /**
   * The constant of an attribute by its lower-case word.
   *
   * @throws RecipeException when there is none
   */
  static <E extends Enum<E>> E named(Class<E> attribute, String word) {
    List<String> known = new ArrayList<>();
    for (E each : attribute.getEnumConstants()) {
      known.add(each.name().toLowerCase(Locale.ROOT));
    }
    int index = known.indexOf(word);
    if (index < 0) {
      throw new RecipeException(
          "unknown "
              + attribute.getSimpleName().replace("Scene", "").toLowerCase(Locale.ROOT)
              + " '"
              + word
              + "' of a scene. "
              + Suggest.sentence(word, known));
    }
    return attribute.getEnumConstants()[index];
  }

  private static List<String> columns() {
    List<String> names = new ArrayList<>();
    ObjectCategories.all().forEach(each -> names.add("category:" + each.name()));
    add(names, "group", ObjectGroup.values());
    add(names, "colour", SceneColour.values());
    add(names, "size", SceneSize.values());
    add(names, "position", ScenePosition.values());
    add(names, "count", SceneCount.values());
    add(names, "background", Background.values());
    return List.copyOf(names);
  }

  private static void add(List<String> names, String attribute, Enum<?>[] values) {
    for (Enum<?> value : values) {
      names.add(attribute + ":" + value.name().toLowerCase(Locale.ROOT));
    }
  }
}
