package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.experiment.AdaptationSpec.Tune;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.report.Report;
import io.noesis.report.SubjectPanel;
import io.noesis.run.DataException;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks whose heads are trained to further targets, from a recipe. */
class HeadsExperimentTest {
  @TempDir static Path shared;
  @TempDir Path temporary;
  private static Path study;
  private static Path parent;
  private static Report report;

  @BeforeAll
  static void train() {
    study = SmallPeople.write(shared.resolve("study"));
    parent = shared.resolve("parent");
    report = new Experiment(recipe(), execution(parent)).run();
  }

  private static DecodingRecipe recipe(String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "evaluation.permutations=199",
                "evaluation.bootstraps=99",
                "encoder.settings.backbone.width=64",
                "encoder.settings.projector=64",
                "encoder.training.epochs=20",
                "encoder.training.batchSize=16"));
    all.addAll(List.of(overrides));
    return DecodingRecipe.of(Recipes.tree("simulated-mindeye2", all));
  }

  private static Execution execution(Path out) {
    return SmallPeople.execution(study, out).withAllowed(Set.of("NO-SIGNAL"));
  }

  @Test
  void aHeadLearnsItsOwnTargetAndIsScoredAgainstIt() {
    assertArrayEquals(
        new int[] {60, 128}, Npy.read(parent.resolve("heads/text/targets.npy")).shape().toArray());
    TsvTable scores = Tsv.read(parent.resolve("scores.tsv"));
    for (String subject : List.of("01", "02")) {
      int tested = Tsv.read(parent.resolve("sub-" + subject + "/decoded.tsv")).rows();
      assertArrayEquals(
          new int[] {tested, 128},
          Npy.read(parent.resolve("sub-" + subject + "/heads/text.npy")).shape().toArray());
      int row = twoWay(scores, subject, "mindeye, text");
      double value = Double.parseDouble(scores.texts("value").get(row));
      double high = Double.parseDouble(scores.texts("null_high").get(row));
      assertTrue(value > 0.75 && value > high, subject + ": " + value + ", null to " + high);
    }
    SubjectPanel first = report.subjects().get(0);
    String said =
        first.facts().stream()
            .filter(line -> line.label().equals("head 'text'"))
            .findFirst()
            .orElseThrow()
            .value();
    assertTrue(said.contains("image_from_brain.two_way@12"), said);
    assertTrue(report.methods().contains("further heads of it were trained to caption (text)"));
  }

  /** A head is not left out of the report because its file is. */
  @Test
  void whatAHeadDecodedIsMissedWhereItWasRemoved() throws IOException {
    Path run = Folders.copy(parent, temporary.resolve("run"), file -> true);
    Path values = run.resolve("sub-02/heads/text.npy");
    Files.delete(values);
    DataException e =
        assertThrows(
            DataException.class,
            () -> new Evaluation(RunFolder.open(run), execution(run)).evaluate());
    assertTrue(e.getMessage().contains("there is no file " + values), e::getMessage);
    assertTrue(e.getMessage().contains("train the run again"), e::getMessage);
    assertEquals(3, e.exitCode().code());
  }

  private static int twoWay(TsvTable scores, String subject, String encoder) {
    for (int row = 0; row < scores.rows(); row++) {
      if (scores.texts("subject").get(row).equals(subject)
          && scores.texts("encoder").get(row).equals(encoder)
          && scores.texts("metric").get(row).startsWith("image_from_brain.two_way@")) {
        return row;
      }
    }
    throw new AssertionError("no score of the head of " + subject);
  }

  @Test
  void aNewSubjectIsAdaptedToTheSameFurtherTargets() {
    AdaptationSpec how =
        new AdaptationSpec(
            parent, List.of(1.0), List.of(), Tune.SUBJECT, Optional.empty(), List.of());
    Path out = temporary.resolve("adapted");
    Execution execution = execution(out).withSubjects(List.of("03"));
    String few = "adaptation.training.epochs=2";
    new Experiment(DecodingRecipe.of(Recipes.adapting(parent, how, List.of(few))), execution)
        .train();
    assertEquals(128, Npy.read(out.resolve("sub-03/heads/text.npy")).dim(1));
    DecodingRecipe others =
        DecodingRecipe.of(
            Recipes.adapting(parent, how, List.of(few, "encoder.heads.text={of: caption}")));
    RecipeException e =
        assertThrows(
            RecipeException.class,
            () ->
                new Experiment(
                        others, execution(temporary.resolve("other")).withSubjects(List.of("03")))
                    .train());
    assertTrue(e.getMessage().contains("'text' of encoder.heads"), e::getMessage);
  }

  @Test
  void whatTheRecipeDoesNotTellIsRefusedWhenItIsRead() {
    refused("there is no target 'text'", "encoder.heads={}");
    refused(
        "no part of the loss has the target 'latent'",
        "encoder.heads.latent.of=image",
        "encoder.heads.latent.pack=embedded");
    refused("found 'ridge'", "encoder.heads.ridge.of=caption");
    refused("found '../text'", "encoder.heads={../text: {of: caption}}");
    RecipeException e =
        assertThrows(
            RecipeException.class,
            () ->
                DecodingRecipe.of(
                    Recipes.tree("simulated", List.of("encoder.heads.text.of=caption"))));
    assertTrue(e.getMessage().contains("ridge is not a network"), e::getMessage);
  }

  private static void refused(String words, String... overrides) {
    RecipeException e = assertThrows(RecipeException.class, () -> recipe(overrides));
    assertTrue(e.getMessage().contains(words), e::getMessage);
  }

  @Test
  void anEmbeddingIsTrainedToTwoTargetsAndScoredAgainstBoth() {
    Path out = temporary.resolve("two");
    Report both =
        new Experiment(
                DecodingRecipe.of(
                    Recipes.tree(
                        "simulated-brainclip",
                        SmallPeople.small(
                            "encoder.training.epochs=30", "encoder.settings.width=64"))),
                execution(out))
            .run();
    Tensor decoded = Npy.read(out.resolve("sub-01/decoded.npy"));
    assertEquals(decoded, Npy.read(out.resolve("sub-01/heads/text.npy")), "one output");
    TsvTable scores = Tsv.read(out.resolve("scores.tsv"));
    for (String subject : List.of("01", "02")) {
      int row = twoWay(scores, subject, "residual-mlp, text");
      double value = Double.parseDouble(scores.texts("value").get(row));
      double high = Double.parseDouble(scores.texts("null_high").get(row));
      assertTrue(value > high, subject + ": " + value + ", null to " + high);
    }
    assertTrue(
        both.subjects().get(0).facts().stream()
            .anyMatch(line -> line.label().equals("embedding against 'text'")));
    assertTrue(
        both.methods().contains("embedding was trained to be alike, too, to caption (text)"));
  }

  @Test
  void aTargetBehindLayersOfTheLossIsScoredBehindThem() {
    Path out = temporary.resolve("projected");
    String parts =
        "encoder.training.loss.settings.parts=[{loss: info-nce}, {loss: projected, settings: {by:"
            + " query, tokens: 8, contrast: {scale: learned-exponent}}, target: text}]";
    DecodingRecipe recipe =
        DecodingRecipe.of(
            Recipes.tree(
                "simulated-brainclip",
                SmallPeople.small(parts, "encoder.training.epochs=2", "study.subjects=[\"01\"]")));
    new Experiment(recipe, execution(out)).run();
    assertTrue(
        Files.isRegularFile(out.resolve("sub-01/decoder/fold-001_target-text.onnx")),
        "kept beside the decoder");
    assertEquals(128, Npy.read(out.resolve("sub-01/heads/text.npy")).dim(1));
    TsvTable scores = Tsv.read(out.resolve("scores.tsv"));
    int row = twoWay(scores, "01", "residual-mlp, text");
    assertEquals("12", scores.texts("n").get(row), "stimuli");
  }

  /** Every fold's layers make a space of their own, and rows are found in that of their fold. */
  @Test
  void foldsThatProjectIntoSpacesOfTheirOwnAreScoredTogether() {
    Path out = temporary.resolve("folds");
    String parts =
        "encoder.training.loss.settings.parts=[{loss: info-nce}, {loss: projected, settings:"
            + " {contrast: {scale: learned-exponent}}, target: text}]";
    DecodingRecipe recipe =
        DecodingRecipe.of(
            Recipes.tree(
                "simulated-brainclip",
                SmallPeople.small(
                    parts,
                    "split={rule: by-stimulus, folds: 3}",
                    "evaluation.similarity=cosine",
                    "evaluation.repetitions=[single]",
                    "encoder.training.epochs=30",
                    "encoder.settings.width=64",
                    "study.subjects=[\"01\"]")));
    new Experiment(recipe, execution(out).withAllowed(Set.of("NO-SIGNAL", "LEAK-FIT"))).run();
    TsvTable scores = Tsv.read(out.resolve("scores.tsv"));
    int row = twoWay(scores, "01", "residual-mlp, text");
    assertEquals("60", scores.texts("n").get(row), "stimuli of all folds");
    double value = Double.parseDouble(scores.texts("value").get(row));
    double high = Double.parseDouble(scores.texts("null_high").get(row));
    assertTrue(value > high, value + ", null to " + high);
    assertEquals(twoWayByHand(out), value, 1e-6);
  }

  /** Two-way of each row in its fold's space. */
  private static double twoWayByHand(Path run) {
    Tensor said = Npy.read(run.resolve("sub-01/heads/text.npy"));
    Tensor targets = Npy.read(run.resolve("heads/text/targets.npy"));
    TsvTable decoded = Tsv.read(run.resolve("sub-01/decoded.tsv"));
    List<String> ids =
        TargetTable.read(RunFolder.within(run.resolve("heads/text"), "")).embeddings().ids();
    double sum = 0;
    for (int row = 0; row < said.dim(0); row++) {
      int fold = Integer.parseInt(decoded.texts("fold").get(row));
      Tensor own =
          io.noesis.alignment.train.TargetProjection.of(
              run.resolve("sub-01/decoder/fold-00%d_target-text.onnx".formatted(fold + 1)),
              targets);
      int truth = ids.indexOf(decoded.texts("stimulus").get(row));
      int below = 0;
      for (int other = 0; other < own.dim(0); other++) {
        below += cosine(said, row, own, other) < cosine(said, row, own, truth) ? 1 : 0;
      }
      sum += below / (own.dim(0) - 1.0);
    }
    return sum / said.dim(0);
  }

  private static double cosine(Tensor a, int i, Tensor b, int j) {
    double product = 0;
    double left = 0;
    double right = 0;
    for (int k = 0; k < a.dim(1); k++) {
      product += a.at(i, k) * (double) b.at(j, k);
      left += a.at(i, k) * (double) a.at(i, k);
      right += b.at(j, k) * (double) b.at(j, k);
    }
    return product / Math.sqrt(left * right);
  }

  @Test
  void onTopOfRidgeTheEmbeddingMeetsOneTarget() {
    RecipeException e =
        assertThrows(
            RecipeException.class,
            () ->
                DecodingRecipe.of(
                    Recipes.tree(
                        "simulated-brainclip",
                        List.of("encoder.start=ridge", "encoder.training.validation.part=0.15"))));
    assertTrue(e.getMessage().contains("against [text]; set start to random"), e::getMessage);
  }

  @Test
  void headsThatTheNetworkDoesNotHaveAreRefusedBeforeItIsTrained() {
    String head = "encoder.settings.heads=[{name: %s, hidden: 0, dropout: 0, sizes: [%d]}]";
    refusedTraining("there is no head 'text'. Known", head.formatted("words", 128));
    refusedTraining("the head 'text' has the sizes [100]", head.formatted("text", 100));
    refusedTraining("there is no head", "encoder.settings.heads=[]");
    assertFalse(Files.exists(temporary.resolve("run/decoder/fold-001.safetensors")));
  }

  private void refusedTraining(String words, String override) {
    Path out = temporary.resolve("run");
    Experiment experiment =
        new Experiment(recipe(override), execution(out).withExisting(Execution.Existing.REPLACE));
    RecipeException e = assertThrows(RecipeException.class, experiment::train);
    assertTrue(e.getMessage().contains(words), e::getMessage);
  }
}
