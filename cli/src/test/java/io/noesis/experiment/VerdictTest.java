package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.simulate.Existing;
import io.noesis.ingest.simulate.Leak;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.SignalPlan;
import io.noesis.ingest.simulate.SimulatedStudy;
import io.noesis.ingest.simulate.SimulationSpec;
import io.noesis.report.Report;
import io.noesis.report.ScoreLine;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerdictTest {
  @TempDir Path temporary;

  /** Other lines may say "better than chance" by accident: the words name the score that judges. */
  @Test
  void theVerdictIsThatOfThePrimaryScoreAndSaysSo() {
    Path study = SmallPeople.write(temporary.resolve("study"));
    Execution execution =
        SmallPeople.execution(study, temporary.resolve("run"))
            .withSubjects(List.of("01"))
            .withAllowed(Set.of("NO-SIGNAL"));
    Report report =
        new Experiment(
                DecodingRecipe.of(
                    Recipes.tree(
                        "simulated",
                        List.of(
                            "control=shuffled-ids",
                            "evaluation.permutations=99",
                            "evaluation.bootstraps=99"))),
                execution)
            .run();
    List<ScoreLine> scores = report.subjects().get(0).scores();
    ScoreLine primary =
        scores.stream()
            .filter(s -> s.metric().startsWith("image_from_brain.two_way@"))
            .findFirst()
            .orElseThrow();
    assertTrue(scores.indexOf(primary) > 0, "it is not the first line");
    assertTrue(primary.standing() != ScoreLine.Standing.BETTER, primary::toString);
    assertEquals(
        "Control, shuffled ids: no decoding above chance by the primary score ("
            + primary.label()
            + "), as it must be",
        report.verdict().headline());
    assertTrue(
        report.verdict().details().get(0).startsWith("Subject 01: " + primary.label() + " 0."),
        report.verdict().details()::toString);
  }

  private Report run(String name, SimulationSpec spec, String allowed) {
    Path study = temporary.resolve("study-" + name);
    SimulatedStudy.of(
            spec.withSize(1, 40).withPictures(new PicturePlan(48, 1, 12, 2, 32)), Seed.of(5))
        .write(study, Existing.KEEP, Progress.NONE);
    return new Experiment(
            DecodingRecipe.of(
                Recipes.tree(
                    "simulated",
                    List.of("evaluation.permutations=99", "evaluation.bootstraps=99"))),
            SmallPeople.execution(study, temporary.resolve(name))
                .withSubjects(List.of("01"))
                .withAllowed(Set.of(allowed)))
        .run();
  }

  private static SignalPlan signal(double ceiling) {
    SignalPlan usual = SignalPlan.defaults();
    return new SignalPlan(ceiling, usual.noiseVoxels(), usual.rho(), usual.driftPercent());
  }

  @Test
  void withoutSignalTheHeadlineSaysThatAndBlamesNoAudit() {
    Report report = run("noise", SimulationSpec.defaults().withSignal(signal(0)), "NO-SIGNAL");
    assertEquals(Report.Level.NOT_SUPPORTED, report.verdict().level());
    assertTrue(
        report.verdict().headline().startsWith("No decoding above chance by the primary score ("),
        report.verdict().headline());
  }

  @Test
  void anAuditThatWasLetThroughIsNamed() {
    Report report =
        run(
            "leak",
            SimulationSpec.defaults()
                .withSignal(signal(0.6))
                .withLeak(Leak.REPEATED_STIMULI_IN_TRAIN),
            "LEAK-STIMULUS");
    assertEquals(Report.Level.NOT_SUPPORTED, report.verdict().level());
    assertEquals("Not to be trusted: LEAK-STIMULUS was let through", report.verdict().headline());
  }
}
