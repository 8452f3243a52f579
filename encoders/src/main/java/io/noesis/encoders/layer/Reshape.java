package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.List;

/**
 * The same numbers of each row under other axes: {@code [batch, ...]} → {@code [batch, sizes...]}.
 *
 * @param sizes without the batch; one may be −1: what remains
 */
public record Reshape(List<Integer> sizes) implements Layer {
  /** Checks the sizes. */
  public Reshape {
    sizes = List.copyOf(sizes);
    Check.argument(
        sizes.stream().allMatch(size -> size > 0 || size == -1)
            && sizes.stream().filter(size -> size == -1).count() <= 1,
        "reshaping: expected sizes of at least 1 and at most one −1, found %s",
        sizes);
  }

  /** To those sizes, without the batch. */
  public static Reshape to(Integer... sizes) {
    return new Reshape(List.of(sizes));
  }

  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    int[] all = new int[1 + sizes.size()];
    all[0] = input.dim(0);
    for (int i = 1; i < all.length; i++) {
      all[i] = sizes.get(i - 1);
    }
    return Ops.reshape(input, all);
  }

  @Override
  public String emit(Emission graph, String input) {
    // In ONNX a size of 0 takes over that of the input.
    long[] all = new long[1 + sizes.size()];
    for (int i = 1; i < all.length; i++) {
      all[i] = sizes.get(i - 1);
    }
    return graph.node("Reshape", "out", List.of(input, graph.constant("sizes", all)));
  }

  @Override
  public String describe() {
    return "reshaped to " + sizes;
  }
}
