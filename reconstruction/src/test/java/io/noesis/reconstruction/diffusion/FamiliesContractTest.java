package io.noesis.reconstruction.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.reconstruction.diffusion.schedule.Scheduler;
import io.noesis.reconstruction.diffusion.schedule.Schedulers;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of diffusion model against tests/fixtures/make/tiny_generators.py. */
class FamiliesContractTest {
  private static final Path FOLDER =
      Path.of("src/test/resources/io/noesis/reconstruction/diffusion");

  static List<Path> packs() throws IOException {
    try (Stream<Path> all = Files.list(FOLDER)) {
      return all.filter(path -> Files.exists(path.resolve("golden.safetensors")))
          .filter(path -> !path.endsWith("tiny-stable-diffusion"))
          .sorted()
          .toList();
    }
  }

  /** A run, and the latents after every call. */
  record Case(
      Optional<EmbeddingRequest> request,
      Optional<PictureRequest> text,
      JsonNode told,
      Tensor trajectory,
      long[] image) {
    static List<Case> of(Path pack) throws IOException {
      JsonNode index = new ObjectMapper().readTree(pack.resolve("cases.json").toFile());
      List<Case> out = new ArrayList<>();
      try (Safetensors file = Safetensors.open(pack.resolve("cases.safetensors"))) {
        for (int i = 0; i < index.size(); i++) {
          String name = String.format("%02d/", i);
          JsonNode told = index.get(i);
          out.add(
              new Case(
                  told.has("prompts") ? Optional.empty() : Optional.of(request(told, name, file)),
                  told.has("prompts") ? Optional.of(text(told)) : Optional.empty(),
                  told,
                  file.read(name + "trajectory"),
                  file.readLongs(name + "image").array()));
        }
      }
      return out;
    }

    private static PictureRequest text(JsonNode told) {
      List<String> prompts = new ArrayList<>();
      told.get("prompts").forEach(prompt -> prompts.add(prompt.asText()));
      return new PictureRequest(
          prompts, told.path("negative").asText(""), seeds(told), plan(told), Optional.empty());
    }

    private static List<Long> seeds(JsonNode told) {
      List<Long> seeds = new ArrayList<>();
      told.get("seeds").forEach(seed -> seeds.add(seed.asLong()));
      return seeds;
    }

    private static SamplingPlan plan(JsonNode told) {
      Map<String, Double> settings = new LinkedHashMap<>();
      told.path("settings")
          .properties()
          .forEach(e -> settings.put(e.getKey(), e.getValue().asDouble()));
      return new SamplingPlan(
          told.get("steps").asInt(),
          told.get("guidance").asDouble(),
          told.path("rescale").asDouble(0),
          told.path("strength").asDouble(1),
          settings);
    }

    private static EmbeddingRequest request(JsonNode told, String name, Safetensors file) {
      List<String> captions = new ArrayList<>();
      told.path("captions").forEach(text -> captions.add(text.asText()));
      Map<String, Tensor> also = new LinkedHashMap<>();
      Optional<Tensor> start = Optional.empty();
      for (String key : file.names()) {
        if (key.startsWith(name + "also/")) {
          also.put(key.substring(name.length() + 5), file.read(key));
        }
        if (key.equals(name + "start")) {
          start = Optional.of(file.read(key));
        }
      }
      return new EmbeddingRequest(
          file.read(name + "embeddings"),
          captions,
          told.path("negative").asText(""),
          seeds(told),
          plan(told),
          start,
          also);
    }

    Pictures made(DiffusionPipeline pipeline) {
      return made(pipeline, Schedulers.read(told.get("scheduler"), "a case"));
    }

    Pictures made(DiffusionPipeline pipeline, Scheduler sampler) {
      return request.isPresent()
          ? pipeline.generate(request.get(), sampler, Progress.NONE)
          : pipeline.generate(text.orElseThrow(), sampler, Progress.NONE);
    }
  }

  /** As {@link ImageGenerator} says: latents to 1e-4 of the largest, pixels to one level of 255. */
  @Test
  void theNumberOfThreadsChangesNothingBeyondTheTolerance() throws IOException {
    Path pack = FOLDER.resolve("tiny-image-embedding");
    Case one = Case.of(pack).get(0);
    try (DiffusionPipeline alone = open(pack);
        DiffusionPipeline four = DiffusionPipeline.open(ModelPack.open(pack), new OnnxOptions(4))) {
      assertAlike(one.made(alone), one.made(four), String.valueOf(pack.getFileName()));
    }
  }

  /** Holds pictures that were made by other numbers of threads against each other. */
  private static void assertAlike(Pictures expected, Pictures found, String what) {
    float[] latents = expected.latents().array();
    double largest = 0;
    double apart = 0;
    for (int i = 0; i < latents.length; i++) {
      largest = Math.max(largest, Math.abs(latents[i]));
      apart = Math.max(apart, Math.abs(latents[i] - found.latents().array()[i]));
    }
    assertTrue(apart <= 1e-4 * largest, what + ": latents differ by " + apart + " of " + largest);
    assertEquals(expected.images().size(), found.images().size());
    for (int row = 0; row < expected.images().size(); row++) {
      byte[] some = expected.images().get(row).rgb();
      byte[] others = found.images().get(row).rgb();
      for (int i = 0; i < some.length; i++) {
        int levels = Math.abs((some[i] & 0xff) - (others[i] & 0xff));
        assertTrue(levels <= 1, what + ": a pixel differs by " + levels + " levels");
      }
    }
  }

