package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The axes behind the batch in another order.
 *
 * @param axes where each axis of the output comes from: a permutation of 1, 2, ...
 */
public record Permute(List<Integer> axes) implements Layer {
  /** Checks that it is a permutation. */
  public Permute {
    axes = List.copyOf(axes);
    Check.argument(
        axes.stream()
            .sorted()
            .toList()
            .equals(IntStream.rangeClosed(1, axes.size()).boxed().toList()),
        "permuting axes: expected each of 1 to %d once, found %s",
        axes.size(),
        axes);
  }

  /** In that order, without the batch. */
  public static Permute of(Integer... axes) {
    return new Permute(List.of(axes));
  }

  private int[] withBatch() {
    return IntStream.concat(IntStream.of(0), axes.stream().mapToInt(Integer::intValue)).toArray();
  }

  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    return Ops.permute(input, withBatch());
  }

  @Override
  public String emit(Emission graph, String input) {
    return graph.node(
        "Transpose", "out", List.of(input), OnnxAttribute.numbers("perm", withBatch()));
  }

  @Override
  public String describe() {
    return "axes in the order " + axes;
  }
}
