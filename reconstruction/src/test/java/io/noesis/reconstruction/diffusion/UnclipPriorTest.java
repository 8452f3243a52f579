package io.noesis.reconstruction.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
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
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A prior as an ONNX pack against tests/fixtures/make/tiny_priors.py. */
class UnclipPriorTest {
  private static final Path FOLDER =
      Path.of("src/test/resources/io/noesis/reconstruction/diffusion");
  private static final Path PACK = FOLDER.resolve("prior/tiny-unclip-prior");
  private static final double TOLERANCE = 1e-4;

  private static UnclipPrior open() {
    return (UnclipPrior) Priors.open(ModelPack.open(PACK), OnnxOptions.SINGLE_THREADED);
  }

  private static void near(Tensor expected, Tensor found, String what) {
    assertEquals(expected.shape(), found.shape(), what);
    for (int i = 0; i < expected.size(); i++) {
      double wanted = expected.array()[i];
      double error = Math.abs(wanted - found.array()[i]) / Math.max(1, Math.abs(wanted));
      assertTrue(error <= TOLERANCE, what + ": differs by " + error + " at " + i);
    }
  }

  private static Ask ask(JsonNode told, Optional<Tensor> given) {
    List<String> prompts = new ArrayList<>();
    told.get("prompts").forEach(p -> prompts.add(p.asText()));
    List<Long> seeds = new ArrayList<>();
    told.get("seeds").forEach(s -> seeds.add(s.asLong()));
    SamplingPlan plan = SamplingPlan.of(told.get("steps").asInt(), told.get("guidance").asDouble());
    return new Ask(
        seeds, plan, given, prompts, told.get("negative").asText(), Map.of(), Optional.empty());
  }

  @Test
  void everySampleOfEveryRunIsThatOfDiffusers() throws IOException {
    JsonNode index = new ObjectMapper().readTree(PACK.resolve("cases.json").toFile());
    assertEquals(4, index.size());
    try (UnclipPrior prior = open();
        Safetensors file = Safetensors.open(PACK.resolve("cases.safetensors"))) {
      for (int i = 0; i < index.size(); i++) {
        String name = String.format("%02d/", i);
        Optional<Tensor> given =
            file.names().contains(name + "given")
                ? Optional.of(file.read(name + "given"))
                : Optional.empty();
        List<Tensor> samples = new ArrayList<>();
        Tensor drawn = prior.draw(ask(index.get(i), given), Progress.NONE, samples::add);
        near(file.read(name + "embedding"), drawn, name);
        Tensor expected = file.read(name + "samples");
        assertEquals(expected.dim(0), samples.size());
        for (int step = 0; step < samples.size(); step++) {
          near(
              expected.rows(new int[] {step}).reshape(samples.get(step).shape().toArray()),
              samples.get(step),
              name + " step " + step);
        }
      }
    }
  }

  @Test
  void rowsAreIndependentAndSeedsDecide() {
    try (UnclipPrior prior = open()) {
      PictureRequest two =
          PictureRequest.of(List.of("the cat", "dog"), List.of(1L, 2L), prior.plan());
      Tensor both = prior.draw(two, Progress.NONE);
      assertEquals(both, prior.draw(two, Progress.NONE));
      Tensor alone =
          prior.draw(PictureRequest.of(List.of("dog"), List.of(2L), prior.plan()), Progress.NONE);
      near(both.rows(new int[] {1}), alone, "the second row alone");
      Tensor other =
          prior.draw(PictureRequest.of(List.of("dog"), List.of(3L), prior.plan()), Progress.NONE);
      assertNotEquals(alone, other);
    }
  }

