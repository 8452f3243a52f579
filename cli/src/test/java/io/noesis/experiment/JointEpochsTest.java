package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.train.Lineage;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.simulate.EpochCodePlan;
import io.noesis.ingest.simulate.EpochSimulationSpec;
import io.noesis.ingest.simulate.Existing;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.SensorPlan;
import io.noesis.ingest.simulate.SimulatedEpochStudy;
import io.noesis.report.Report;
import io.noesis.report.ScoreLine;
import io.noesis.report.SubjectPanel;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Safetensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** EEG of three people by one network, from a recipe. */
class JointEpochsTest {
  private static final List<String> PEOPLE = List.of("01", "02", "03");

  private static final EpochSimulationSpec SPEC =
      new EpochSimulationSpec(
          3,
          new PicturePlan(120, 1, 24, 2, 32),
          new SensorPlan(SensorPlan.Modality.EEG, 8, 50, -0.2, 0.79),
          new EpochCodePlan(EpochCodePlan.Code.EVOKED, 4, 0.6));

  @TempDir static Path shared;
  @TempDir Path temporary;
  private static Path study;

  @BeforeAll
  static void simulate() {
    study = shared.resolve("study");
    SimulatedEpochStudy.of(SPEC, Seed.of(3)).write(study, Existing.KEEP, Progress.NONE);
  }

  private static DecodingRecipe recipe(String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "evaluation.permutations=199",
                "evaluation.bootstraps=99",
                "encoder.settings.channels=8",
                "encoder.settings.frequencies=4",
                "encoder.settings.width=12",
                "encoder.settings.depth=2",
                "encoder.settings.headWidth=16",
                "encoder.training.epochs=3"));
    all.addAll(List.of(overrides));
    return DecodingRecipe.of(Recipes.tree("simulated-eeg-joint", all));
  }

  private static Report run(Path out, String... overrides) {
    return new Experiment(recipe(overrides), SmallPeople.execution(study, out)).run();
  }

  /** Its test trials as if they were new: baseline, window and scale are those of the run. */
  private void encodesAgain(Path run, String subject) {
    String name = run.getFileName() + "-" + subject;
    Path responses =
        PriorExperimentTest.testResponses(
            recipe(), study, run, subject, temporary.resolve(name + ".npy"));
    EncodingSpec spec =
        EncodingSpec.of(run, ResponseFiles.of(responses), temporary.resolve(name))
            .with(new EncodingSpec.Decoder.OfRun(run, Optional.of(subject), OptionalInt.empty()));
    assertArrayEquals(
        Npy.read(run.resolve("sub-" + subject + "/decoded.npy")).array(),
        Encoding.of(spec, Progress.NONE).embeddings().array(),
        name);
  }

  private static void decodesAll(Report report) {
    assertEquals(PEOPLE, report.subjects().stream().map(SubjectPanel::id).toList());
    for (SubjectPanel subject : report.subjects()) {
      ScoreLine score =
          subject.scores().stream()
              .filter(s -> s.metric().startsWith("image_from_brain.two_way@"))
              .findFirst()
              .orElseThrow();
      assertTrue(score.value() > score.nullHigh(), subject.id() + ": " + score);
    }
  }

  @Test
  void oneNetworkWithAMatrixForEachIsHeldAgainstTheRidgeOfEach() {
    Path out = temporary.resolve("together");
    Report report = run(out);
    decodesAll(report);
    PEOPLE.forEach(subject -> encodesAgain(out, subject));
    assertFalse(Files.exists(out.resolve("sub-01/decoder/fold-001.safetensors")));
    try (Safetensors in = Safetensors.open(out.resolve("decoder/fold-001.safetensors"))) {
      List<Integer> sizes = new ArrayList<>();
      for (int size : in.read("network.of.subjects.weight").shape().toArray()) {
        sizes.add(size);
      }
      assertEquals(List.of(3, 8, 8), sizes, "a matrix for each");
      assertEquals(3, in.read("ridge.linear.weight").dim(0), "a ridge for each");
    }
    assertEquals(
        List.of("brainmagick", "ridge"),
        Tsv.read(out.resolve("scores.tsv")).texts("encoder").stream().distinct().toList());
    assertEquals(PEOPLE, report.ridge().subjects().stream().map(s -> s.subject()).toList());
    String told =
        report.study().facts().stream()
            .filter(fact -> fact.label().equals("subject told from decoded embeddings"))
            .findFirst()
            .orElseThrow()
            .value();
    assertTrue(
        told.matches("0\\.\\d{3} of 72 \\(chance 0\\.333, null up to 0\\.\\d+, p = .*"), told);
  }

  @Test
  void whoWasNotTrainedIsDecodedByTheMeanOfTheOthers() {
    Path out = temporary.resolve("others");
    decodesAll(run(out, "encoder.subjects=others"));
    for (String subject : PEOPLE) {
      encodesAgain(out, subject);
      Path weights = out.resolve("sub-" + subject + "/decoder/fold-001.safetensors");
      try (Safetensors in = Safetensors.open(weights)) {
        Lineage lineage = Lineage.read(in.metadata(), weights).orElseThrow();
        assertEquals(2, lineage.subjects().size());
        assertFalse(lineage.subjects().toString().contains("/" + subject), "saw itself");
        assertEquals(2, in.read("network.of.subjects.weight").dim(0));
      }
    }
  }
}
