package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.score.Difference;
import io.noesis.alignment.score.Score;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.ridge.RidgeMemory;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.report.Report;
import io.noesis.report.ReportJson;
import io.noesis.report.ReportPage;
import io.noesis.report.ReportText;
import io.noesis.report.RidgePanel;
import io.noesis.report.RidgePanel.Beside;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No decoder is reported without ridge beside it. */
class RidgeBesideTest {
  @TempDir static Path shared;
  @TempDir Path temporary;
  private static Path study;

  @BeforeAll
  static void simulate() {
    study = SmallPeople.write(shared.resolve("study"));
  }

  private Report run(String recipe, String out, String... overrides) {
    List<String> all =
        new java.util.ArrayList<>(
            List.of("evaluation.permutations=199", "evaluation.bootstraps=199"));
    all.addAll(List.of(overrides));
    return new Experiment(
            DecodingRecipe.of(Recipes.tree(recipe, all)),
            SmallPeople.execution(study, temporary.resolve(out)).withAllowed(Set.of("NO-SIGNAL")))
        .run();
  }

  private Report network(String out, String... overrides) {
    List<String> all =
        new java.util.ArrayList<>(
            List.of(
                "study.subjects=[\"01\"]",
                "encoder.start=random",
                "encoder.settings.width=8",
                "encoder.training.epochs=1",
                "encoder.training.batchSize=16"));
    all.addAll(List.of(overrides));
    return run("simulated-network", out, all.toArray(String[]::new));
  }

  @Test
  void whatRidgeDecodesBesideANetworkIsWhatItDecodesAlone() throws Exception {
    Report report = network("network");
    run("simulated", "ridge", "study.subjects=[\"01\"]");
    assertArrayEquals(
        Files.readAllBytes(temporary.resolve("ridge/sub-01/decoded.npy")),
        Files.readAllBytes(temporary.resolve("network/sub-01/ridge/fold-001_decoded.npy")));
    Report alone = ReportJson.read(temporary.resolve("ridge/report.json"));
    assertNull(alone.ridge());
    RidgePanel.RidgeSubject beside = report.ridge().subjects().get(0);
    assertEquals(alone.subjects().get(0).scores(), beside.scores());
    assertEquals("ridge penalty", beside.facts().get(0).label());
  }

  @Test
  void theShippedNetworkStartsFromRidgeAndIsNotBelowIt() {
    Report report = network("run", "encoder.start=ridge", "encoder.training.epochs=3");
    RidgePanel.RidgeSubject beside = report.ridge().subjects().get(0);
    assertTrue(
        beside.standing() == Beside.EVEN || beside.standing() == Beside.BETTER, beside::verdict);
    assertTrue(
        report.subjects().get(0).facts().stream()
            .anyMatch(fact -> fact.label().equals("starts from ridge of penalty")),
        () -> report.subjects().get(0).facts().toString());
  }

  @Test
  void aNetworkBelowRidgeIsCalledThatEverywhere() throws Exception {
    Report report = network("run");
    RidgePanel.RidgeSubject beside = report.ridge().subjects().get(0);
    assertEquals(Beside.BELOW, beside.standing(), beside::verdict);
    assertTrue(beside.verdict().startsWith("the decoder is below ridge: use ridge ("));
    assertTrue(report.verdict().level() != Report.Level.SUPPORTED);
    assertTrue(
        report.verdict().details().stream().anyMatch(d -> d.contains("use ridge")),
        () -> report.verdict().details().toString());
    String text = ReportText.of(report);
    assertTrue(text.contains("decoder minus ridge") && text.contains("below ridge"), text);
    assertTrue(text.lines().allMatch(line -> line.length() <= ReportText.WIDTH), text);
    Path run = temporary.resolve("run");
    String page =
        Files.readString(
            ReportPage.render(run.resolve("report.json"), ReportPage.Form.SELF_CONTAINED));
    assertTrue(page.contains("The decoder against ridge") && page.contains("01, ridge"), "page");
    TsvTable scores = Tsv.read(run.resolve("scores.tsv"));
    assertEquals(
        Set.of("residual-mlp", "ridge"),
        Set.copyOf(
            java.util.stream.IntStream.range(0, scores.rows())
                .mapToObj(r -> scores.value(r, "encoder").orElseThrow())
                .toList()));
    TsvTable differences = Tsv.read(run.resolve("differences.tsv"));
    RidgePanel.ContrastLine line = beside.contrasts().get(0);
    assertEquals(line.metric(), differences.value(0, "metric").orElseThrow());
    assertEquals(line.value(), differences.numberOrNaN(0, "difference"), 0);
    double network = report.subjects().get(0).scores().get(0).value();
    assertEquals(network - beside.scores().get(0).value(), line.value(), 1e-12);
    assertTrue(report.methods().contains("Beside the decoder, ridge regression was fitted"));
  }

  @Test
  void linearDecodersOtherThanRidgeHaveItBesideThem() throws Exception {
    for (String recipe : List.of("simulated-inversion", "simulated-banded")) {
      String[] less =
          recipe.endsWith("banded")
              ? new String[] {"study.subjects=[\"01\"]", "encoder.settings.candidates=3"}
              : new String[] {"study.subjects=[\"01\"]"};
      Report report = run(recipe, recipe, less);
      RidgePanel.RidgeSubject beside = report.ridge().subjects().get(0);
      assertTrue(beside.standing() != Beside.MISSING, beside::verdict);
      assertFalse(beside.verdict().contains("network"), beside::verdict);
      assertFalse(ReportText.of(report).contains("network minus"), "no network decoded");
    }
    Report inversion = ReportJson.read(temporary.resolve("simulated-inversion/report.json"));
    assertTrue(
        inversion.subjects().get(0).facts().stream()
            .anyMatch(fact -> fact.label().equals("noise taken as independent between voxels")),
        () -> inversion.subjects().get(0).facts().toString());
  }