  @Test
  void itRunsBeforeAGenerator() {
    EmbeddingPrior prior = open();
    EmbeddingSpace space = prior.space();
    EmbeddingRequest[] seen = new EmbeddingRequest[1];
    ImageGenerator generator =
        new ImageGenerator() {
          @Override
          public EmbeddingSpace space() {
            return space;
          }

          @Override
          public SamplingPlan plan() {
            return SamplingPlan.of(3, 2);
          }

          @Override
          public Pictures generate(EmbeddingRequest request, Progress progress) {
            seen[0] = request;
            return new Pictures(List.of(), Tensor.zeros(1, 1, 1, 1));
          }

          @Override
          public String fingerprint() {
            return "a test";
          }

          @Override
          public void close() {}
        };
    try (BehindPrior both = new BehindPrior(prior, generator)) {
      assertEquals(prior.given(), both.space());
      float[] row = {1, 0, -1, 2, 0.5f, 0, 1, -1};
      EmbeddingRequest request =
          EmbeddingRequest.of(Tensor.wrap(row, 1, 8), List.of(4L), both.plan());
      both.generate(request, Progress.NONE);
      Tensor drawn =
          prior.draw(
              EmbeddingRequest.of(Tensor.wrap(row, 1, 8), List.of(4L), prior.plan()),
              Progress.NONE);
      assertEquals(drawn, seen[0].embeddings());
      assertTrue(both.facts().get("prior").contains("5 steps"), both.facts().toString());
      assertFalse(both.facts().containsKey("in the place of the prior's own"));
      SamplingPlan other = SamplingPlan.of(3, 1.5);
      BehindPrior set = new BehindPrior(prior, other, false, generator);
      set.generate(request.withDraws(List.of(9L)), Progress.NONE);
      assertEquals(
          prior.draw(
              EmbeddingRequest.of(Tensor.wrap(row, 1, 8), List.of(9L), other), Progress.NONE),
          seen[0].embeddings());
      assertEquals(List.of(4L), seen[0].seeds(), "the picture's noise is its own");
      assertTrue(set.facts().get("prior").contains("3 steps with guidance 1.5"));
      assertTrue(set.facts().get("in the place of the prior's own").startsWith("5 steps"));
      assertNotEquals(both.fingerprint(), set.fingerprint());
      ImageGenerator texts = both.byCaption().orElseThrow();
      texts.generate(request.withCaptions(List.of("the cat")).without("a dog"), Progress.NONE);
      assertEquals(
          prior.draw(
              new PictureRequest(
                  List.of("the cat"), "a dog", List.of(4L), prior.plan(), Optional.empty()),
              Progress.NONE),
          seen[0].embeddings());
      assertNotEquals(both.fingerprint(), generator.fingerprint());
    }
    try (UnclipPrior other = open();
        DiffusionPipeline pipeline =
            DiffusionPipeline.open(
                ModelPack.open(FOLDER.resolve("tiny-kandinsky")), OnnxOptions.SINGLE_THREADED)) {
      assertThrows(
          ModelException.class, () -> new BehindPrior(other, pipeline), "8 and 12 numbers");
    }
  }

  @Test
  void itsGoldenEmbeddingComesOut() {
    assertTrue(
        GoldenPair.check(ModelPack.open(PACK), Progress.NONE)
            .orElse("nothing")
            .startsWith("its embedding comes out"));
  }

  @Test
  void whatDoesNotFitIsRefused(@TempDir Path folder) throws IOException {
    try (UnclipPrior prior = open()) {
      EmbeddingRequest wide =
          EmbeddingRequest.of(Tensor.zeros(1, 9), List.of(1L), SamplingPlan.of(3, 2));
      assertThrows(RecipeException.class, () -> prior.draw(wide, Progress.NONE));
      EmbeddingRequest setting =
          EmbeddingRequest.of(
              Tensor.zeros(1, 8), List.of(1L), SamplingPlan.of(3, 2).with(Map.of("mix", 1.0)));
      assertThrows(RecipeException.class, () -> prior.draw(setting, Progress.NONE));
    }
    ModelException kind =
        assertThrows(
            ModelException.class,
            () ->
                Priors.open(
                    ModelPack.open(FOLDER.resolve("tiny-kandinsky")), OnnxOptions.SINGLE_THREADED));
    assertTrue(kind.getMessage().contains("unclip-prior"), kind.getMessage());
    Path copy = folder.resolve("copy");
    try (Stream<Path> files = Files.walk(PACK)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = copy.resolve(PACK.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
    Path manifest = copy.resolve(ModelPack.MANIFEST);
    String text = Files.readString(manifest);
    Files.writeString(manifest, text.replace("\"predicted_image_embedding\"", "\"predicted\""));
    ModelException contract =
        assertThrows(
            ModelException.class,
            () -> Priors.open(ModelPack.open(copy), OnnxOptions.SINGLE_THREADED));
    assertTrue(contract.getMessage().contains("'predicted'"), contract.getMessage());
    Files.writeString(manifest, text.replace("\"dimension\": 8", "\"dimension\": 9"));
    ModelException space =
        assertThrows(
            ModelException.class,
            () -> Priors.open(ModelPack.open(copy), OnnxOptions.SINGLE_THREADED));
    assertTrue(space.getMessage().contains("9 numbers"), space.getMessage());
  }
}
