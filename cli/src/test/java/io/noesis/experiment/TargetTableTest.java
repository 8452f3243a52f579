package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.reconstruction.embedded.EmbeddedModel;
import io.noesis.reconstruction.embedded.EmbeddedModels;
import io.noesis.reconstruction.pack.ModelFolder;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where towers are looked up, and that what they saw once is read the next time. */
class TargetTableTest {
  @TempDir private Path folder;
  private StimulusSet stimuli;
  private ModelPlaces places;

  @BeforeEach
  void makeStimuli() throws IOException {
    List<Stimulus> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
      image.setRGB(5 * i, 16, 0xff0000);
      Path file = folder.resolve(i + ".png");
      ImageIO.write(image, "png", file.toFile());
      String caption = "a small red cat on the left, number " + i;
      all.add(new Stimulus("s" + i, "cat", Optional.of(caption), Optional.of(file), Map.of()));
    }
    stimuli = StimulusSet.of(all);
    places =
        new ModelPlaces(
            new ModelFolder(folder.resolve("models")), Optional.of(folder.resolve("cache")));
  }

  private static TargetsSpec spec(String targets) {
    return DecodingRecipe.of(Recipes.tree("simulated", List.of("targets=" + targets))).targets();
  }

  /** What a run tells of. */
  private static final class Told implements Progress {
    private final List<String> stages = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    @Override
    public void begin(String stage, long total) {
      stages.add(stage);
    }

    @Override
    public void warn(String message) {
      warnings.add(message);
    }

    boolean encodes() {
      return stages.stream().anyMatch(stage -> stage.startsWith("encoding "));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{of: image, pack: embedded}",
        "{of: caption, pack: embedded}",
        "{of: caption}",
        "{of: category}"
      })
  void theSecondRunReadsWhatTheFirstKept(String targets) throws IOException {
    Told first = new Told();
    TargetTable made = TargetTable.make(spec(targets), stimuli, places, first);
    assertTrue(first.encodes(), first.stages::toString);
    Told second = new Told();
    assertEquals(made, TargetTable.make(spec(targets), stimuli, places, second));
    assertEquals(List.of("embeddings kept from an earlier run"), second.stages);
    // Damaged: told, and computed anew.
    Path kept;
    try (var files = Files.list(folder.resolve("cache"))) {
      kept = files.findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(kept);
    bytes[40] ^= 1;
    Files.write(kept, bytes);
    Told third = new Told();
    assertEquals(made, TargetTable.make(spec(targets), stimuli, places, third));
    assertTrue(third.encodes() && third.warnings.size() == 1, third.warnings::toString);
    // Nothing is kept where that is not wanted.
    Told fourth = new Told();
    assertEquals(made, TargetTable.make(spec(targets), stimuli, places.withoutCache(), fourth));
    assertTrue(fourth.encodes());
  }

  @Test
  void aPackIsLookedUpInTheFolderThatIsGiven() throws IOException {
    TargetsSpec spec = spec("{of: image, pack: mine}");
    String refused =
        assertThrows(
                ModelException.class, () -> TargetTable.make(spec, stimuli, places, Progress.NONE))
            .getMessage();
    assertTrue(refused.contains(places.packs().root().toString()), refused);
    Path source = EmbeddedModels.usual().open(EmbeddedModel.TOWERS).folder();
    Folders.copy(source, folder.resolve("models/mine"), file -> true);
    TargetTable made = TargetTable.make(spec, stimuli, places, Progress.NONE);
    TargetTable embedded =
        TargetTable.make(
            spec("{of: image, pack: embedded}"), stimuli, places.withoutCache(), Progress.NONE);
    assertEquals(embedded.embeddings().values(), made.embeddings().values());
  }
}
