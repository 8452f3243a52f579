package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Ops;
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

  /** How many numbers a patch has. */
  int patchSize() {
    return patch.stream().reduce(channels, Math::multiplyExact);
  }

  /** The patches themselves: {@code [batch, tokens, channels · patch]}. */
  Value cut(Value input) {
    int axes = extents.size();
    int[] sizes = new int[2 + 2 * axes];
    int[] order = new int[2 + 2 * axes];
    sizes[0] = input.dim(0);
    sizes[1] = channels;
    order[1 + axes] = 1;
    Value padded = input;
    for (int i = 0; i < axes; i++) {
      sizes[2 + 2 * i] = grid().get(i);
      sizes[3 + 2 * i] = patch.get(i);
      order[1 + i] = 2 + 2 * i;
      order[2 + axes + i] = 3 + 2 * i;
      int missing = sizes[2 + 2 * i] * sizes[3 + 2 * i] - extents.get(i);
      padded = Ops.pad(padded, 2 + i, 0, missing);
    }
    Value apart = Ops.permute(Ops.reshape(padded, sizes), order);
    return Ops.reshape(apart, input.dim(0), tokens(), patchSize());
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
