package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.embedding.CaptionChoice;
import io.noesis.alignment.score.Condition;
import io.noesis.alignment.score.Score;
import io.noesis.ingest.simulate.Existing;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.SignalPlan;
import io.noesis.ingest.simulate.SimulatedStudy;
import io.noesis.ingest.simulate.SimulationSpec;
import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.reconstruction.score.CaptionMetrics;
import io.noesis.reconstruction.score.CaptionSet;
import io.noesis.report.Report;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Several captions of each picture, from the simulator to the report. */
class SeveralCaptionsRunTest {
  private static final Path FOLDER = Folders.ofThisProcess("several-captions");
  private static final Path STUDY = FOLDER.resolve("study");
  private static final Path RUN = FOLDER.resolve("run");
  private static Report report;

  @BeforeAll
  static void run() {
    SignalPlan usual = SignalPlan.defaults();
    SimulatedStudy.of(
            SimulationSpec.defaults()
                .withSize(1, 200)
                .withPictures(new PicturePlan(60, 1, 12, 2, 32).withCaptions(3))
                .withSignal(
                    new SignalPlan(0.7, usual.noiseVoxels(), usual.rho(), usual.driftPercent())),
            Seed.of(3))
        .write(STUDY, Existing.KEEP, Progress.NONE);
    report = new Experiment(recipe("mean"), execution()).run();
  }

  private static DecodingRecipe recipe(String captions) {
    return DecodingRecipe.of(
        Recipes.tree(
            "simulated",
            List.of(
                "targets.captions=" + captions,
                "captions.pack=retrieval",
                "evaluation.permutations=199",
                "evaluation.bootstraps=99")));
  }

  private static Execution execution() {
    return Execution.in(RUN).withRoot(STUDY).withThreads(2).withPlaces(KeptEmbeddings.places());
  }

  @Test
  void theRunKeepsAllAndSaysWhatTheTargetsAre() {
    StimulusSet kept = StimulusFile.read(RunFolder.open(RUN));
    StimulusSet study =
        OpenedStudy.open(recipe("mean").study(), Optional.of(STUDY)).study().stimuli();
    assertEquals(
        study.all().stream().map(Stimulus::captions).toList(),
        kept.all().stream().map(Stimulus::captions).toList());
    assertTrue(kept.all().stream().allMatch(stimulus -> stimulus.captions().size() == 3));
    assertTrue(
        report.study().facts().stream()
            .anyMatch(
                line ->
                    line.label().equals("captions as targets")
                        && line.value().equals(CaptionChoice.MEAN.words() + "; each has 3")),
        report.study().facts()::toString);
    TargetTable targets = TargetTable.read(RunFolder.open(RUN));
    TargetTable means = made("mean", study);
    assertEquals(means.fingerprint(), targets.fingerprint());
    assertArrayEquals(means.embeddings().values().array(), targets.embeddings().values().array());
    TargetTable firsts = made("first", study);
    assertNotEquals(firsts.fingerprint(), targets.fingerprint());
    assertNotEquals(firsts.embeddings().values(), targets.embeddings().values());
    assertEquals(firsts.embeddings().space(), targets.embeddings().space());
  }

  private static TargetTable made(String captions, StimulusSet stimuli) {
    return TargetTable.make(
        recipe(captions).targets(), stimuli, KeptEmbeddings.places(), Progress.NONE);
  }

  @Test
  void captionsAreHeldAgainstAllReferences() {
    MadeTable table = MadeTable.read(RUN.resolve("sub-01/captions.tsv"));
    StimulusSet stimuli = StimulusFile.read(RunFolder.open(RUN));
    List<String> said =
        table.of(Condition.DECODED.key()).stream().map(MadeTable.Row::content).toList();
    List<List<String>> references =
        table.of(MadeTable.SHOWN).stream()
            .map(row -> stimuli.get(row.stimulus()).captions())
            .toList();
    int n = said.size();
    CaptionSet made = new CaptionSet(said, Tensor.zeros(n, 1), Collections.nCopies(n, ""));
    CaptionSet all =
        CaptionSet.ofSeveral(references, Tensor.zeros(n, 1), Collections.nCopies(n, ""));
    DecodingRecipe recipe = recipe("mean");
    RunFolder run = RunFolder.open(RUN);
    List<Score> scores;
    try (MadeScoring scoring = new MadeScoring(run, stimuli)) {
      scores =
          scoring
              .of("01", MadeScoring.plans(recipe, Decoded.read(run, "01")))
              .get(0)
              .scores()
              .get(Condition.DECODED);
    }
    int[] each = IntStream.range(0, n).toArray();
    for (String name : List.of("bleu1", "bleu4", "rouge_l", "cider", "meteor_exact_stem")) {
      Score score =
          scores.stream()
              .filter(s -> s.metric().equals("caption." + name))
              .findFirst()
              .orElseThrow();
      double expected =
          CaptionMetrics.registry()
              .get("caption." + name)
              .statistic()
              .apply(made, all)
              .of(each, each);
      assertEquals(expected, score.value(), 1e-12, name);
      assertTrue(score.protocol().contains("3 references"), score::protocol);
      assertTrue(
          Stream.of(score.chance(), score.nullLow(), score.nullHigh()).allMatch(v -> v > 0), name);
    }
  }

  @Test
  void theChoiceIsPartOfARunsIdentity() {
    assertEquals(identity("first"), identity("first"));
    assertNotEquals(identity("first"), identity("mean"));
  }

  private static String identity(String captions) {
    return Plan.of(recipe(captions), execution()).identity();
  }
}