  private static DiffusionPipeline open(Path pack) {
    return DiffusionPipeline.open(ModelPack.open(pack), OnnxOptions.SINGLE_THREADED);
  }

  @ParameterizedTest
  @MethodSource("packs")
  void everyCallAndThePicturesAreThoseOfDiffusers(Path pack) throws IOException {
    assertEveryCall(pack, Case.of(pack));
  }

  /** Holds the latents after every call and the pictures of a pack's runs against the reference. */
  static void assertEveryCall(Path pack, List<Case> cases) {
    try (DiffusionPipeline pipeline = open(pack)) {
      for (Case one : cases) {
        var sampler = new Trajectory(Schedulers.read(one.told.get("scheduler"), "a case"));
        Pictures made = one.made(pipeline, sampler);
        String what = pack.getFileName() + " " + one.told;
        sampler.assertFollows(one.trajectory, what);
        long level = 0;
        int at = 0;
        for (var image : made.images()) {
          for (byte value : image.rgb()) {
            level = Math.max(level, Math.abs(one.image[at++] - (value & 0xff)));
          }
        }
        assertEquals(one.image.length, at);
        assertTrue(level <= 2, "a pixel differs by " + level + " levels, " + one.told);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("packs")
  void theSameRequestGivesTheSameBytesAndRowsAreIndependent(Path pack) throws IOException {
    try (DiffusionPipeline pipeline = open(pack)) {
      Case two =
          Case.of(pack).stream()
              .filter(c -> c.request.isPresent() && c.request.get().seeds().size() == 2)
              .findFirst()
              .orElseThrow();
      Pictures first = two.made(pipeline);
      Pictures again = two.made(pipeline);
      assertEquals(first.latents(), again.latents());
      assertArrayEquals(first.images().get(1).rgb(), again.images().get(1).rgb());
      assertFalse(
          java.util.Arrays.equals(first.images().get(0).rgb(), first.images().get(1).rgb()));
      EmbeddingRequest r = two.request.orElseThrow();
      int[] second = {1};
      Map<String, Tensor> also = new LinkedHashMap<>();
      r.also().forEach((name, value) -> also.put(name, value.rows(second)));
      EmbeddingRequest alone =
          new EmbeddingRequest(
              r.embeddings().rows(second),
              r.captions().isEmpty() ? List.of() : r.captions().subList(1, 2),
              r.negative(),
              r.seeds().subList(1, 2),
              r.plan(),
              r.start().map(s -> s.rows(second)),
              also);
      Tensor found =
          new Case(Optional.of(alone), Optional.empty(), two.told, two.trajectory, two.image)
              .made(pipeline)
              .latents();
      for (int i = 0; i < found.size(); i++) {
        assertEquals(first.latents().row(1)[i], found.array()[i], 1e-4f);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("packs")
  void theGoldenPictureComesOut(Path pack) {
    int difference =
        GoldenPicture.difference(ModelPack.open(pack), Progress.NONE).orElse(Integer.MAX_VALUE);
    assertTrue(difference <= GoldenPicture.TOLERANCE, "differs by " + difference + " levels");
  }

  @ParameterizedTest
  @MethodSource("packs")
  void requestsThatDoNotFitAreRefused(Path pack) throws IOException {
    try (DiffusionPipeline pipeline = open(pack)) {
      EmbeddingRequest r =
          Case.of(pack).stream().flatMap(c -> c.request.stream()).findFirst().orElseThrow();
      int[] sizes = r.embeddings().shape().toArray();
      sizes[sizes.length - 1] += 1;
      EmbeddingRequest wide =
          new EmbeddingRequest(
              Tensor.zeros(sizes), r.captions(), "", r.seeds(), r.plan(), r.start(), r.also());
      assertThrows(RecipeException.class, () -> pipeline.generate(wide, Progress.NONE));
      EmbeddingRequest strange =
          new EmbeddingRequest(
              r.embeddings(),
              r.captions(),
              "",
              r.seeds(),
              r.plan().with(Map.of("nosuch", 1.0)),
              r.start(),
              r.also());
      assertThrows(RecipeException.class, () -> pipeline.generate(strange, Progress.NONE));
      assertEquals(64, pipeline.fingerprint().length());
      assertEquals(sizes[sizes.length - 1] - 1, pipeline.space().dim());
    }
  }

  @Test
  void everyKindHasAPack() throws IOException {
    TreeSet<String> kinds = new TreeSet<>();
    for (Path pack : packs()) {
      String kind = ModelPack.open(pack).kind();
      Families.registry().entries().stream()
          .filter(entry -> kind.equals(entry.name()) || kind.equals(entry.value().className()))
          .forEach(entry -> kinds.add(entry.name()));
    }
    kinds.add("stable-diffusion"); // StableDiffusionTest
    assertEquals(new TreeSet<>(Families.registry().names()), kinds);
  }
}
