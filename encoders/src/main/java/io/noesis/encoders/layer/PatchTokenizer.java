package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Value;
import io.noesis.encoders.torch.Window;
import io.noesis.run.Check;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Cuts a signal, a map or a volume into patches and makes a token of each by one linear map, which
 * is a convolution with a stride of its own size (Dosovitskiy et al. 2021, arXiv:2010.11929). Where
 * patches do not fit, zeros are put behind the end of the axis. {@code [batch, channels,
 * extents...]} → {@code [batch, tokens, width]}, tokens of the last axis fastest; {@code weight
 * [width, channels, patch...]}.
 *
 * @param channels size of axis 1
 * @param extents of the other axes, one to three
 * @param patch its size along each of them
 * @param width of a token
 */
public record PatchTokenizer(int channels, List<Integer> extents, List<Integer> patch, int width)
    implements Layer {
  /** Checks the sizes. */
  public PatchTokenizer {
    extents = List.copyOf(extents);
    patch = List.copyOf(patch);
    Check.argument(
        extents.size() == patch.size()
            && extents.size() <= 3
            && extents.stream().allMatch(size -> size > 0)
            && patch.stream().allMatch(size -> size > 0),
        "patches: expected as many sizes of patches as extents, one to three, found %s and %s",
        patch,
        extents);
  }

  /** Patches along each axis, slowest first: the grid of {@link SinusoidalPositions}. */
  public List<Integer> grid() {
    return IntStream.range(0, extents.size())
        .mapToObj(i -> (extents.get(i) + patch.get(i) - 1) / patch.get(i))
        .toList();
  }

  /** How many tokens it makes. */
  public int tokens() {
    return grid().stream().reduce(1, Math::multiplyExact);
  }

  private Layer steps() {
    Sequence.Builder steps = Sequence.builder();
    int[] size = new int[patch.size()];
    for (int i = 0; i < size.length; i++) {
      size[i] = patch.get(i);
      int missing = grid().get(i) * size[i] - extents.get(i);
      if (missing > 0) {
        steps.add("pad" + i, new Pad(2 + i, 0, missing));
      }
    }
    return steps
        .add(
            "patches",
            new Convolution(channels, width, Window.of(size).withStride(size), Bias.WITH))
        .add("tokens", Reshape.to(width, tokens()))
        .add("order", new SwapAxes())
        .build();
  }

  @Override
  public void declare(Declaration parameters) {
    steps().declare(parameters);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Check.argument(
        input.rank() == 2 + extents.size()
            && IntStream.range(0, extents.size()).allMatch(i -> input.dim(2 + i) == extents.get(i)),
        "patches: expected an input [batch, %d, %s], found %s",
        channels,
        extents,
        input.shape());
    return steps().forward(pass, input);
  }

  @Override
  public String emit(Emission graph, String input) {
    return steps().emit(graph, input);
  }

  @Override
  public String describe() {
    return tokens() + " tokens of patches " + patch + " of " + extents;
  }
}
