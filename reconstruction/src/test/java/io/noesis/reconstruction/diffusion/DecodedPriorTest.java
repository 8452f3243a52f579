package io.noesis.reconstruction.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.reconstruction.verify.GoldenPair;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Against tests/fixtures/make/decoded_priors.py: the priors of published systems by their loops.
 */
class DecodedPriorTest {
  private static final Path FOLDER =
      Path.of("src/test/resources/io/noesis/reconstruction/diffusion/prior");
  private static final double TOLERANCE = 1e-4;

  private static Path folder(String system) {
    return FOLDER.resolve("tiny-" + system + "-prior");
  }

  private static DecodedPrior open(Path pack) {
    return (DecodedPrior) Priors.open(ModelPack.open(pack), OnnxOptions.SINGLE_THREADED);
  }

  private static void assertClose(Tensor expected, int from, Tensor found, String what) {
    double apart = 0;
    double largest = 0;
    for (int i = 0; i < found.size(); i++) {
      double value = expected.array()[from + i];
      largest = Math.max(largest, Math.abs(value));
      apart = Math.max(apart, Math.abs(value - found.array()[i]));
    }
    double error = apart / largest;
    assertTrue(error <= TOLERANCE, () -> what + " is " + error + " off");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mindeye1", "mindeye2", "atm"})
  void everySampleIsThatOfTheSystemsOwnLoop(String system) throws IOException {
    JsonNode runs = new ObjectMapper().readTree(folder(system).resolve("cases.json").toFile());
    try (DecodedPrior prior = open(folder(system));
        Safetensors file = Safetensors.open(folder(system).resolve("cases.safetensors"))) {
      for (int i = 0; i < runs.size(); i++) {
        JsonNode run = runs.get(i);
        List<Long> seeds = new ArrayList<>();
        run.get("seeds").forEach(seed -> seeds.add(seed.asLong()));
        SamplingPlan plan =
            SamplingPlan.of(run.get("steps").asInt(), run.get("guidance").asDouble());
        String name = String.format("%02d/", i);
        Tensor samples = file.read(name + "samples");
        List<Tensor> heard = new ArrayList<>();
        Tensor drawn =
            prior.draw(
                EmbeddingRequest.of(file.read(name + "decoded"), seeds, plan),
                Progress.NONE,
                heard::add);
        assertEquals(samples.dim(0), heard.size(), "steps of " + run);
        for (int step = 0; step < heard.size(); step++) {
          int size = heard.get(step).size();
          assertClose(samples, step * size, heard.get(step), "step " + step + " of " + run);
        }
        Tensor expected = file.read(name + "embedding");
        assertEquals(expected.shape(), drawn.shape());
        assertClose(expected, 0, drawn, "the embedding of " + run);
      }
      assertEquals(3, runs.size());
    }
    assertTrue(GoldenPair.check(ModelPack.open(folder(system)), Progress.NONE).isPresent());
  }

  @Test
  void rowsOfAllTokensAndRowsAloneGiveTheSame() {
    try (DecodedPrior prior = open(folder("mindeye1"));
        Safetensors file = Safetensors.open(folder("mindeye1").resolve("cases.safetensors"))) {
      Tensor decoded = file.read("00/decoded");
      SamplingPlan plan = SamplingPlan.of(7, 1.5);
      Tensor both = prior.draw(EmbeddingRequest.of(decoded, List.of(1L, 2L), plan), Progress.NONE);
      Tensor flat =
          prior.draw(
              EmbeddingRequest.of(decoded.reshape(2, 60), List.of(1L, 2L), plan), Progress.NONE);
      assertEquals(both.reshape(2, 60), flat);
      Tensor alone =
          prior.draw(
              EmbeddingRequest.of(decoded.rows(new int[] {1}), List.of(2L), plan), Progress.NONE);
      for (int i = 0; i < alone.size(); i++) {
        assertEquals(both.array()[60 + i], alone.array()[i], 1e-5f);
      }
      double square = 0;
      for (int i = 0; i < 12; i++) {
        square += alone.array()[i] * alone.array()[i];
      }
      assertEquals(1, square, 1e-5, "tokens are over the length of the first");
      assertEquals(EmbeddingSpace.Scaling.POOLED, prior.space().scaling());
      assertEquals(60, prior.space().dim());
    }
  }

  /** ATM's way: decoded, drawn, drawn as a picture. */
  @Test
  void aGeneratorTakesWhatIsDrawn() {
    ModelPack pack = ModelPack.open(FOLDER.resolveSibling("tiny-image-embedding"));
    Tensor decoded;
    try (Safetensors file = Safetensors.open(folder("atm").resolve("cases.safetensors"))) {
      decoded = file.read("00/decoded");
    }
    SamplingPlan plan = SamplingPlan.of(3, 2);
    List<Long> seeds = List.of(1L, 2L);
    DecodedPrior prior = open(folder("atm"));
    try (BehindPrior both =
        new BehindPrior(prior, DiffusionPipeline.open(pack, OnnxOptions.SINGLE_THREADED))) {
      Tensor drawn = prior.draw(EmbeddingRequest.of(decoded, seeds, prior.plan()), Progress.NONE);
      assertEquals(
          both.generator()
              .generate(EmbeddingRequest.of(drawn, seeds, plan), Progress.NONE)
              .latents(),
          both.generate(EmbeddingRequest.of(decoded, seeds, plan), Progress.NONE).latents());
    }
  }

  @Test
  void thePlanIsTheSystemsOwn() {
    for (Map.Entry<String, SamplingPlan> entry :
        Map.of(
                "mindeye1", SamplingPlan.of(100, 1),
                "mindeye2", SamplingPlan.of(20, 1),
                "atm", SamplingPlan.of(50, 5))
            .entrySet()) {
      try (DecodedPrior prior = open(folder(entry.getKey()))) {
        assertEquals(entry.getValue(), prior.plan());
        assertEquals(64, prior.fingerprint().length());
      }
    }
  }

  @Test
  void whatDoesNotFitIsRefused(@TempDir Path temp) throws IOException {
    try (DecodedPrior prior = open(folder("mindeye2"))) {
      Tensor row = Tensor.zeros(1, 5, 12);
      List<Long> seed = List.of(1L);
      for (int steps : new int[] {1, 100}) {
        EmbeddingRequest request = EmbeddingRequest.of(row, seed, SamplingPlan.of(steps, 1));
        String message =
            assertThrows(RecipeException.class, () -> prior.draw(request, Progress.NONE))
                .getMessage();
        assertTrue(message.contains(steps + " steps") && message.contains("ddpm"), message);
      }
      EmbeddingRequest wide =
          EmbeddingRequest.of(Tensor.zeros(1, 5, 11), seed, SamplingPlan.of(5, 1));
      assertThrows(RecipeException.class, () -> prior.draw(wide, Progress.NONE));
      EmbeddingRequest more =
          EmbeddingRequest.of(row, seed, SamplingPlan.of(5, 1).with(Map.of("eta", 1.0)));
      assertThrows(RecipeException.class, () -> prior.draw(more, Progress.NONE));
      PictureRequest text = PictureRequest.of(List.of("cat"), seed, SamplingPlan.of(5, 1));
      assertThrows(RecipeException.class, () -> prior.draw(text, Progress.NONE));
    }
    Path copy = temp.resolve("prior");
    try (Stream<Path> files = Files.walk(folder("atm"))) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(folder("atm").relativize(file).toString()));
      }
    }
    Path manifest = copy.resolve(ModelPack.MANIFEST);
    Files.writeString(
        manifest, Files.readString(manifest).replace("\"dimension\": 12", "\"dimension\": 11"));
    String message = assertThrows(ModelException.class, () -> open(copy)).getMessage();
    assertTrue(message.contains("1 x 11") && message.contains("decoded_prior.py"), message);
  }
}
