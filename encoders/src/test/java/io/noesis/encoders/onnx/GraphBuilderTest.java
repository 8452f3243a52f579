package io.noesis.encoders.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GraphBuilderTest {
  private static Tensor normal(String name, int... sizes) {
    var random = Seed.of(1).child(name).random();
    return Tensor.zeros(sizes).map(zero -> random.nextGaussian());
  }

  private static GraphBuilder product(Tensor weight) {
    GraphBuilder graph = new GraphBuilder("product");
    String x = graph.input("x", OnnxType.FLOAT32, List.of("batch", "40"));
    String w = graph.weight("w", weight);
    String y = graph.node("MatMul", "y", List.of(x, w));
    graph.output("product", y, List.of("batch", "33"));
    graph.metadata("subject", "sub-01");
    return graph;
  }

  private static Tensor run(Path file, Tensor x) {
    try (OnnxModel model = OnnxModel.open(file, OnnxOptions.SINGLE_THREADED)) {
      return model.run(Map.of("x", OnnxInput.of(x))).get("product");
    }
  }

  @Test
  void weightsBesideTheGraphGiveTheSameNumbers(@TempDir Path folder) throws IOException {
    Tensor weight = normal("weight", 40, 33);
    Tensor x = normal("x", 3, 40);
    Path inside = folder.resolve("inside.onnx");
    Path beside = folder.resolve("beside.onnx");
    product(weight).write(inside);
    product(weight).write(beside, 1000);
    assertFalse(Files.exists(folder.resolve("inside.onnx.data")));
    assertEquals(4L * weight.size(), Files.size(folder.resolve("beside.onnx.data")));
    assertTrue(Files.size(beside) < 1000);
    assertEquals(run(inside, x), run(beside, x));
  }

  @Test
  void rewritingLeavesNoOldWeights(@TempDir Path folder) {
    Path file = folder.resolve("model.onnx");
    product(normal("old", 40, 33)).write(file, 1000);
    Tensor weight = normal("new", 40, 33);
    product(weight).write(file);
    assertFalse(Files.exists(folder.resolve("model.onnx.data")));
    Tensor x = normal("x", 2, 40);
    product(weight).write(folder.resolve("fresh.onnx"));
    assertEquals(run(folder.resolve("fresh.onnx"), x), run(file, x));
  }

  @Test
  void smallWeightsAndAlignedOffsetsInsideTheGraph(@TempDir Path folder) throws IOException {
    GraphBuilder graph = new GraphBuilder("two");
    graph.weight("first", normal("first", 300, 3));
    graph.weight("second", normal("second", 500));
    graph.numbers("axes", 0, 1);
    Path file = folder.resolve("two.onnx");
    graph.write(file, 1000);
    ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
    List<TensorProto> weights = model.getGraph().getInitializerList();
    assertEquals(
        List.of("first", "second", "axes"), weights.stream().map(TensorProto::getName).toList());
    assertEquals(
        List.of("two.onnx.data", "65536", "2000"),
        weights.get(1).getExternalDataList().stream()
            .map(StringStringEntryProto::getValue)
            .toList());
    assertEquals(16, weights.get(2).getRawData().size());
  }

  @Test
  void saysWhoWroteItAndForWhat() throws IOException {
    ModelProto model = ModelProto.parseFrom(product(normal("weight", 40, 33)).bytes());
    assertEquals(10, model.getIrVersion());
    assertEquals(20, model.getOpsetImport(0).getVersion());
    assertEquals("noesis", model.getProducerName());
    assertEquals("subject", model.getMetadataProps(0).getKey());
    assertEquals("sub-01", model.getMetadataProps(0).getValue());
  }

  @Test
  void namesAreGivenOnceAndKnownBeforeUse() {
    GraphBuilder graph = product(normal("weight", 40, 33));
    assertThrows(IllegalArgumentException.class, () -> graph.weight("w", Tensor.zeros(1)));
    IllegalArgumentException unknown =
        assertThrows(
            IllegalArgumentException.class, () -> graph.node("Relu", "r", List.of("nowhere")));
    assertTrue(unknown.getMessage().contains("nowhere"));
    assertEquals("y_2", graph.unused("y"));
    assertEquals("z", graph.unused("z"));
  }

  /** 2.2 GB of zeros with a single one: more than a protobuf message holds. */
  private record Large(int rows, int width) implements GraphWeight {
    @Override
    public TensorProto.DataType type() {
      return TensorProto.DataType.FLOAT;
    }

    @Override
    public int[] sizes() {
      return new int[] {rows, width};
    }

    @Override
    public long bytes() {
      return 4L * rows * width;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      byte[] row = new byte[4 * width];
      for (int i = 0; i < rows - 1; i++) {
        out.write(row);
      }
      row[2] = (byte) 0x80;
      row[3] = 0x3f;
      out.write(row);
    }
  }

  /** The same size without the time it takes to write: a file of holes with a single one. */
  @Test
  void weightsAboveTwoGigabytesAreFoundBesideTheGraph(@TempDir Path folder) throws IOException {
    int rows = 550_000;
    GraphBuilder graph = new GraphBuilder("table");
    String row = graph.input("row", OnnxType.INT64, List.of("batch"));
    String table = graph.weight("table", normal("table", 1, 1000));
    graph.output(
        "numbers", graph.node("Gather", "g", List.of(table, row)), List.of("batch", "1000"));
    Path file = folder.resolve("table.onnx");
    graph.write(file, 1000);
    long bytes = 4_000L * rows;
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
    TensorProto.Builder weight = model.getGraphBuilder().getInitializerBuilder(0).setDims(0, rows);
    for (StringStringEntryProto.Builder told : weight.getExternalDataBuilderList()) {
      if (told.getKey().equals("length")) {
        told.setValue(Long.toString(bytes));
      }
    }
    Files.write(file, model.build().toByteArray());
    try (RandomAccessFile data =
        new RandomAccessFile(folder.resolve("table.onnx.data").toFile(), "rw")) {
      data.setLength(0);
      data.setLength(bytes);
      data.seek(bytes - 4);
      data.write(new byte[] {0, 0, (byte) 0x80, 0x3f});
    }
    try (OnnxModel opened = OnnxModel.open(file, OnnxOptions.SINGLE_THREADED)) {
      Tensor out =
          opened.run(Map.of("row", OnnxInput.of(new long[] {0, rows - 1}, 2))).get("numbers");
      assertEquals(0, out.at(0, 999));
      assertEquals(1, out.at(1, 999));
    }
  }

  @Test
  void weightsAboveTwoGigabytesRun(@TempDir Path folder) throws IOException {
    assumeTrue(Boolean.getBoolean("noesis.large"), "writes 2.2 GB; run with -Dnoesis.large=true");
    int rows = 550_000;
    GraphBuilder graph = new GraphBuilder("table");
    String row = graph.input("row", OnnxType.INT64, List.of("batch"));
    String table = graph.weight("table", new Large(rows, 1000));
    graph.output(
        "numbers", graph.node("Gather", "g", List.of(table, row)), List.of("batch", "1000"));
    assertThrows(IllegalArgumentException.class, graph::bytes);
    Path file = folder.resolve("table.onnx");
    graph.write(file);
    assertEquals(4_000L * rows, Files.size(folder.resolve("table.onnx.data")));
    try (OnnxModel model = OnnxModel.open(file, OnnxOptions.SINGLE_THREADED)) {
      Tensor out =
          model.run(Map.of("row", OnnxInput.of(new long[] {0, rows - 1}, 2))).get("numbers");
      assertEquals(0, out.at(0, 0));
      assertEquals(1, out.at(1, 0));
    }
  }
}
