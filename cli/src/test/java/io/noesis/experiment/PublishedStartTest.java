package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.simulate.EpochCodePlan;
import io.noesis.ingest.simulate.EpochSimulationSpec;
import io.noesis.ingest.simulate.Existing;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.SensorPlan;
import io.noesis.ingest.simulate.SimulatedEpochStudy;
import io.noesis.run.NoesisException;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.SafetensorsWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recipe that trains on from weights that another program published. */
class PublishedStartTest {
  private static final Path PROGRAMS =
      Path.of("../encoders/src/test/resources/io/noesis/encoders/architecture/programs");

  @TempDir static Path shared;
  @TempDir Path temporary;
  private static Path study;
  private static Path weights;

  @BeforeAll
  static void simulate() {
    study = shared.resolve("study");
    SimulatedEpochStudy.of(
            new EpochSimulationSpec(
                1,
                new PicturePlan(48, 1, 12, 1, 32),
                new SensorPlan(SensorPlan.Modality.EEG, 4, 25, -0.2, 0.79),
                new EpochCodePlan(EpochCodePlan.Code.EVOKED, 4, 0.6)),
            Seed.of(3))
        .write(study, Existing.KEEP, Progress.NONE);
    weights = shared.resolve("labram.safetensors");
    SafetensorsWriter writer = new SafetensorsWriter();
    try (Safetensors in = Safetensors.open(PROGRAMS.resolve("labram-pretrain.safetensors"))) {
      in.names().stream()
          .filter(name -> name.startsWith("weights/") && !name.contains("vqnsp."))
          .forEach(name -> writer.add(name.substring("weights/".length()), in.read(name)));
    }
    writer.write(weights);
  }

  /** The sizes of the fixture; the rate is so small that weights stay where they begin. */
  private static DecodingRecipe recipe(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "encoder.start=random",
                "encoder.settings={patch: 6, stem: {filters: 4, groups: 2, padding: 2, stride: 3},"
                    + " transformer: {width: 8, depth: 2, heads: 2, hidden: 32, dropout: 0,"
                    + " headHidden: 0}, dropPath: 0, slots: 5,"
                    + " codes: {count: 7, width: 3, decay: 0.99, decoderDepth: 1, masked: 0.5}}",
                "encoder.pretraining={rows: published, weights: {file: '"
                    + weights
                    + "', program: labram-pretrain}}",
                "encoder.training.epochs=1",
                "encoder.training.batchSize=16",
                "encoder.training.optimizer={learningRate: 1e-12, weightDecay: 0}",
                "evaluation.permutations=99",
                "evaluation.bootstraps=99",
                "evaluation.gallery=0"));
    all.addAll(List.of(more));
    return DecodingRecipe.of(Recipes.tree("simulated-eeg-labram", all));
  }

  private Experiment experiment(DecodingRecipe recipe, String out) {
    return new Experiment(
        recipe,
        SmallPeople.execution(study, temporary.resolve(out)).withAllowed(Set.of("NO-SIGNAL")));
  }

  @Test
  void theNetworkBeginsWhereTheOtherProgramEnded() throws Exception {
    experiment(recipe(), "run").run();
    Path run = temporary.resolve("run");
    try (Safetensors ours = Safetensors.open(run.resolve("sub-01/decoder/fold-001.safetensors"));
        Safetensors theirs = Safetensors.open(weights)) {
      String name =
          ours.names().stream()
              .filter(n -> n.endsWith("encoder.blocks.1.mlp.out.weight"))
              .findFirst()
              .orElseThrow();
      float[] expected = theirs.read("student.blocks.1.mlp.fc2.weight").array();
      float[] found = ours.read(name).array();
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], found[i], 1e-6);
      }
    }
    String facts = Files.readString(run.resolve("sub-01/metrics.jsonl"));
    assertTrue(facts.contains("arrays are those of labram.safetensors"), facts);
    String report = Files.readString(run.resolve("report.json"));
    assertTrue(report.contains("nobody says what the weights in labram.safetensors"), "no warning");
  }

  @Test
  void theFileBelongsToTheRun() {
    Execution execution = SmallPeople.execution(study, temporary.resolve("none"));
    String before = Plan.of(recipe(), execution).identity();
    Path copy = temporary.resolve("other.safetensors");
    SafetensorsWriter writer = new SafetensorsWriter();
    try (Safetensors in = Safetensors.open(weights)) {
      in.names().forEach(name -> writer.add(name, in.read(name).map(v -> v + 1)));
    }
    writer.write(copy);
    String file = "encoder.pretraining.weights.file=" + copy;
    assertNotEquals(before, Plan.of(recipe(file), execution).identity());
  }

  private void refused(String words, String override) {
    String folder = "refused-" + words.length();
    NoesisException e =
        assertThrows(NoesisException.class, () -> experiment(recipe(override), folder).train());
    assertTrue(e.getMessage().contains(words), e::getMessage);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    refused("there is no file", "encoder.pretraining.weights.file=none.safetensors");
    refused("of another size", "encoder.settings.transformer.hidden=16");
    refused("student.blocks.1.", "encoder.settings.transformer.depth=1");
    RecipeException other =
        assertThrows(
            RecipeException.class, () -> recipe("encoder.pretraining.weights.program=mindeye1"));
    assertTrue(other.getMessage().contains("weights of mindeye"), other::getMessage);
    RecipeException rows =
        assertThrows(RecipeException.class, () -> recipe("encoder.pretraining.rows=training"));
    assertTrue(rows.getMessage().contains("rows: published"), rows::getMessage);
  }
}
