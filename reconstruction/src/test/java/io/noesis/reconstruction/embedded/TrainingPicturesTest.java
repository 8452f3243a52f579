package io.noesis.reconstruction.embedded;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.noesis.alignment.embedding.ImagePreprocess;
import io.noesis.alignment.embedding.PixelImage;
import io.noesis.ingest.simulate.stimulus.CaptionWords;
import io.noesis.ingest.simulate.stimulus.Scene;
import io.noesis.ingest.simulate.stimulus.ScenePool;
import io.noesis.ingest.simulate.stimulus.SceneSampler;
import io.noesis.run.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingPicturesTest {
  private static final int BYTES = 3 * TrainingPictures.SIDE * TrainingPictures.SIDE;

  @TempDir Path folder;

  @Test
  void picturesAreWhatTheTowersSeeInUse() throws IOException {
    List<Scene> scenes = SceneSampler.of(ScenePool.TRAINING).sample(Seed.of(3), 300);
    TrainingPictures.write(folder, "some", scenes);
    byte[] rgb = Files.readAllBytes(folder.resolve("some.rgb"));
    assertEquals(scenes.size() * BYTES, rgb.length);
    for (int k : new int[] {0, 1, 256, 299}) {
      PixelImage drawn = PixelImage.of(scenes.get(k).draw(128));
      assertArrayEquals(
          ImagePreprocess.clip(TrainingPictures.SIDE).square(drawn).rgb(),
          Arrays.copyOfRange(rgb, k * BYTES, (k + 1) * BYTES),
          scenes.get(k).id());
    }
  }

  @Test
  void everyWordingSaysWhatIsShown() throws IOException {
    List<Scene> scenes = SceneSampler.of(ScenePool.TRAINING).sample(Seed.of(3), 40);
    TrainingPictures.write(folder, "some", scenes);
    List<String> lines = Files.readAllLines(folder.resolve("some.tsv"));
    assertEquals(scenes.size(), lines.size());
    for (int k = 0; k < scenes.size(); k++) {
      List<String> row = List.of(lines.get(k).split("\t", -1));
      assertEquals(scenes.get(k).id(), row.get(0));
      assertEquals(7, row.size());
      for (String caption : row.subList(1, row.size())) {
        assertEquals(CaptionWords.attributes(scenes.get(k)), CaptionWords.attributes(caption));
      }
    }
  }
}
