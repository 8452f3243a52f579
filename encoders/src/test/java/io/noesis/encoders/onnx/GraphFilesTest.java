package io.noesis.encoders.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.Fingerprint;
import io.noesis.run.ModelException;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights in a subgraph and in a sparse constant too; the graph was written by onnx for Python. */
class GraphFilesTest {
  private static final List<String> BESIDE = List.of("one.bin", "parts/two.bin", "three.bin");

  @TempDir private Path folder;
  private Path graph;

  @BeforeEach
  void copy() throws IOException {
    Files.createDirectories(folder.resolve("parts"));
    for (String name : BESIDE) {
      copy(name);
    }
    graph = copy("beside.onnx");
  }

  private Path copy(String name) throws IOException {
    try (InputStream in = getClass().getResourceAsStream("/onnx/beside/" + name)) {
      return Files.write(folder.resolve(name), in.readAllBytes());
    }
  }

  @Test
  void everyFileOfWeightsIsNamed() {
    assertEquals(new TreeSet<>(BESIDE), GraphFiles.locations(graph));
  }

  @Test
  void everyByteOfEveryFileCounts() throws IOException {
    Set<String> seen = new HashSet<>(Set.of(GraphFiles.fingerprint(graph)));
    for (String name : BESIDE) {
      Path file = folder.resolve(name);
      byte[] whole = Files.readAllBytes(file);
      byte[] changed = whole.clone();
      changed[changed.length - 1] ^= 1;
      Files.write(file, changed);
      assertTrue(seen.add(GraphFiles.fingerprint(graph)), name);
      Files.write(file, whole);
    }
    assertTrue(seen.contains(GraphFiles.fingerprint(graph)));
    // The same bytes in one another's place are another model.
    Files.move(folder.resolve("one.bin"), folder.resolve("kept"));
    Files.move(folder.resolve("parts/two.bin"), folder.resolve("one.bin"));
    Files.move(folder.resolve("kept"), folder.resolve("parts/two.bin"));
    assertTrue(seen.add(GraphFiles.fingerprint(graph)));
  }

  @Test
  void theLoadedModelTellsTheSame(@TempDir Path other) throws IOException {
    GraphBuilder builder = new GraphBuilder("product");
    String x = builder.input("x", OnnxType.FLOAT32, List.of("batch", "40"));
    String w = builder.weight("w", Tensor.zeros(40, 33));
    builder.output("y", builder.node("MatMul", "product", List.of(x, w)), List.of("batch", "33"));
    Path file = other.resolve("beside.onnx");
    builder.write(file, 1000);
    String before = fingerprint(file);
    assertEquals(GraphFiles.fingerprint(file), before);
    assertNotEquals(Fingerprint.ofFile(file), before);
    Path weights = other.resolve("beside.onnx.data");
    byte[] changed = Files.readAllBytes(weights);
    changed[7] = 1;
    Files.write(weights, changed);
    assertNotEquals(before, fingerprint(file));
  }

  private static String fingerprint(Path file) {
    try (OnnxModel model = OnnxModel.open(file, OnnxOptions.SINGLE_THREADED)) {
      return model.fingerprint();
    }
  }

  @Test
  void aGraphInOnePieceHasTheDigestOfItsFile() throws IOException {
    Path whole = folder.resolve("mixed.onnx");
    try (InputStream in = getClass().getResourceAsStream("/onnx/mixed.onnx")) {
      Files.write(whole, in.readAllBytes());
    }
    assertEquals(Fingerprint.ofFile(whole), GraphFiles.fingerprint(whole));
  }

  @Test
  void refusesFilesThatAreMissingTornOrElsewhere() throws IOException {
    Files.delete(folder.resolve("three.bin"));
    refused(graph, "'three.bin'");
    byte[] whole = Files.readAllBytes(graph);
    refused(Files.write(folder.resolve("torn.onnx"), Arrays.copyOf(whole, 150)), "torn.onnx");
    refused(folder.resolve("none.onnx"), "none.onnx");
    // A name of the same length that leads out of the folder.
    byte[] out =
        new String(whole, java.nio.charset.StandardCharsets.ISO_8859_1)
            .replace("one.bin", "../x.bi")
            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    refused(Files.write(folder.resolve("out.onnx"), out), "'../x.bi'");
  }

  private static void refused(Path file, String named) {
    String message =
        assertThrows(ModelException.class, () -> GraphFiles.fingerprint(file)).getMessage();
    assertTrue(message.contains(named), message);
  }
}
