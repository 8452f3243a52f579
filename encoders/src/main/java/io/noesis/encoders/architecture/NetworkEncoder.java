package io.noesis.encoders.architecture;

import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.layer.Emission;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.onnx.GraphBuilder;
import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxType;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A trained network as an encoder: trained by libtorch, run by ONNX Runtime. Saved twice, as
 * weights and, beside them, as a graph with the input {@value #RESPONSE} and the output {@value
 * #EMBEDDING}.
 */
final class NetworkEncoder implements BrainEncoder {
  static final String RESPONSE = "response";
  static final String EMBEDDING = "embedding";

  /**
   * Rows are computed in batches of exactly so many, filled up with zeros: the kernels for other
   * numbers of rows add in another order, and a row alone must give the bits it gives among others.
   */
  private static final int BATCH = 32;

  private final NetworkShape shape;
  private final Layer network;
  private final Map<String, Tensor> weights;
  private final Map<String, String> facts;

  NetworkEncoder(
      NetworkShape shape, Layer network, Map<String, Tensor> weights, Map<String, String> facts) {
    this.shape = shape;
    this.network = network;
    this.weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    this.facts = facts;
  }

  @Override
  public Tensor encode(Tensor responses) {
    Check.argument(
        responses.shape().rank() == 2 && responses.dim(1) == shape.voxels(),
        "decoding with %s: expected responses [trials, %d] as in training, found %s; use the same"
            + " mask",
        shape.architecture(),
        shape.voxels(),
        responses.shape());
    int rows = responses.dim(0);
    float[] out = new float[rows * shape.dim()];
    try (OnnxModel model =
        OnnxModel.open(shape.architecture(), graph().bytes(), OnnxOptions.SINGLE_THREADED)) {
      for (int from = 0; from < rows; from += BATCH) {
        int count = Math.min(BATCH, rows - from);
        float[] batch = new float[BATCH * shape.voxels()];
        System.arraycopy(
            responses.array(), from * shape.voxels(), batch, 0, count * shape.voxels());
        OnnxInput input = OnnxInput.of(Tensor.wrap(batch, BATCH, shape.voxels()));
        Tensor decoded = model.run(Map.of(RESPONSE, input)).get(EMBEDDING);
        System.arraycopy(
            java.util.Objects.requireNonNull(decoded).array(),
            0,
            out,
            from * shape.dim(),
            count * shape.dim());
      }
    }
    return Tensor.wrap(out, rows, shape.dim());
  }

  @Override
  public Map<String, String> facts() {
    return facts;
  }

  @Override
  public void save(Path file, Map<String, String> metadata) {
    NetworkFile.write(file, shape, weights, metadata);
    GraphBuilder graph = graph();
    metadata.forEach(graph::metadata);
    graph.write(NetworkFile.graphBeside(file));
  }

  private GraphBuilder graph() {
    GraphBuilder graph = new GraphBuilder(shape.architecture());
    String response =
        graph.input(
            RESPONSE, OnnxType.FLOAT32, List.of("trials", Integer.toString(shape.voxels())));
    String embedding = network.emit(Emission.into(graph, weights), response);
    graph.output(EMBEDDING, embedding, List.of("trials", Integer.toString(shape.dim())));
    graph.metadata("architecture", shape.architecture());
    return graph;
  }
}
