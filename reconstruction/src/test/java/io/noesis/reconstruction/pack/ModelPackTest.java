package io.noesis.reconstruction.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.onnx.GraphBuilder;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxType;
import io.noesis.ingest.manifest.Dialect;
import io.noesis.run.Fingerprint;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the pack of tests/fixtures/make/tiny_stable_diffusion.py, and on what goes wrong with it. */
class ModelPackTest {
  private static final Path TINY =
      Path.of("src/test/resources/io/noesis/reconstruction/diffusion/tiny-stable-diffusion");

  @TempDir private Path folder;
  private Path pack;

  @BeforeEach
  void copy() throws IOException {
    pack = folder.resolve("pack");
    try (Stream<Path> files = Files.walk(TINY)) {
      for (Path file : files.toList()) {
        Files.copy(file, pack.resolve(TINY.relativize(file).toString()));
      }
    }
  }

  private String problems() {
    return String.join("\n", PackCheck.problems(ModelPack.open(pack), Progress.NONE));
  }

  private static void assertSays(String message, String... words) {
    for (String word : words) {
      assertTrue(message.contains(word), () -> "no '" + word + "' in: " + message);
    }
  }

  private void replaceGraph(String path, String input, OnnxType type, String... axes)
      throws IOException {
    GraphBuilder graph = new GraphBuilder("other");
    graph.input(input, type, List.of(axes));
    graph.weight("one", io.noesis.tensor.Tensor.wrap(new float[] {1}, 1, 1, 1, 1));
    graph.output("sample", "one", List.of("1", "1", "1", "1"));
    Files.write(pack.resolve(path), graph.bytes());
  }

  private void manifest(String... lines) throws IOException {
    String head =
        """
        name: test
        kind: test
        title: a test
        licence: none
        source: here
        citation: none
        """;
    Files.writeString(pack.resolve(ModelPack.MANIFEST), head + String.join("\n", lines) + "\n");
  }

  @Test
  void aPackOfOptimumIsRecognisedAndSound() {
    ModelPack found = ModelPack.open(pack);
    assertEquals(Dialect.OPTIMUM, found.dialect());
    assertEquals("StableDiffusionPipeline", found.kind());
    assertEquals(
        List.of("text_encoder", "unet", "vae_encoder", "vae_decoder"),
        found.graphs().stream().map(PackGraph::role).toList());
    assertEquals(0.18215, found.vaeScale());
    assertEquals("", problems());
    PackCheck.require(found, Progress.NONE);
    assertSays(
        assertThrows(ModelException.class, () -> found.graph("prior")).getMessage(), "prior");
  }

  @Test
  void theOlderLayoutWantsOtherTypes() throws IOException {
    Files.writeString(
        pack.resolve("model_index.json"),
        "{\"_class_name\": \"OnnxStableDiffusionPipeline\", \"text_encoder\": [\"diffusers\","
            + " \"OnnxRuntimeModel\"], \"unet\": [\"diffusers\", \"OnnxRuntimeModel\"],"
            + " \"safety_checker\": [null, null]}");
    assertEquals(Dialect.LEGACY_DIFFUSERS, ModelPack.open(pack).dialect());
    assertSays(problems(), "input_ids", "INT64", "INT32", "timestep", "0 axes");
  }

  @Test
  void towersOfTransformersJsAreRecognised() throws IOException {
    Path towers = Files.createDirectories(folder.resolve("clip/onnx"));
    GraphBuilder graph = new GraphBuilder("vision");
    graph.input("pixel_values", OnnxType.FLOAT32, List.of("batch", "3", "8", "8"));
    graph.output(
        "image_embeds", graph.weight("w", io.noesis.tensor.Tensor.zeros(1, 4)), List.of("1", "4"));
    Files.write(towers.resolve("vision_model.onnx"), graph.bytes());
    ModelPack found = ModelPack.open(folder.resolve("clip"));
    assertEquals(Dialect.TRANSFORMERS_JS, found.dialect());
    assertEquals(List.of(), PackCheck.problems(found, Progress.NONE));
  }

