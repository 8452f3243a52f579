package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recipes whose embeddings are tokens, by the tower of a tiny pack: 17 tokens of 10 numbers. */
class TokensExperimentTest {
  private static final String PACK =
      "targets.pack=../reconstruction/src/test/resources/io/noesis/reconstruction/pack/tiny-clip";

  @TempDir static Path shared;
  @TempDir Path temporary;
  private static Path study;

  @BeforeAll
  static void simulate() {
    study = SmallPeople.write(shared.resolve("study"));
  }

  private static DecodingRecipe recipe(String name, String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "study.subjects=[\"01\"]",
                "targets={of: image, output: image_tokens}",
                PACK,
                "encoder.tokens=17",
                "evaluation.permutations=99",
                "evaluation.bootstraps=99"));
    all.addAll(List.of(overrides));
    return DecodingRecipe.of(Recipes.tree(name, all));
  }

  private static DecodingRecipe prior(String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "encoder.prior.network={depth: 1, heads: 2, headWidth: 8, hidden: 2, dropout: 0}",
                "encoder.prior.folds=2",
                "encoder.prior.training.epochs=30",
                "encoder.prior.training.optimizer.learningRate=0.01",
                "encoder.prior.training.batchSize=16",
                "encoder.prior.sampling.steps=4"));
    all.addAll(List.of(overrides));
    return recipe("simulated-prior-tokens", all.toArray(String[]::new));
  }

  private Path run(DecodingRecipe recipe, String out) {
    Path folder = temporary.resolve(out);
    new Experiment(recipe, SmallPeople.execution(study, folder).withAllowed(Set.of("NO-SIGNAL")))
        .run();
    return folder;
  }

  @Test
  void aPriorOfTokensDrawsWhatIsScoredAndDrawnAgain() {
    Path run = run(prior(), "prior");
    Tensor drawn = Npy.read(run.resolve("sub-01/decoded.npy"));
    assertEquals(170, drawn.dim(1));
    TsvTable scores = Tsv.read(run.resolve("scores.tsv"));
    assertEquals(
        List.of("ridge and prior", "ridge"), scores.texts("encoder").stream().distinct().toList());
    Tensor ridge = Npy.read(run.resolve("sub-01/ridge/fold-001_decoded.npy"));
    assertFalse(Arrays.equals(ridge.array(), drawn.array()), "what ridge decoded was not redrawn");
    nearerThanAnotherPicture(run, drawn);
    Path responses =
        PriorExperimentTest.testResponses(
            prior(), study, run, "01", temporary.resolve("again.npy"));
    EncodingSpec spec = EncodingSpec.of(run, ResponseFiles.of(responses), temporary.resolve("new"));
    assertArrayEquals(
        drawn.array(), Encoding.of(spec, Progress.NONE).embeddings().array(), "drawn again");
  }

  /** The prior draws tokens of the scale and the pattern of the true ones. */
  private static void nearerThanAnotherPicture(Path run, Tensor drawn) {
    TargetTable targets = TargetTable.read(RunFolder.open(run));
    List<String> shown = Tsv.read(run.resolve("sub-01/decoded.tsv")).texts("stimulus");
    Tensor truth = targets.embeddings().values().rows(targets.embeddings().rowsOf(shown));
    double own = correlation(truth.array(), drawn.array());
    assertTrue(own > 0.5, "correlation with the true tokens: " + own);
  }

  private static double correlation(float[] a, float[] b) {
    double ma = 0;
    double mb = 0;
    for (int i = 0; i < a.length; i++) {
      ma += a[i] / a.length;
      mb += b[i] / b.length;
    }
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (a[i] - ma) * (b[i] - mb);
      aa += (a[i] - ma) * (a[i] - ma);
      bb += (b[i] - mb) * (b[i] - mb);
    }
    return ab / Math.sqrt(aa * bb);
  }

  @Test
  void aNetworkOfTokensIsTrainedAndAdaptedFromARecipe() {
    DecodingRecipe together =
        recipe(
            "simulated-mindeye2",
            "study.subjects=[\"01\",\"02\"]",
            "encoder.heads={}",
            "encoder.settings.heads=[]",
            "encoder.training.loss.settings.parts=[{loss: info-nce}, {loss: mse, head: tokens}]",
            "encoder.settings.backbone.width=24",
            "encoder.settings.projector=16",
            "encoder.training.epochs=2",
            "encoder.training.batchSize=16");
    Path run = run(together, "network");
    assertEquals(170, Npy.read(run.resolve("sub-02/decoded.npy")).dim(1));
    try (Safetensors in = Safetensors.open(run.resolve("decoder/fold-001.safetensors"))) {
      assertTrue(
          in.metadata().get("sizes").contains("\"target\":[17,10]"), in.metadata()::toString);
    }
    AdaptationSpec how =
        new AdaptationSpec(
            run,
            List.of(1.0),
            List.of(),
            AdaptationSpec.Tune.SUBJECT,
            java.util.Optional.empty(),
            List.of(AdaptationSpec.Against.SCRATCH));
    Path adapted = temporary.resolve("adapted");
    new Experiment(
            DecodingRecipe.of(Recipes.adapting(run, how, List.of())),
            SmallPeople.execution(study, adapted).withSubjects(List.of("03")))
        .train();
    assertEquals(170, Npy.read(adapted.resolve("sub-03/decoded.npy")).dim(1));
  }

  @Test
  void tokensThatTheTargetsDoNotHaveAreRefused() {
    RecipeException uneven =
        assertThrows(RecipeException.class, () -> run(prior("encoder.tokens=16"), "run"));
    assertTrue(uneven.getMessage().contains("170 numbers"), uneven::getMessage);
    RecipeException vector = assertThrows(RecipeException.class, () -> prior("encoder.tokens=1"));
    assertTrue(vector.getMessage().contains("encoder.tokens"), vector::getMessage);
  }
}
