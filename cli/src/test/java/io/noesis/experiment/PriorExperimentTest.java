package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.report.Report;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PriorExperimentTest {
  @TempDir Path temporary;

  private static DecodingRecipe recipe(String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "study.subjects=[\"01\"]",
                "evaluation.permutations=99",
                "evaluation.bootstraps=99",
                "encoder.prior.network={widths: [32, 16], timeWidth: 16, dropout: 0}",
                "encoder.prior.folds=2",
                "encoder.prior.training.epochs=3",
                "encoder.prior.training.batchSize=16",
                "encoder.prior.sampling.steps=4"));
    all.addAll(List.of(overrides));
    return DecodingRecipe.of(Recipes.tree("simulated-prior", all));
  }

  private Report run(Path study, DecodingRecipe recipe, String out) {
    Execution execution = SmallPeople.execution(study, temporary.resolve(out));
    return new Experiment(recipe, execution.withAllowed(Set.of("NO-SIGNAL"))).run();
  }

  @Test
  void drawsReplaceWhatRidgeDecodedAndAreHeldAgainstIt() {
    Path study = SmallPeople.write(temporary.resolve("study"));
    Report report = run(study, recipe(), "drawn");
    run(study, recipe(), "again");
    run(study, recipe("encoder.prior=null"), "ridge");
    Path drawn = temporary.resolve("drawn/sub-01");
    assertTrue(Files.isRegularFile(drawn.resolve("decoder/fold-001_prior.onnx")));
    Tensor values = Npy.read(drawn.resolve("decoded.npy"));
    assertArrayEquals(
        values.array(), Npy.read(temporary.resolve("again/sub-01/decoded.npy")).array());
    Tensor ridge = Npy.read(temporary.resolve("ridge/sub-01/decoded.npy"));
    assertFalse(Arrays.equals(ridge.array(), values.array()), "draws, not what ridge decoded");
    assertArrayEquals(
        ridge.array(),
        Npy.read(drawn.resolve("ridge/fold-001_decoded.npy")).array(),
        1e-5f,
        "the ridge beside it is the run without a prior");
    assertEquals("01", report.ridge().subjects().get(0).subject());
    List<String> encoders =
        Tsv.read(temporary.resolve("drawn/scores.tsv")).texts("encoder").stream()
            .distinct()
            .toList();
    assertEquals(List.of("ridge and prior", "ridge"), encoders);
    EncodingSpec spec =
        EncodingSpec.of(
            temporary.resolve("drawn"),
            ResponseFiles.of(drawn.resolve("decoded.npy")),
            temporary.resolve("new"));
    RecipeException refused =
        assertThrows(RecipeException.class, () -> Encoding.of(spec, Progress.NONE));
    assertTrue(refused.getMessage().contains("diffusion prior"), refused::getMessage);
    assertFalse(Files.exists(temporary.resolve("new")));
  }
}
