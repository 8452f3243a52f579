package io.noesis.alignment.train;

import io.noesis.alignment.loss.Projected;
import io.noesis.encoders.layer.Emission;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.onnx.GraphBuilder;
import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxType;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * What a loss learned to make of a target before it is compared ({@link Projected}). Immutable.
 *
 * @param target its name
 * @param layers from a target to what an output is compared with
 * @param in numbers of a target
 * @param out numbers behind the layers
 * @param weights of the layers
 */
public record TargetProjection(
    String target, Layer layers, int in, int out, Map<String, Tensor> weights) {
  private static final String TARGET = "target";
  private static final String PROJECTED = "projected";
  private static final int BATCH = 32;

  /** Copies. */
  public TargetProjection {
    weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
  }

  /** Those that a network was trained with, of further targets. */
  public static List<TargetProjection> trainedWith(TrainedNetwork trained) {
    return Projected.sizedIn(trained.loss().loss()).stream()
        .filter(found -> found.target().isPresent())
        .map(
            found -> {
              Map<String, Tensor> own =
                  trained.loss().weightsBelow(found.names() + Projected.Sized.WEIGHTS);
              Projected.Sized loss = found.loss();
              return new TargetProjection(
                  found.target().get(), loss.layers(), loss.in(), loss.out(), own);
            })
        .toList();
  }

  /**
   * Writes it as an ONNX graph from {@code target} {@code [rows, in]} to {@code projected} {@code
   * [rows, out]}.
   *
   * @param file ends in {@code .onnx}
   * @param metadata where it comes from
   */
  public void write(Path file, Map<String, String> metadata) {
    GraphBuilder graph = new GraphBuilder("target-projection");
    String input = graph.input(TARGET, OnnxType.FLOAT32, List.of("rows", Integer.toString(in)));
    String output = layers.emit(Emission.into(graph, weights), input);
    graph.output(PROJECTED, output, List.of("rows", Integer.toString(out)));
    metadata.forEach(graph::metadata);
    graph.write(file);
  }

  /**
   * Targets behind the layers that were kept.
   *
   * @param file that {@link #write} wrote
   * @param targets {@code [rows, in]}
   * @return {@code [rows, out]}
   * @throws io.noesis.run.ModelException when the file is missing or damaged
   */
  public static Tensor of(Path file, Tensor targets) {
    int rows = targets.dim(0);
    try (OnnxModel model = OnnxModel.open(file, OnnxOptions.SINGLE_THREADED)) {
      Tensor[] parts =
          IntStream.iterate(0, from -> from < rows, from -> from + BATCH)
              .mapToObj(
                  from -> {
                    int[] some = IntStream.range(from, Math.min(rows, from + BATCH)).toArray();
                    Map<String, Tensor> made =
                        model.run(
                            Map.of(TARGET, OnnxInput.of(targets.rows(some))), List.of(PROJECTED));
                    return Objects.requireNonNull(made.get(PROJECTED));
                  })
              .toArray(Tensor[]::new);
      return Tensor.concatenate(parts);
    }
  }
}
