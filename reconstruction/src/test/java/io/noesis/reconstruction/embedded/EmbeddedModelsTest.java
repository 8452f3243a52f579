package io.noesis.reconstruction.embedded;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.ingest.manifest.ManifestFile;
import io.noesis.reconstruction.caption.Caption;
import io.noesis.reconstruction.caption.CaptionRequest;
import io.noesis.reconstruction.caption.DecodingOptions;
import io.noesis.reconstruction.caption.GraphCaptioner;
import io.noesis.reconstruction.caption.WordSearch;
import io.noesis.reconstruction.diffusion.DiffusionPipeline;
import io.noesis.reconstruction.diffusion.EmbeddingRequest;
import io.noesis.reconstruction.diffusion.GoldenPicture;
import io.noesis.reconstruction.diffusion.Pictures;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.reconstruction.pack.PackCheck;
import io.noesis.run.ModelException;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import io.noesis.tensor.LongArray;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EmbeddedModelsTest {
  private static final long LARGEST = 25_000_000;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void everyPackIsAsItPromises(EmbeddedModel model) {
    ModelPack pack = new EmbeddedModels(folder).open(model);
    assertEquals(List.of(), PackCheck.problems(pack, Progress.NONE));
    assertEquals("noesis-embedded-" + model.folder(), pack.manifest().orElseThrow().name());
    assertEquals("Apache-2.0", pack.manifest().orElseThrow().licence());
  }

  @Test
  void allOfThemAreSmall() {
    long bytes = 0;
    for (EmbeddedModel model : EmbeddedModel.values()) {
      for (ManifestFile file : EmbeddedModels.manifest(model).files()) {
        bytes += file.bytes();
      }
    }
    assertTrue(bytes < LARGEST, bytes + " bytes");
  }

  @Test
  void filesAreWrittenOnceAndMendedWhenDamaged() throws IOException {
    EmbeddedModels models = new EmbeddedModels(folder);
    Path pack = models.open(EmbeddedModel.TOWERS).folder();
    Map<Path, FileTime> written = times(pack);
    models.open(EmbeddedModel.TOWERS);
    assertEquals(written, times(pack));

    Path damaged = pack.resolve("text/model.onnx");
    byte[] right = Files.readAllBytes(damaged);
    byte[] wrong = right.clone();
    wrong[wrong.length / 2] ^= 1;
    Files.write(damaged, wrong);
    models.open(EmbeddedModel.TOWERS);
    assertArrayEquals(right, Files.readAllBytes(damaged));

    Path manifest = pack.resolve(ModelPack.MANIFEST);
    byte[] told = Files.readAllBytes(manifest);
    Files.writeString(manifest, "name: other\n");
    models.open(EmbeddedModel.TOWERS);
    assertArrayEquals(told, Files.readAllBytes(manifest));
  }

  @Test
  void severalMayUnpackAtOnce() throws InterruptedException {
    ConcurrentLinkedQueue<Object> seen = new ConcurrentLinkedQueue<>();
    List<Thread> threads =
        Stream.generate(
                () ->
                    new Thread(
                        () -> {
                          try {
                            seen.add(
                                PackCheck.problems(
                                    new EmbeddedModels(folder).open(EmbeddedModel.CAPTIONER),
                                    Progress.NONE));
                          } catch (RuntimeException e) {
                            seen.add(e);
                          }
                        }))
            .limit(4)
            .toList();
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(4, seen.size());
    seen.forEach(problems -> assertEquals(List.of(), problems));
  }

  @Test
  void theNumberOfThreadsChangesNoPictureBeyondOneLevel() {
    ModelPack pack = new EmbeddedModels(folder).open(EmbeddedModel.GENERATOR);
    List<Pictures> made = new ArrayList<>();
    for (int threads : new int[] {1, 4}) {
      try (DiffusionPipeline generator = DiffusionPipeline.open(pack, new OnnxOptions(threads))) {
        int dim = generator.space().dim();
        PinnedRandom random = Seed.of(1).random();
        Tensor embeddings = Tensor.zeros(2, dim).map(zero -> random.nextGaussian());
        made.add(
            generator.generate(
                EmbeddingRequest.of(embeddings, List.of(1L, 2L), generator.plan()), Progress.NONE));
      }
    }
    float[] latents = made.get(0).latents().array();
    double largest = 0;
    double apart = 0;
    for (int i = 0; i < latents.length; i++) {
      largest = Math.max(largest, Math.abs(latents[i]));
      apart = Math.max(apart, Math.abs(latents[i] - made.get(1).latents().array()[i]));
    }
    assertTrue(apart <= 1e-4 * largest, apart + " of " + largest);
    for (int row = 0; row < 2; row++) {
      byte[] some = made.get(0).images().get(row).rgb();
      byte[] others = made.get(1).images().get(row).rgb();
      for (int i = 0; i < some.length; i++) {
        assertEquals(some[i] & 0xff, others[i] & 0xff, 1, "pixel " + i);
      }
    }
  }

  @Test
  void theTowersGiveTheirGoldenVectors() {
    ModelPack pack = new EmbeddedModels(folder).open(EmbeddedModel.TOWERS);
    try (Safetensors golden = Safetensors.open(pack.file("golden.safetensors"))) {
      Tensor pixels = golden.read("pixel_values");
      close(
          golden.read("image_embeds"),
          run(pack, "vision", "pixel_values", OnnxInput.of(pixels), "image_embeds"));
      long[] ids = golden.readLongs("input_ids").array();
      close(
          golden.read("text_embeds"),
          run(pack, "text", "input_ids", OnnxInput.of(ids, 2, ids.length / 2), "text_embeds"));
    }
  }

  @Test
  void theCaptionerWritesItsGoldenWords() {
    ModelPack pack = new EmbeddedModels(folder).open(EmbeddedModel.CAPTIONER);
    try (Safetensors golden = Safetensors.open(pack.file("golden.safetensors"));
        GraphCaptioner captioner = GraphCaptioner.open(pack, DecodingOptions.threads(1))) {
      LongArray tokens = golden.readLongs("tokens");
      Tensor embeddings = golden.read("embeddings");
      int longest = tokens.array().length / embeddings.dim(0);
      List<Caption> captions =
          captioner.caption(
              embeddings,
              new CaptionRequest(new WordSearch.Greedy(), captioner.maxTokens(), 0),
              Progress.NONE);
      for (int row = 0; row < captions.size(); row++) {
        List<Long> expected =
            Arrays.stream(tokens.array(), row * longest, (row + 1) * longest)
                .filter(token -> token >= 0)
                .boxed()
                .toList();
        assertEquals(expected, captions.get(row).tokens());
      }
    }
  }

  @Test
  void theGeneratorDrawsItsGoldenPicture() {
    ModelPack pack = new EmbeddedModels(folder).open(EmbeddedModel.GENERATOR);
    OptionalInt difference = GoldenPicture.difference(pack, Progress.NONE);
    assertTrue(
        difference.orElseThrow() <= GoldenPicture.TOLERANCE, difference + " grey levels apart");
  }

  @Test
  void theCacheIsTheFirstFolderThatCanBeWrittenTo() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    Map<String, String> environment = new HashMap<>();
    Map<String, String> properties =
        new HashMap<>(
            Map.of(
                "user.home", folder.resolve("home").toString(),
                "user.name", "someone",
                "java.io.tmpdir", folder.resolve("tmp").toString()));
    assertEquals(
        folder.resolve("home/.cache/noesis/embedded"),
        CacheFolder.choose(environment::get, properties::get));
    environment.put("XDG_CACHE_HOME", folder.resolve("xdg").toString());
    assertEquals(
        folder.resolve("xdg/noesis/embedded"),
        CacheFolder.choose(environment::get, properties::get));
    environment.put("XDG_CACHE_HOME", file.toString());
    properties.put("user.home", file.toString());
    assertEquals(
        folder.resolve("tmp/noesis-embedded-someone"),
        CacheFolder.choose(environment::get, properties::get));
    properties.put("java.io.tmpdir", file.toString());
    ModelException e =
        assertThrows(
            ModelException.class, () -> CacheFolder.choose(environment::get, properties::get));
    assertTrue(e.getMessage().contains("XDG_CACHE_HOME"), e.getMessage());
  }

  private static void close(Tensor expected, Tensor found) {
    assertArrayEquals(expected.array(), found.array(), 1e-4f);
  }

  private static Tensor run(
      ModelPack pack, String role, String name, OnnxInput input, String output) {
    try (OnnxModel model = OnnxModel.open(pack.graph(role).file(), OnnxOptions.SINGLE_THREADED)) {
      return model.run(Map.of(name, input), List.of(output)).get(output);
    }
  }

  private static Map<Path, FileTime> times(Path folder) throws IOException {
    Map<Path, FileTime> out = new HashMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.put(file, Files.getLastModifiedTime(file));
      }
    }
    return out;
  }
}
