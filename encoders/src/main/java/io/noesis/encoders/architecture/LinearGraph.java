package io.noesis.encoders.architecture;

import io.noesis.encoders.onnx.GraphBuilder;
import io.noesis.encoders.onnx.OnnxType;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A linear decoder as an ONNX graph: {@code response · W + b} in float32. */
final class LinearGraph {
  /** How many weights one array holds. */
  static final long LARGEST = Integer.MAX_VALUE - 8;

  private LinearGraph() {}

  /**
   * Writes it.
   *
   * @param file ends in {@code .onnx}; whole or not at all
   * @param architecture its name
   * @param weights W {@code [voxels, dim]}
   * @param intercept b {@code [dim]}
   * @param metadata where it comes from
   */
  static void write(
      Path file,
      String architecture,
      Tensor weights,
      Tensor intercept,
      Map<String, String> metadata) {
    GraphBuilder graph = new GraphBuilder(architecture);
    String response =
        graph.input(
            NetworkEncoder.RESPONSE,
            OnnxType.FLOAT32,
            List.of("trials", Integer.toString(weights.dim(0))));
    String product =
        graph.node("MatMul", "product", List.of(response, graph.weight("weights", weights)));
    String sum = graph.node("Add", "sum", List.of(product, graph.weight("intercept", intercept)));
    graph.output(
        NetworkEncoder.EMBEDDING, sum, List.of("trials", Integer.toString(weights.dim(1))));
    graph.metadata("architecture", architecture);
    metadata.forEach(graph::metadata);
    graph.write(file);
  }
}
