package io.noesis.ingest.simulate.stimulus;

import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws scenes without repeating a combination. Categories come in rounds, each category once per
 * round in a random order; the colours of each category come in rounds too; size, position, count
 * and background are a random draw without replacement. The first scenes of a longer sample are
 * those of a shorter one.
 *
 * @param categories what may be shown, at least one
 * @param pool which combinations of category and colour
 */
public record SceneSampler(List<ObjectCategory> categories, ScenePool pool) {
  private static final List<Setting> SETTINGS = settings();

  private record Setting(
      SceneSize size, ScenePosition position, SceneCount count, Background background) {}

  /** Checks the categories and copies the list. */
  public SceneSampler {
    categories = List.copyOf(categories);
    if (categories.isEmpty() || categories.stream().distinct().count() != categories.size()) {
      throw new RecipeException(
          "choosing the categories of a sample: expected at least one and none twice, found "
              + categories
              + ". Name each category once.");
    }
  }

  /**
   * A sampler of all categories.
   *
   * @param pool which combinations of category and colour
   * @return the sampler
   */
  public static SceneSampler of(ScenePool pool) {
    return new SceneSampler(ObjectCategories.all(), pool);
  }

  /** How many different combinations there are, and so the longest sample that can be drawn. */
  public int capacity() {
    int fewest = Integer.MAX_VALUE;
    for (ObjectCategory category : categories) {
      fewest = Math.min(fewest, pool.colours(category).size());
    }
    return categories.size() * fewest * SETTINGS.size();
  }

  /**
   * Draws scenes.
   *
   * @param seed names the draw
   * @param n how many, at most {@link #capacity()}
   * @return the scenes, no two of one combination
   * @throws RecipeException when there are not that many combinations
   */
  public List<Scene> sample(Seed seed, int n) {
    if (n < 0 || n > capacity()) {
      throw new RecipeException(
          "drawing "
              + n
              + " scenes of "
              + categories.size()
              + " categories from the pool "
              + pool
              + ": expected 0 to "
              + capacity()
              + ", the number of different combinations. Ask for fewer pictures or more categories.");
    }
    List<CategoryDeck> decks = new ArrayList<>();
    for (ObjectCategory category : categories) {
      decks.add(new CategoryDeck(category, pool.colours(category), seed.child(category.name())));
    }
    List<Scene> scenes = new ArrayList<>(n);
    for (int round = 0; scenes.size() < n; round++) {
      int[] order = seed.child("round-" + round).random().permutation(decks.size());
      for (int k = 0; k < order.length && scenes.size() < n; k++) {
        scenes.add(decks.get(order[k]).scene(round));
      }
    }
    return scenes;
  }

  private static List<Setting> settings() {
    List<Setting> settings = new ArrayList<>();
    for (SceneSize size : SceneSize.values()) {
      for (ScenePosition position : ScenePosition.values()) {
        for (SceneCount count : SceneCount.values()) {
          for (Background background : Background.values()) {
            settings.add(new Setting(size, position, count, background));
          }
        }
      }
    }
    return List.copyOf(settings);
  }

  /** One category's scenes: colours in turn, for each colour its shuffled settings. */
  private static final class CategoryDeck {
    private final ObjectCategory category;
    private final List<SceneColour> colours;
    private final Seed seed;
    private final int[] colourOrder;
    private final List<int[]> settings = new ArrayList<>();

    CategoryDeck(ObjectCategory category, List<SceneColour> colours, Seed seed) {
      this.category = category;
      this.colours = colours;
      this.seed = seed;
      this.colourOrder = seed.child("colours").random().permutation(colours.size());
      for (SceneColour colour : colours) {
        settings.add(seed.child(colour.word()).random().permutation(SETTINGS.size()));
      }
    }

    Scene scene(int round) {
      int colour = colourOrder[round % colours.size()];
      Setting setting = SETTINGS.get(settings.get(colour)[round / colours.size()]);
      return new Scene(
          category,
          colours.get(colour),
          setting.size(),
          setting.position(),
          setting.count(),
          setting.background(),
          seed.child("scene-" + round));
    }
  }
}
