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
import io.noesis.run.RecipeException;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
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
