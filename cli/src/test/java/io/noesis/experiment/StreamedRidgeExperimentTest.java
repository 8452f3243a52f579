package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ridge whose targets are read in pieces and whose weights stay in files, from a recipe. */
class StreamedRidgeExperimentTest {
  @TempDir static Path shared;
  @TempDir static Path runs;
  @TempDir Path temporary;
  private static Path study;

  @BeforeAll
  static void inMemoryAndStreamed() {
    study = SmallPeople.write(shared.resolve("study"));
    run("memory", "seed=0");
    run("streamed", "encoder.settings.inMemory=1000");
  }

  private static void run(String out, String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "study.subjects=[\"01\"]",
                "evaluation.permutations=99",
                "evaluation.bootstraps=99"));
    all.addAll(List.of(overrides));
    new Experiment(
            DecodingRecipe.of(Recipes.tree("simulated", all)),
            SmallPeople.execution(study, runs.resolve(out)).withAllowed(Set.of("NO-SIGNAL")))
        .run();
  }

  private static void close(Tensor expected, Tensor found) {
    assertArrayEquals(expected.shape().toArray(), found.shape().toArray());
    float largest = 0;
    for (float value : expected.array()) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertArrayEquals(expected.array(), found.array(), 1e-5f * largest);
  }

  private static Tensor array(String run, String name) {
    return Npy.read(runs.resolve(run).resolve("sub-01").resolve(name));
  }

  @Test
  void bothDecodeAndScoreAlike() throws IOException {
    close(array("memory", "decoded.npy"), array("streamed", "decoded.npy"));
    close(array("memory", "training_means.npy"), array("streamed", "training_means.npy"));
    List<String> scores = Files.readAllLines(runs.resolve("memory/scores.tsv"));
    List<String> streamed = Files.readAllLines(runs.resolve("streamed/scores.tsv"));
    assertEquals(scores.size(), streamed.size());
    for (int i = 1; i < scores.size(); i++) {
      String[] one = scores.get(i).split("\t");
      String[] two = streamed.get(i).split("\t");
      assertEquals(one[1], two[1]);
      assertEquals(Double.parseDouble(one[3]), Double.parseDouble(two[3]), 1e-4, one[1]);
    }
    Path weights = runs.resolve("streamed/sub-01/decoder/fold-001_weights/weights.npy");
    assertEquals(384, Npy.read(weights).dim(0), "a row for each number of the embedding");
    assertFalse(Files.exists(runs.resolve("memory/sub-01/decoder/fold-001_weights")));
  }

  @Test
  void newResponsesAreEncodedAndTheDecoderExported() {
    Tensor some =
        OpenedStudy.open(SmallPeople.recipe().study(), java.util.Optional.of(study))
            .study()
            .responses("01", Progress.NONE)
            .responses()
            .rows(new int[] {0, 5, 9});
    Path responses = temporary.resolve("new.npy");
    Npy.write(responses, some);
    List<Tensor> both = new ArrayList<>();
    for (String run : List.of("memory", "streamed")) {
      EncodingSpec spec =
          EncodingSpec.of(
              runs.resolve(run), ResponseFiles.of(responses), temporary.resolve("new-" + run));
      both.add(Encoding.of(spec, Progress.NONE).embeddings());
    }
    close(both.get(0), both.get(1));
    List<DecoderExport.Exported> graphs =
        DecoderExport.write(
            RunFolder.open(runs.resolve("streamed")),
            List.of(),
            OptionalInt.empty(),
            temporary.resolve("graphs"),
            Progress.NONE);
    assertEquals(1, graphs.size());
  }

  @Test
  void weightsThatAreGoneAreNamed() throws IOException {
    Path decoder = runs.resolve("streamed/sub-01/decoder");
    Path copy =
        Files.copy(decoder.resolve("fold-001.safetensors"), temporary.resolve("a.safetensors"));
    ModelException gone =
        assertThrows(
            ModelException.class,
            () -> io.noesis.encoders.architecture.Architectures.registry().get("ridge").load(copy));
    assertTrue(gone.getMessage().contains("fold-001_weights"), gone::getMessage);
  }

  @Test
  void decodersThatCannotStreamAreNeverMadeTo() {
    DecodingRecipe others =
        DecodingRecipe.of(Recipes.tree("simulated-network", List.of("study.subjects=[\"01\"]")));
    // 2^31 numbers are neither allocated nor needed to decide.
    RecipeException refused =
        assertThrows(
            RecipeException.class,
            () -> StreamedRows.wanted(others, "01", Tensor.zeros(20000, 1), 200000));
    assertTrue(refused.getMessage().contains("encoder.architecture: ridge"), refused::getMessage);
    assertThrows(
        RecipeException.class,
        () -> DecodingRecipe.of(Recipes.tree("simulated", List.of("encoder.settings.inMemory=0"))));
  }
}
