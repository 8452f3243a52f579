package io.noesis.ingest.simulate.stimulus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a scene says is what its picture shows. */
class SceneTest {
  private static final List<Scene> SAMPLE = SceneSampler.of(ScenePool.ALL).sample(Seed.of(3), 120);

  @Test
  void sameSceneSamePixelsInAnyThread() {
    List<String> once = prints(SAMPLE);
    List<String> again =
        IntStream.range(0, SAMPLE.size())
            .parallel()
            .mapToObj(i -> ImageFingerprint.ofPixels(SAMPLE.get(i).draw(64)))
            .collect(Collectors.toList());
    assertEquals(once, again);
    assertEquals(SAMPLE.size(), once.stream().distinct().count());
  }

  @Test
  void theSeedMovesThePictureALittle() {
    for (Scene scene : SAMPLE.subList(0, 40)) {
      Scene other = Scene.ofId(scene.id(), Seed.of(99));
      assertNotEquals(
          ImageFingerprint.ofPixels(scene.draw(64)), ImageFingerprint.ofPixels(other.draw(64)));
      double[] a = Mask.of(scene, 64).middle();
      double[] b = Mask.of(other, 64).middle();
      assertArrayEquals(a, b, 0.08, scene.id());
    }
  }

  @Test
  void layoutDoesNotDependOnTheResolution() {
    for (Scene scene : SAMPLE.subList(0, 40)) {
      double distance = ObjectCategoriesTest.meanDistance(scene.draw(64), quarter(scene.draw(256)));
      assertTrue(distance < 2.0, scene.id() + " differs by " + distance);
    }
  }

  @Test
  void positionIsWhereTheObjectsAre() {
    for (Scene scene : SAMPLE) {
      double[] middle = Mask.of(scene, 96).middle();
      String found = scene.id() + " " + middle[0] + " " + middle[1];
      switch (scene.position()) {
        case LEFT -> assertTrue(middle[0] < 0.42, found);
        case RIGHT -> assertTrue(middle[0] > 0.58, found);
        case TOP -> assertTrue(middle[1] < 0.44 && Math.abs(middle[0] - 0.5) < 0.08, found);
        case BOTTOM -> assertTrue(middle[1] > 0.55 && Math.abs(middle[0] - 0.5) < 0.08, found);
        case CENTRE -> assertTrue(Math.abs(middle[0] - 0.5) < 0.08, found);
      }
    }
  }

  @Test
  void countIsTheNumberOfPieces() {
    for (Scene scene : SAMPLE) {
      Scene floating = with(scene, scene.size(), Background.SKY);
      assertEquals(scene.count().number(), Mask.of(floating, 256).pieces(), floating.id());
    }
  }

  @Test
  void sizeIsTheAreaPerObject() {
    for (Scene scene : SAMPLE) {
      double small = Mask.of(with(scene, SceneSize.SMALL, Background.SKY), 128).area();
      double medium = Mask.of(with(scene, SceneSize.MEDIUM, Background.SKY), 128).area();
      double large = Mask.of(with(scene, SceneSize.LARGE, Background.SKY), 128).area();
      assertTrue(medium > 1.4 * small && large > 1.4 * medium, scene.id());
    }
  }

  @Test
  void featuresAreOneHotInEveryAttribute() {
    Tensor matrix = SceneFeatures.matrix(SAMPLE);
    assertEquals(24 + 6 + 10 + 3 + 5 + 3 + 8, SceneFeatures.count());
    assertEquals(SceneFeatures.count(), SceneFeatures.names().stream().distinct().count());
    for (int row = 0; row < SAMPLE.size(); row++) {
      Scene scene = SAMPLE.get(row);
      float[] features = scene.features();
      StringBuilder named = new StringBuilder();
      for (int column = 0; column < features.length; column++) {
        assertEquals(features[column], matrix.at(row, column));
        if (features[column] == 1f) {
          named.append(SceneFeatures.names().get(column)).append(' ');
        } else {
          assertEquals(0f, features[column]);
        }
      }
      assertEquals(
          String.format(
              "category:%s group:%s colour:%s size:%s position:%s count:%s background:%s ",
              scene.category().name(),
              scene.group().word(),
              scene.colour().word(),
              scene.size().word(),
              scene.position().word(),
              scene.count().word(),
              scene.background().word()),
          named.toString());
    }
  }

  @Test
  void idsReadBack() {
    for (Scene scene : SAMPLE) {
      assertEquals(scene, Scene.ofId(scene.id(), scene.seed()));
    }
    RecipeException parts =
        assertThrows(RecipeException.class, () -> Scene.ofId("cat_red", Seed.of(1)));
    assertTrue(parts.getMessage().contains("found 2 parts"), parts.getMessage());
    RecipeException colour =
        assertThrows(
            RecipeException.class, () -> Scene.ofId("cat_rad_small_left_one_meadow", Seed.of(1)));
    assertTrue(colour.getMessage().contains("unknown colour 'rad'"), colour.getMessage());
    assertTrue(colour.getMessage().contains("red"), colour.getMessage());
  }

  @Test
  void refusesSillyResolutions() {
    assertThrows(IllegalArgumentException.class, () -> SAMPLE.get(0).draw(15));
    assertThrows(IllegalArgumentException.class, () -> SAMPLE.get(0).draw(8193));
  }

  private static Scene with(Scene scene, SceneSize size, Background background) {
    return new Scene(
        scene.category(),
        scene.colour(),
        size,
        scene.position(),
        scene.count(),
        background,
        scene.seed());
  }

  private static List<String> prints(List<Scene> scenes) {
    return scenes.stream()
        .map(scene -> ImageFingerprint.ofPixels(scene.draw(64)))
        .collect(Collectors.toList());
  }

  /** Means over 4 × 4 pixels. */
  private static BufferedImage quarter(BufferedImage image) {
    int n = image.getWidth() / 4;
    BufferedImage small = new BufferedImage(n, n, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < n; y++) {
      for (int x = 0; x < n; x++) {
        int[] sum = new int[3];
        for (int k = 0; k < 16; k++) {
          int rgb = image.getRGB(4 * x + k % 4, 4 * y + k / 4);
          for (int c = 0; c < 3; c++) {
            sum[c] += (rgb >> (8 * c)) & 255;
          }
        }
        small.setRGB(x, y, (sum[2] / 16) << 16 | (sum[1] / 16) << 8 | (sum[0] / 16));
      }
    }
    return small;
  }
}
