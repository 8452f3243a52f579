package io.noesis.encoders.torch;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch;

/** Whole numbers that say which elements, and the elements they say. */
public final class Indices {
  static {
    Libtorch.load();
  }

  private Indices() {}

  /** Where the smallest element along an axis is, the first of equals; the axis is taken out. */
  public static Value ofSmallest(Value a, int axis) {
    return new Value(torch.argmin(a.tensor(), new LongOptional(axis), false));
  }

  /** Where the elements along an axis are, from small to large, equals in their order. */
  public static Value order(Value a, int axis) {
    return new Value(torch.argsort(a.tensor(), true, axis, false));
  }

  /** The elements along an axis from small to large, themselves. */
  public static Value sorted(Value a, int axis) {
    return new Value(torch.gather(a.tensor(), axis, order(a, axis).tensor()));
  }

  /** Whole numbers, each larger by {@code step}. */
  public static Value moved(Value indices, long step) {
    return new Value(indices.tensor().add(new Scalar(step)));
  }

  /**
   * A one where the index is, else zeros.
   *
   * @param indices {@code [...]}, from 0
   * @param count one more than the largest there can be
   * @param like of its type
   * @return {@code [..., count]}
   */
  public static Value oneHot(Value indices, int count, Value like) {
    return new Value(torch.one_hot(indices.tensor(), count)).like(like);
  }

  /**
   * Tokens of each row by number.
   *
   * @param tokens {@code [batch, tokens, width]}
   * @param indices {@code [batch, chosen]}
   * @return {@code [batch, chosen, width]}
   */
  public static Value take(Value tokens, Value indices) {
    var everywhere = indices.tensor().unsqueeze(2).expand(new long[] {-1, -1, tokens.dim(2)});
    return new Value(torch.gather(tokens.tensor(), 1, everywhere));
  }
}
