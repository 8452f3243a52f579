package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.ingest.simulate.Existing;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.SignalPlan;
import io.noesis.ingest.simulate.SimulatedStudy;
import io.noesis.ingest.simulate.SimulationSpec;
import io.noesis.report.Report;
import io.noesis.report.ReportJson;
import io.noesis.report.ReportText;
import io.noesis.report.SlotsPanel;
import io.noesis.run.DataException;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Slots of the semantic decoder, from the shipped recipe on a small study. */
class SlotsExperimentTest {
  @TempDir static Path shared;
  @TempDir Path temporary;

  private static DecodingRecipe recipe(String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "evaluation.permutations=199",
                "evaluation.bootstraps=99",
                "encoder.settings.backbone.width=64",
                "encoder.settings.width=48",
                "encoder.settings.hidden=24",
                "encoder.training.epochs=40",
                "encoder.training.batchSize=16"));
    all.addAll(List.of(overrides));
    return DecodingRecipe.of(Recipes.tree("simulated-tensor-brain", all));
  }

  /** A score of single trials. */
  private static double score(TsvTable scores, String encoder, String metric) {
    for (int row = 0; row < scores.rows(); row++) {
      if (scores.texts("encoder").get(row).equals("tensor-brain, " + encoder)
          && scores.texts("metric").get(row).equals(metric)
          && scores.texts("variant").get(row).equals("single trials")) {
        return Double.parseDouble(scores.texts("value").get(row));
      }
    }
    throw new AssertionError("no score " + metric + " of " + encoder);
  }

  /** Which trials are right in a slot, by hand. */
  private static boolean[] right(Path run, String slot) throws IOException {
    Tensor logits = Npy.read(run.resolve("sub-01/heads/" + slot + ".npy"));
    Tensor targets = Npy.read(run.resolve("heads/" + slot + "/targets.npy"));
    List<String> ids = new ArrayList<>();
    new ObjectMapper()
        .readTree(run.resolve("heads/" + slot + "/targets.json").toFile())
        .path("ids")
        .forEach(id -> ids.add(id.asText()));
    List<String> shown = Tsv.read(run.resolve("sub-01/decoded.tsv")).texts("stimulus");
    boolean[] right = new boolean[logits.dim(0)];
    for (int row = 0; row < right.length; row++) {
      int largest = 0;
      for (int i = 1; i < logits.dim(1); i++) {
        largest = logits.at(row, i) > logits.at(row, largest) ? i : largest;
      }
      right[row] = targets.at(ids.indexOf(shown.get(row)), largest) == 1;
    }
    return right;
  }

  private static double share(boolean[] right) {
    int count = 0;
    for (boolean each : right) {
      count += each ? 1 : 0;
    }
    return count / (double) right.length;
  }

  @Test
  void slotsAreScoredOneByOneAndTogether() throws IOException {
    Path study = SmallPeople.write(temporary.resolve("study"));
    Path run = temporary.resolve("run");
    Execution execution = SmallPeople.execution(study, run).withAllowed(Set.of("NO-SIGNAL"));
    Report report = new Experiment(recipe(), execution).run();
    TsvTable scores = Tsv.read(run.resolve("scores.tsv"));
    boolean[] group = right(run, "group");
    boolean[] colour = right(run, "colour");
    boolean[] background = right(run, "background");
    assertEquals(share(group), score(scores, "group", "category_accuracy@6"), 1e-9);
    assertEquals(share(colour), score(scores, "colour", "category_accuracy@10"), 1e-9);
    assertEquals(share(background), score(scores, "background", "category_accuracy@8"), 1e-9);
    for (int row = 0; row < group.length; row++) {
      group[row] &= colour[row] && background[row];
    }
    assertEquals(share(group), score(scores, "all slots", "category_accuracy@480"), 1e-9);
    assertEquals(share(group), score(scores, "triples", "triple.recall1@480"), 1e-9);
    panel(report, run, scores);
    TsvTable differences = Tsv.read(run.resolve("differences.tsv"));
    List<String> pairs = new ArrayList<>();
    for (int row = 0; row < differences.rows(); row++) {
      pairs.add(differences.texts("first").get(row) + " - " + differences.texts("second").get(row));
    }
    assertTrue(pairs.contains("tensor-brain, colour - ridge, colour"), pairs::toString);
    assertTrue(pairs.contains("tensor-brain, triples - ridge, triples"), pairs::toString);
    assertTrue(
        pairs.contains("tensor-brain, triples, prior of counts - tensor-brain, triples"),
        pairs::toString);
  }

  /** Each number of the panel is that of the tables, ridge's and the differences', too. */
  private static void panel(Report report, Path run, TsvTable scores) throws IOException {
    SlotsPanel.SlotSubject subject = report.slots().subjects().get(0);
    assertEquals(report, ReportJson.read(run.resolve("report.json")));
    for (SlotsPanel.SlotScore shown : subject.scores()) {
      String metric = shown.score().metric();
      int row = 0;
      while (!scores.texts("metric").get(row).equals(metric)
          || !scores.texts("value").get(row).equals(Double.toString(shown.score().value()))
          || !scores.texts("encoder").get(row).startsWith(shown.who().split(", ", -1)[0])) {
        row++;
      }
      assertTrue(scores.texts("variant").get(row).startsWith("repetitions averaged"), metric);
    }
    List<String> said =
        subject.scores().stream().map(s -> s.slot() + " by " + s.who()).distinct().toList();
    for (String slot : List.of("colour", "all slots", "triples", "new triples")) {
      assertTrue(said.contains(slot + " by tensor-brain"), said::toString);
      assertTrue(said.contains(slot + " by ridge"), said::toString);
    }
    assertTrue(said.contains("triples by tensor-brain, prior of counts"), said::toString);
    List<SlotsPanel.SlotContrast> besides =
        subject.contrasts().stream()
            .filter(c -> c.second().equals("ridge") && !c.slot().endsWith("triples"))
            .toList();
    assertEquals(
        List.of("background", "colour", "group", "all slots"),
        besides.stream().map(SlotsPanel.SlotContrast::slot).toList());
    TsvTable raw = Tsv.read(run.resolve("differences.tsv"));
    double smallest = 1;
    for (int row = 0; row < raw.rows(); row++) {
      if (raw.texts("second").get(row).startsWith("ridge, ")
          && raw.texts("variant").get(row).equals("repetitions averaged")
          && raw.texts("metric").get(row).startsWith("category_accuracy@")) {
        smallest = Math.min(smallest, Double.parseDouble(raw.texts("p").get(row)));
      }
    }
    double corrected = besides.stream().mapToDouble(c -> c.contrast().p()).min().orElseThrow();
    assertEquals(Math.min(1, 4 * smallest), corrected, 1e-12, "Holm over four");
    String page = Files.readString(run.resolve("report.html"));
    assertTrue(
        page.contains("<section id=\"slots\"") && page.contains("all slots: category of 480"));
    assertTrue(page.contains("prior of triples: 1.0"), "notes");
    assertTrue(ReportText.of(report).contains("all slots"), () -> ReportText.of(report));
  }

  @Test
  void runsThatDifferInFeedbackAreHeldAgainstEachOther() throws IOException {
    Path study = SmallPeople.write(temporary.resolve("study"));
    List<RunFolder> runs = new ArrayList<>();
    for (String feedback : List.of("direct", "soft")) {
      Path run = temporary.resolve(feedback);
      Execution execution = SmallPeople.execution(study, run).withAllowed(Set.of("NO-SIGNAL"));
      new Experiment(
              recipe(
                  "study.subjects=[\"01\"]",
                  "encoder.training.epochs=8",
                  // The recipe does not name it: soft is what the architecture has by default.
                  feedback.equals("soft") ? "seed=0" : "encoder.settings.options.feedback=direct"),
              execution)
          .run();
      runs.add(RunFolder.open(run));
    }
    RunContrast contrast = new RunContrast(runs);
    assertEquals(List.of("encoder.settings.options.feedback: direct | soft"), contrast.settings());
    assertTrue(
        RunContrast.text(contrast.rows())
            .matches(
                "(?s).*\\ndirect, colour minus soft, colour\\nsubject +score +of +difference.*\\n01 +"
                    + "category of 10 +single trials +-?0\\.\\d{3} \\[-?0\\.\\d{3}, -?0\\.\\d{3}\\] .*"),
        () -> RunContrast.text(contrast.rows()));
    int first = RunContrast.COLUMNS.indexOf("first");
    int metric = RunContrast.COLUMNS.indexOf("metric");
    int variant = RunContrast.COLUMNS.indexOf("variant");
    int value = RunContrast.COLUMNS.indexOf("difference");
    double found = Double.NaN;
    for (List<String> row : contrast.rows()) {
      if (row.get(first).equals("direct, colour")
          && row.get(metric).equals("category_accuracy@10")
          && row.get(variant).equals("single trials")) {
        found = Double.parseDouble(row.get(value));
      }
    }
    double wanted =
        share(right(runs.get(0).path(), "colour")) - share(right(runs.get(1).path(), "colour"));
    assertEquals(wanted, found, 1e-9);
    assertTrue(
        contrast.rows().stream()
            .anyMatch(
                row ->
                    row.get(first).equals("direct, triples")
                        && row.get(metric).equals("triple.recall10@480")));
    assertThrows(RecipeException.class, () -> new RunContrast(runs.subList(0, 1)));
    RecipeException twice =
        assertThrows(
            RecipeException.class,
            () -> new RunContrast(List.of(runs.get(0), RunFolder.open(runs.get(0).path()))));
    assertTrue(twice.getMessage().contains("given twice"), twice::getMessage);
    correctedForPairs(runs);
    Path other = SmallPeople.write(temporary.resolve("other"), Seed.of(6));
    Path elsewhere = temporary.resolve("elsewhere");
    new Experiment(
            recipe("study.subjects=[\"01\"]", "encoder.training.epochs=1"),
            SmallPeople.execution(other, elsewhere).withAllowed(Set.of("NO-SIGNAL")))
        .run();
    DataException e =
        assertThrows(
            DataException.class,
            () -> new RunContrast(List.of(runs.get(0), RunFolder.open(elsewhere))).rows());
    assertTrue(e.getMessage().contains("different data"), e::getMessage);
    aSlotThatWasRemovedIsMissed(runs);
  }

  /** No table and no panel is without a slot because its file is. */
  private static void aSlotThatWasRemovedIsMissed(List<RunFolder> runs) throws IOException {
    Path values = runs.get(1).file("sub-01/heads/colour.npy");
    Files.delete(values);
    Execution execution =
        SmallPeople.execution(values, runs.get(1).path()).withAllowed(Set.of("NO-SIGNAL"));
    for (Executable use :
        List.<Executable>of(
            () -> new RunContrast(runs).rows(),
            () -> new Evaluation(runs.get(1), execution).evaluate())) {
      DataException missed = assertThrows(DataException.class, use);
      assertEquals(3, missed.exitCode().code());
      assertTrue(missed.getMessage().contains("there is no file " + values), missed::getMessage);
      assertTrue(missed.getMessage().contains("'colour'"), missed::getMessage);
    }
  }

  /** Three runs make three pairs: the smallest p counts three times, others no less. */
  private void correctedForPairs(List<RunFolder> runs) throws IOException {
    Path third = temporary.resolve("hard");
    new Experiment(
            recipe(
                "study.subjects=[\"01\"]",
                "encoder.training.epochs=1",
                "encoder.settings.options.feedback=hard"),
            SmallPeople.execution(temporary.resolve("study"), third)
                .withAllowed(Set.of("NO-SIGNAL")))
        .run();
    RunContrast three = new RunContrast(List.of(runs.get(0), runs.get(1), RunFolder.open(third)));
    int raw = RunContrast.COLUMNS.indexOf("p");
    int corrected = RunContrast.COLUMNS.indexOf("p_holm");
    List<List<String>> pairs =
        three.rows().stream()
            .filter(row -> row.contains("embedding_cosine") && row.contains("single trials"))
            .toList();
    assertEquals(3, pairs.size());
    List<Double> p = pairs.stream().map(row -> Double.valueOf(row.get(raw))).sorted().toList();
    List<Double> holm =
        pairs.stream().map(row -> Double.valueOf(row.get(corrected))).sorted().toList();
    assertTrue(p.get(0) < 0.3, () -> "one epoch is worse than eight: " + p);
    assertEquals(3 * p.get(0), holm.get(0), 1e-12);
    assertEquals(Math.min(1, Math.max(2 * p.get(1), holm.get(0))), holm.get(1), 1e-12);
    assertEquals(List.of(), three.missing());
  }

  @Test
  void aSlotOfOtherConceptsThanItsTargetIsNamedBeforeAnythingIsTrained() {
    Path study = SmallPeople.write(temporary.resolve("study"));
    RecipeException e =
        assertThrows(
            RecipeException.class,
            () ->
                new Experiment(
                        recipe(
                            "encoder.settings.groups=[{name: group, concepts: 5}, {name: colour,"
                                + " concepts: 10}, {name: background, concepts: 8}]"),
                        SmallPeople.execution(study, temporary.resolve("run")))
                    .train());
    assertTrue(e.getMessage().contains("the head 'group' has logits of the sizes [5]"));
    assertTrue(e.getMessage().contains("'group' has [6]"), e::getMessage);
  }

  /** One person, 320 training pictures, and what a recipe of these sizes needs. */
  private TsvTable learned(String out, String... overrides) {
    Path study = shared.resolve("learned");
    SignalPlan usual = SignalPlan.defaults();
    if (!Files.exists(study)) {
      SimulatedStudy.of(
              SimulationSpec.defaults()
                  .withSize(1, 120)
                  .withPictures(new PicturePlan(320, 1, 80, 1, 32))
                  .withSignal(
                      new SignalPlan(0.7, usual.noiseVoxels(), usual.rho(), usual.driftPercent())),
              Seed.of(3))
          .write(study, Existing.KEEP, Progress.NONE);
    }
    List<String> all =
        new ArrayList<>(
            List.of(
                "evaluation.permutations=199",
                "evaluation.bootstraps=99",
                "encoder.settings.width=96",
                "encoder.settings.hidden=32"));
    all.addAll(List.of(overrides));
    Path run = temporary.resolve(out);
    new Experiment(
            DecodingRecipe.of(Recipes.tree("simulated-tensor-brain", all)),
            SmallPeople.execution(study, run).withAllowed(Set.of("NO-SIGNAL")))
        .run();
    return Tsv.read(run.resolve("scores.tsv"));
  }

  private static double number(TsvTable scores, String encoder, String column) {
    for (int row = 0; row < scores.rows(); row++) {
      if (scores.texts("encoder").get(row).equals(encoder)
          && scores.texts("metric").get(row).startsWith("category_accuracy@")) {
        return Double.parseDouble(scores.texts(column).get(row));
      }
    }
    throw new AssertionError("no accuracy of " + encoder);
  }

  /** Ridge fitted to a slot alone is what 272 trials can give; a network is to come near it. */
  @Test
  void everySlotIsLearnedNearlyAsWellAsByRidgeOfItsOwn() {
    TsvTable scores = learned("signal");
    for (String slot : List.of("group", "colour", "background")) {
      double found = number(scores, "tensor-brain, " + slot, "value");
      double linear = number(scores, "ridge, " + slot, "value");
      assertTrue(number(scores, "tensor-brain, " + slot, "p") < 0.01, slot);
      assertTrue(number(scores, "ridge, " + slot, "p") < 0.01, slot);
      assertTrue(linear > 0.9, () -> slot + ": ridge " + linear);
      assertTrue(found > linear - 0.15, () -> slot + ": " + found + ", ridge " + linear);
    }
  }

  @Test
  void ofLabelsThatWereDealtAnewNothingIsLearned() {
    TsvTable scores = learned("control", "control=shuffled-ids", "encoder.training.epochs=10");
    for (String slot : List.of("group", "colour", "background", "all slots")) {
      for (String encoder : List.of("tensor-brain, ", "ridge, ")) {
        double p = number(scores, encoder + slot, "p");
        assertTrue(p > 0.01, () -> encoder + slot + ": p " + p);
      }
    }
  }

  private static void refused(String words, String... overrides) {
    RecipeException e = assertThrows(RecipeException.class, () -> recipe(overrides));
    assertTrue(e.getMessage().contains(words), e::getMessage);
  }

  @Test
  void whatCannotBeIsRefusedWhenItIsRead() {
    refused("three different heads", "evaluation.triples.slots=[group, colour]");
    refused("name three of these", "evaluation.triples.slots=[group, colour, size]");
    refused("smoothing above 0", "evaluation.triples.prior.settings.smoothing=0");
    refused("counts", "evaluation.triples.prior.kind=count");
    String many =
        java.util.stream.IntStream.range(0, 200)
            .mapToObj(i -> "c" + i)
            .collect(java.util.stream.Collectors.joining(", "));
    String attribute = "attribute={column: colour, concepts: [" + many + "]}";
    refused(
        "expected 1 to 2000000, found 8000000",
        "encoder.heads.colour." + attribute,
        "encoder.heads.group." + attribute,
        "encoder.heads.background." + attribute);
    refused(
        "only heads",
        "targets={of: attribute, attribute: {column: colour, concepts: [red, blue]}}");
    refused("found none and targets", "encoder.heads.colour={of: attribute}");
    refused("found colour and targets of 'caption'", "encoder.heads.colour.of=caption");
    refused(
        "before it is measured",
        "encoder.settings.windows=[{step: input}, {step: attend, slot: a}]");
  }
}