  @Test
  void aMissingScalingFactorIsNeverGuessed() throws IOException {
    for (String name : List.of("vae_decoder", "vae_encoder")) {
      Path config = pack.resolve(name + "/config.json");
      Files.writeString(config, Files.readString(config).replace("scaling_factor", "other"));
    }
    assertSays(problems(), "scaling factor", "vae_decoder/config.json");
    manifest("dialect: optimum", "scaling:", "  vae: 0.5");
    assertEquals(0.5, ModelPack.open(pack).vaeScale());
    manifest("dialect: optimum", "scaling:", "  vae: 0");
    assertSays(problems(), "scaling factor", "above 0");
  }

  @Test
  void aMissingAndATruncatedGraphAreNamed() throws IOException {
    Files.delete(pack.resolve("unet/model.onnx"));
    assertSays(problems(), "unet/model.onnx is not there");
    byte[] whole = Files.readAllBytes(pack.resolve("vae_decoder/model.onnx"));
    Files.write(pack.resolve("vae_decoder/model.onnx"), Arrays.copyOf(whole, whole.length - 1000));
    assertSays(problems(), "vae_decoder", "refuses");
  }

  @Test
  void wrongNamesTypesAndRanksAreNamed() throws IOException {
    replaceGraph("vae_decoder/model.onnx", "latents", OnnxType.FLOAT32, "b", "4", "h", "w");
    assertSays(problems(), "no input 'latent_sample'", "'latents FLOAT32");
    replaceGraph("vae_decoder/model.onnx", "latent_sample", OnnxType.INT64, "b", "4", "h", "w");
    assertSays(problems(), "latent_sample", "INT64", "FLOAT32");
    replaceGraph("vae_decoder/model.onnx", "latent_sample", OnnxType.FLOAT32, "b", "4", "hw");
    assertSays(problems(), "latent_sample", "3 axes");
  }

