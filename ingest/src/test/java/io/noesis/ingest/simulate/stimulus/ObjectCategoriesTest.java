package io.noesis.ingest.simulate.stimulus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract of every drawing, and what the set of categories must be. */
class ObjectCategoriesTest {
  private static final int PIXELS = 64;

  static Stream<ObjectCategory> categories() {
    return ObjectCategories.all().stream();
  }

  private static Scene large(ObjectCategory category, SceneColour colour, Background background) {
    return new Scene(
        category,
        colour,
        SceneSize.LARGE,
        ScenePosition.CENTRE,
        SceneCount.ONE,
        background,
        Seed.of(5));
  }

  @Test
  void sixGroupsOfFour() {
    assertEquals(24, ObjectCategories.all().size());
    for (ObjectGroup group : ObjectGroup.values()) {
      assertEquals(4, categories().filter(each -> each.group() == group).count(), group.word());
    }
    assertEquals("an airplane", ObjectCategories.named("airplane").withArticle());
    assertEquals("an ice cream", ObjectCategories.named("ice-cream").withArticle());
    assertEquals("a tent", ObjectCategories.named("tent").withArticle());
    RecipeException unknown =
        assertThrows(RecipeException.class, () -> ObjectCategories.named("butterfli"));
    assertTrue(unknown.getMessage().contains("butterfly"), unknown.getMessage());
  }

  @ParameterizedTest
  @MethodSource("categories")
  void everyColourShowsOnEveryBackground(ObjectCategory category) {
    for (SceneColour colour : SceneColour.values()) {
      for (Background background : Background.values()) {
        double area = Mask.of(large(category, colour, background), PIXELS).area();
        assertTrue(
            area > 0.05 && area < 0.40, category + " " + colour + " " + background + ": " + area);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("categories")
  void nothingIsCutOffAtTheFrame(ObjectCategory category) {
    for (SceneSize size : SceneSize.values()) {
      for (ScenePosition position : ScenePosition.values()) {
        for (SceneCount count : SceneCount.values()) {
          for (int seed = 0; seed < 2; seed++) {
            Scene scene =
                new Scene(
                    category,
                    SceneColour.RED,
                    size,
                    position,
                    count,
                    Background.STUDIO,
                    Seed.of(seed));
            assertEquals(0, Mask.of(scene, 64).onFrame(), scene + " touches the frame");
          }
        }
      }
    }
  }

  @Test
  void noTwoCategoriesLookAlike() {
    List<BufferedImage> images = new ArrayList<>();
    for (ObjectCategory category : ObjectCategories.all()) {
      images.add(large(category, SceneColour.BLUE, Background.WHITE).draw(PIXELS));
    }
    double closest = Double.MAX_VALUE;
    String pair = "";
    for (int a = 0; a < images.size(); a++) {
      for (int b = 0; b < a; b++) {
        double distance = meanDistance(images.get(a), images.get(b));
        if (distance < closest) {
          closest = distance;
          pair = ObjectCategories.all().get(a) + " and " + ObjectCategories.all().get(b);
        }
      }
    }
    assertTrue(closest > 8, pair + " differ by only " + closest + " of 255 levels on average");
  }

  @Test
  void mostPixelsHaveTheNamedColour() {
    int right = 0;
    int all = 0;
    List<String> wrong = new ArrayList<>();
    for (ObjectCategory category : ObjectCategories.all()) {
      for (SceneColour colour : SceneColour.values()) {
        SceneColour found = Mask.of(large(category, colour, Background.SKY), PIXELS).colour();
        all++;
        if (found == colour) {
          right++;
        } else {
          wrong.add(category + " " + colour.word() + " looks " + found.word());
        }
      }
    }
    assertTrue(right > 0.95 * all, right + " of " + all + " are right; wrong: " + wrong);
  }

  /** The mean difference of red, green and blue between two pictures, in levels of 255. */
  static double meanDistance(BufferedImage a, BufferedImage b) {
    double sum = 0;
    for (int y = 0; y < a.getHeight(); y++) {
      for (int x = 0; x < a.getWidth(); x++) {
        int p = a.getRGB(x, y);
        int q = b.getRGB(x, y);
        for (int shift = 0; shift <= 16; shift += 8) {
          sum += Math.abs(((p >> shift) & 255) - ((q >> shift) & 255));
        }
      }
    }
    return sum / (3.0 * a.getWidth() * a.getHeight());
  }
}
