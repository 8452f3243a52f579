package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.architecture.Architectures;
import io.noesis.ingest.simulate.EpochCodePlan;
import io.noesis.ingest.simulate.EpochSimulationSpec;
import io.noesis.ingest.simulate.Existing;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.SensorPlan;
import io.noesis.ingest.simulate.SimulatedEpochStudy;
import io.noesis.report.LearningPanel;
import io.noesis.report.Report;
import io.noesis.report.ScoreLine;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A new person's EEG joins a network that three others taught: a tenth of the trials is enough for
 * four fifths of what all of them give, above chance. The larger table is in {@code
 * tests/benchmarks/architectures}.
 */
class EpochsAdaptationTest {
  @TempDir Path temporary;

  private static double value(Report report, String model, int trials, String metric) {
    return report.learning().newSubjects().get(0).points().stream()
        .filter(p -> p.model().equals(model) && p.trials() == trials)
        .map(LearningPanel.LearningLine::score)
        .filter(score -> score.metric().startsWith(metric))
        .mapToDouble(ScoreLine::value)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aTenthOfTheTrialsRecoversFourFifths() {
    Path study = temporary.resolve("study");
    EpochSimulationSpec spec =
        new EpochSimulationSpec(
            4,
            new PicturePlan(400, 1, 40, 3, 32),
            new SensorPlan(SensorPlan.Modality.EEG, 12, 50, -0.2, 0.79),
            new EpochCodePlan(EpochCodePlan.Code.EVOKED, 4, 0.5));
    SimulatedEpochStudy.of(spec, Seed.of(3)).write(study, Existing.KEEP, Progress.NONE);
    List<String> small =
        new ArrayList<>(
            List.of(
                "study.subjects=[\"01\",\"02\",\"03\"]",
                "evaluation.permutations=99",
                "evaluation.bootstraps=99",
                "encoder.settings.channels=8",
                "encoder.settings.frequencies=4",
                "encoder.settings.width=12",
                "encoder.settings.depth=2",
                "encoder.settings.headWidth=16",
                "encoder.training.epochs=1"));
    Path parent = temporary.resolve("parent");
    new Experiment(
            DecodingRecipe.of(Recipes.tree("simulated-eeg-joint", small)),
            SmallPeople.execution(study, parent))
        .train();
    AdaptationSpec how =
        new AdaptationSpec(
            parent,
            List.of(0.1, 1.0),
            List.of(),
            AdaptationSpec.Tune.SUBJECT,
            Optional.empty(),
            List.of(AdaptationSpec.Against.RIDGE));
    Report report =
        new Experiment(
                DecodingRecipe.of(Recipes.adapting(parent, how, List.of())),
                SmallPeople.execution(study, temporary.resolve("run")).withSubjects(List.of("04")))
            .run();
    double two = recovered(report, "adapted", "image_from_brain.two_way", 0.5);
    double r = recovered(report, "adapted", "embedding_correlation_centred", 0);
    double ridge = recovered(report, "ridge", "embedding_correlation_centred", 0);
    System.out.printf("recovered: two-way %.2f, r %.2f; r of ridge %.2f%n", two, r, ridge);
    assertTrue(two > 0.8, "two-way above chance: " + two);
    assertTrue(r > 0.8, "r: " + r);
    assertTrue(ridge < 0.8, "ridge would have done: " + ridge);
    assertTrue(
        report.subjects().get(0).facts().stream()
            .anyMatch(fact -> fact.label().contains("about the mean of the others'")),
        () -> report.subjects().get(0).facts().toString());
  }

  /** Of Du-IN's convolutions, with norms of their own, the new person gets one more. */
  @Test
  void aLayerOfEachSubjectGrows() {
    Path study = temporary.resolve("study");
    EpochSimulationSpec spec =
        new EpochSimulationSpec(
            3,
            new PicturePlan(60, 1, 12, 1, 32),
            new SensorPlan(SensorPlan.Modality.EEG, 6, 50, -0.2, 0.79),
            new EpochCodePlan(EpochCodePlan.Code.EVOKED, 4, 0.5));
    SimulatedEpochStudy.of(spec, Seed.of(3)).write(study, Existing.KEEP, Progress.NONE);
    List<String> small =
        new ArrayList<>(
            List.of(
                "study.subjects=[\"01\",\"02\"]",
                "evaluation.permutations=99",
                "evaluation.bootstraps=99",
                "encoder.architecture=du-in",
                "encoder.start=random",
                "encoder.settings={subjects: convolutions, patch: 10, headWidth: 4,"
                    + " stem: {filters: 6, kept: 4, padding: 2, stride: 5},"
                    + " transformer: {width: 8, depth: 1, heads: 2, hidden: 8, headHidden: 9},"
                    + " codes: {up: []}}",
                "encoder.training.epochs=2"));
    Path parent = temporary.resolve("parent");
    new Experiment(
            DecodingRecipe.of(Recipes.tree("simulated-eeg-joint", small)),
            SmallPeople.execution(study, parent))
        .train();
    AdaptationSpec how = AdaptationSpec.of(parent, List.of(1.0));
    Path out = temporary.resolve("run");
    new Experiment(
            DecodingRecipe.of(
                Recipes.adapting(parent, how, List.of("adaptation.training.epochs=2"))),
            SmallPeople.execution(study, out).withSubjects(List.of("03")))
        .train();
    Path file = out.resolve("sub-03/decoder/fold-001.safetensors");
    try (Safetensors before = Safetensors.open(parent.resolve("decoder/fold-001.safetensors"));
        Safetensors after = Safetensors.open(file)) {
      for (String name : before.names()) {
        Tensor was = before.read(name);
        Tensor is = after.read(name);
        boolean own = name.startsWith("tokens.own.");
        assertEquals(own ? 3 : was.dim(0), is.dim(0), name);
        assertEquals(was, own ? is.rows(new int[] {0, 1}) : is, name);
      }
      Tensor means = after.read("tokens.own.stem.norm1.running_mean").rows(new int[] {2});
      assertNotEquals(Tensor.zeros(1, 6), means, "the new person's statistics did not move");
    }
    BrainEncoder grown = Architectures.registry().get("du-in").load(file);
    BrainEncoder alone =
        Architectures.registry().get("du-in").load(parent.resolve("decoder/fold-001.safetensors"));
    PinnedRandom random = Seed.of(4).random();
    Tensor some = Tensor.zeros(3, 6, 40).map(zero -> random.nextGaussian());
    Tensor was = alone.encode(some, "02");
    assertArrayEquals(was.array(), grown.encode(some, "02").array(), 1e-5f);
    assertNotEquals(was, grown.encode(some, "03"));
  }

  private static double recovered(Report report, String model, String metric, double chance) {
    return (value(report, model, 40, metric) - chance)
        / (value(report, model, 400, metric) - chance);
  }
}