  /** A manifest of all files but those of that name. */
  private void listed(String butNot) throws IOException {
    List<String> lines = new ArrayList<>(List.of("dialect: optimum", "files:"));
    try (Stream<Path> files = Files.walk(pack)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        if (!file.endsWith(butNot) && !file.endsWith(ModelPack.MANIFEST)) {
          lines.add(
              String.format(
                  "- {path: %s, bytes: %d, sha256: %s}",
                  pack.relativize(file), Files.size(file), Fingerprint.ofFile(file)));
        }
      }
    }
    manifest(lines.toArray(String[]::new));
  }

  @Test
  void filesThatTheManifestDoesNotNameAreRefusedByName() throws IOException {
    listed("none");
    assertEquals("", problems());
    for (String name : List.of("scheduler/scheduler_config.json", "model_index.json")) {
      listed(name);
      assertSays(problems(), name + " is not among the files", "SHA-256");
      ModelException refused =
          assertThrows(ModelException.class, () -> PackCheck.requireFiles(ModelPack.open(pack)));
      assertSays(refused.getMessage(), name, "1 problem");
      assertEquals(6, refused.exitCode().code());
    }
    listed("none");
    Files.writeString(pack.resolve("README.md"), "for people");
    Files.createDirectories(pack.resolve(".cache"));
    Files.writeString(pack.resolve(".cache/state.json"), "{}");
    assertEquals("", problems());
    Path scheduler = pack.resolve("scheduler/scheduler_config.json");
    Files.writeString(scheduler, Files.readString(scheduler).replace("scaled_linear", "linear"));
    assertSays(problems(), "scheduler_config.json", "expected");
    Files.writeString(pack.resolve("unet/weights.bin"), "somebody's");
    assertSays(problems(), "unet/weights.bin is not among the files");
  }

  @Test
  void aManifestWithoutFilesIsToldOf() throws IOException {
    manifest("dialect: optimum");
    List<String> told = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public void warn(String message) {
            told.add(message);
          }
        };
    assertEquals(List.of(), PackCheck.problems(ModelPack.open(pack), progress));
    assertEquals(1, told.size());
    assertSays(told.get(0), "lists no files", "noesis-model.yaml");
  }

  @Test
  void aGraphIsComparedAsItIsOpened() throws IOException {
    replaceGraph("vae_decoder/model.onnx", "latents", OnnxType.FLOAT32, "b", "4", "h", "w");
    ModelPack found = ModelPack.open(pack);
    PackCheck.requireFiles(found);
    PackCheck.open(found, "unet", OnnxOptions.SINGLE_THREADED).close();
    assertSays(
        assertThrows(
                ModelException.class,
                () -> PackCheck.open(found, "vae_decoder", OnnxOptions.SINGLE_THREADED))
            .getMessage(),
        "vae_decoder/model.onnx",
        "no input 'latent_sample'");
  }

  @Test
  void filesAreComparedWithTheManifest() throws IOException {
    Path unet = pack.resolve("unet/model.onnx");
    String sha = Fingerprint.ofFile(unet);
    listed("none");
    assertEquals("", problems());
    byte[] bytes = Files.readAllBytes(unet);
    bytes[bytes.length / 2]++;
    Files.write(unet, bytes);
    assertSays(problems(), "unet/model.onnx", "SHA-256", sha);
    Files.delete(unet);
    assertSays(problems(), "unet/model.onnx is not there");
  }

  @Test
  void pathsMayNotLeadOutside() throws IOException {
    manifest("dialect: noesis", "graphs:", "- {role: unet, path: ../other.onnx}");
    assertSays(
        assertThrows(ModelException.class, () -> ModelPack.open(pack)).getMessage(),
        "../other.onnx");
    manifest(
        "dialect: optimum",
        "files:",
        "- {path: /etc/passwd, bytes: 1, sha256: " + "a".repeat(64) + "}");
    assertSays(
        assertThrows(ModelException.class, () -> ModelPack.open(pack)).getMessage(), "/etc/passwd");
    Files.delete(pack.resolve(ModelPack.MANIFEST));
    Path outside = folder.resolve("outside.onnx");
    Files.move(pack.resolve("unet/model.onnx"), outside);
    Files.createSymbolicLink(pack.resolve("unet/model.onnx"), outside);
    assertSays(
        assertThrows(ModelException.class, () -> ModelPack.open(pack)).getMessage(),
        "leads outside");
  }

  @Test
  void embeddingsOfAnotherDimensionAreNamed() throws IOException {
    String graph =
        "- {role: text_encoder, path: text_encoder/model.onnx, inputs: [{name: input_ids, type:"
            + " int64, axes: [batch, \"77\"]}], outputs: [{name: pooler_output, type: float32,"
            + " axes: [batch, \"%d\"]}]}";
    manifest("dialect: noesis", "graphs:", String.format(graph, 16));
    assertEquals("", problems());
    manifest("dialect: noesis", "graphs:", String.format(graph, 768));
    assertSays(problems(), "pooler_output", "16", "768");
    manifest(
        "dialect: noesis",
        "space: {model: clip, layer: pooler_output, dimension: 768, tokens: 1}",
        "graphs:",
        String.format(graph, 16));
    assertSays(problems(), "pooler_output", "16", "768", "clip");
  }

  @Test
  void otherFoldersAreRefused() throws IOException {
    assertSays(
        assertThrows(ModelException.class, () -> ModelPack.open(folder)).getMessage(),
        "model_index.json");
    assertThrows(ModelException.class, () -> ModelPack.open(folder.resolve("absent")));
    assertThrows(ModelException.class, () -> ModelPack.open(pack.resolve("model_index.json")));
    Files.writeString(pack.resolve("model_index.json"), "{\"_class_name\": ");
    assertThrows(ModelException.class, () -> ModelPack.open(pack));
    Files.writeString(pack.resolve("model_index.json"), "{}");
    assertSays(
        assertThrows(ModelException.class, () -> ModelPack.open(pack)).getMessage(), "no graph");
  }
}