  @Test
  void everybodyHasOneInJointRuns() {
    Experiment together =
        new Experiment(
            SmallPeople.recipe(),
            SmallPeople.execution(study, temporary.resolve("run"))
                .withAllowed(Set.of("NO-SIGNAL")));
    Report report = together.run();
    assertEquals(
        List.of("01", "02"),
        report.ridge().subjects().stream().map(RidgePanel.RidgeSubject::subject).toList());
    Report others =
        run(
            "simulated-joint",
            "others",
            "encoder.subjects=others",
            "encoder.settings.adapter=shared",
            "encoder.settings.width=8",
            "encoder.training.epochs=1",
            "responses.alignment.method=shared-response",
            "responses.alignment.features=20");
    assertEquals(3, others.ridge().subjects().size());
    assertFalse(others.ridge().group().isEmpty(), "no mean over subjects");
    Path ridge = temporary.resolve("ridge");
    run(
        "simulated",
        "ridge",
        "study.subjects=[\"01\",\"02\",\"03\"]",
        "encoder.subjects=others",
        "responses.alignment.method=shared-response",
        "responses.alignment.features=20");
    assertArrayEquals(
        Npy.read(ridge.resolve("sub-02/decoded.npy")).array(),
        Npy.read(temporary.resolve("others/sub-02/ridge/fold-001_decoded.npy")).array());
  }

  @Test
  void aRunWithoutRidgeSaysSo() throws Exception {
    network("run");
    Path run = temporary.resolve("run");
    Files.delete(run.resolve("sub-01/ridge/fold-001.json"));
    Report report =
        new Evaluation(RunFolder.open(run), SmallPeople.execution(study, run)).evaluate();
    assertEquals(Beside.MISSING, report.ridge().subjects().get(0).standing());
    assertTrue(
        report.verdict().details().stream().anyMatch(d -> d.contains("no ridge to hold")),
        () -> report.verdict().details().toString());
  }

  @Test
  void ridgeTooLargeForTheMemoryIsSaidNotTried() {
    TrainingRows rows =
        new TrainingRows(
            Tensor.zeros(400, 500), Tensor.zeros(400, 3), Collections.nCopies(400, "a"));
    assertTrue(RidgeMemory.of(rows.responses(), rows.targets()).bytes() > 1 << 20);
    Path out = temporary.resolve("run");
    RunFolder run =
        RunFolder.create(out, io.noesis.run.Fingerprint.ofText("test"), Execution.Existing.RESUME);
    Execution little =
        new Execution(
            out,
            java.util.Optional.empty(),
            List.of(),
            1,
            1,
            Execution.Existing.RESUME,
            Set.of(),
            java.time.Duration.ZERO,
            () -> false,
            io.noesis.run.Progress.NONE,
            ModelPlaces.usual().withoutCache());
    FoldRows own =
        new FoldRows(
            rows,
            Tensor.zeros(2, 500),
            Map.of(),
            List.of(0, 1),
            java.util.Optional.empty(),
            null,
            java.util.Optional.empty());
    new RidgeBeside(run, little, EncoderSpec.defaults()).decode("01", 0, rows, own);
    String facts = run.readJson("sub-01/ridge/fold-001.json").path("missing").asText();
    assertTrue(facts.contains("400 trials") && facts.contains("the limit is 1 MB"), facts);
  }

  @Test
  void wherePrimaryScoresAreEvenTheOthersDecide() {
    Difference even = difference("image_from_brain.two_way@9", 0.001, 0.9);
    Difference worse = difference("image_from_brain.top1@9", -0.3, 0.001);
    Difference better = difference("image_from_brain.top1@9", 0.3, 0.001);
    Difference unsure = difference("image_from_brain.top1@9", -0.3, 0.04);
    Difference embedding = difference("embedding_correlation_centred", -0.3, 0.001);
    assertEquals(
        new RidgePanels.Judged(Beside.BELOW, worse), RidgePanels.judged(List.of(worse, even)));
    assertEquals(Beside.BETTER, RidgePanels.judged(List.of(better, even)).standing());
    assertEquals(
        Beside.EVEN, RidgePanels.judged(List.of(unsure, even, embedding)).standing(), "Holm");
    Difference clear = difference("image_from_brain.two_way@9", 0.2, 0.01);
    assertEquals(
        new RidgePanels.Judged(Beside.BETTER, clear), RidgePanels.judged(List.of(worse, clear)));
  }

  private static Difference difference(String metric, double value, double p) {
    return new Difference(
        metric, value, value, value, p, 9, "stimulus", Score.Direction.HIGHER, "");
  }

  @Test
  void theSeedOfARunMovesNothingOfRidge() {
    network("one", "seed=1");
    network("two", "seed=2");
    assertArrayEquals(
        Npy.read(temporary.resolve("one/sub-01/ridge/fold-001_decoded.npy")).array(),
        Npy.read(temporary.resolve("two/sub-01/ridge/fold-001_decoded.npy")).array());
  }
}
