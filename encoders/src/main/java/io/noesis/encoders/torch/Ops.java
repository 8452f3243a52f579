package io.noesis.encoders.torch;

import io.noesis.run.Check;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Arithmetic on values, with gradients. Shapes follow NumPy's broadcasting; negative axes count
 * from the end.
 */
public final class Ops {
  static {
    Libtorch.load();
  }

  /** libtorch's number for a mean over rows. */
  private static final long MEAN = 1;

  private static final long NOT_COUNTED = -1;

  private Ops() {}

  /** a + b. */
  public static Value add(Value a, Value b) {
    return new Value(a.tensor().add(b.tensor()));
  }

  /** a + b. */
  public static Value add(Value a, double b) {
    return new Value(a.tensor().add(new Scalar(b)));
  }

  /** a − b. */
  public static Value subtract(Value a, Value b) {
    return new Value(a.tensor().sub(b.tensor()));
  }

  /** a · b, element by element. */
  public static Value multiply(Value a, Value b) {
    return new Value(a.tensor().mul(b.tensor()));
  }

  /** a · b. */
  public static Value multiply(Value a, double b) {
    return new Value(a.tensor().mul(new Scalar(b)));
  }

  /** a / b, element by element. */
  public static Value divide(Value a, Value b) {
    return new Value(a.tensor().div(b.tensor()));
  }

  /** −a. */
  public static Value negate(Value a) {
    return new Value(a.tensor().neg());
  }

  /** eᵃ. */
  public static Value exp(Value a) {
    return new Value(a.tensor().exp());
  }

  /** The natural logarithm. */
  public static Value log(Value a) {
    return new Value(a.tensor().log());
  }

  /** The square root. */
  public static Value sqrt(Value a) {
    return new Value(a.tensor().sqrt());
  }

  /** a². */
  public static Value square(Value a) {
    return new Value(a.tensor().square());
  }

  /** |a|. */
  public static Value absolute(Value a) {
    return new Value(a.tensor().abs());
  }

  /** 1 / (1 + e⁻ᵃ). */
  public static Value sigmoid(Value a) {
    return new Value(a.tensor().sigmoid());
  }

  /** The cosine. */
  public static Value cos(Value a) {
    return new Value(a.tensor().cos());
  }

  /** The sine. */
  public static Value sin(Value a) {
    return new Value(a.tensor().sin());
  }

  /** The angle of the points (x, y) from the first axis, within ±π; 0 where both are 0. */
  public static Value angle(Value x, Value y) {
    return new Value(y.tensor().atan2(x.tensor()));
  }

  /** The hyperbolic tangent. */
  public static Value tanh(Value a) {
    return new Value(a.tensor().tanh());
  }

  /** Values below {@code least} become it. */
  public static Value atLeast(Value a, double least) {
    return new Value(a.tensor().clamp_min(new Scalar(least)));
  }

  /** Values above {@code most} become it. */
  public static Value atMost(Value a, double most) {
    return new Value(a.tensor().clamp_max(new Scalar(most)));
  }

  /** 1 where a is below {@code bound}, else 0, as a float without gradient. */
  public static Value below(Value a, double bound) {
    return new Value(a.tensor().lt(new Scalar(bound)).to(a.tensor().scalar_type()));
  }

  /** The matrix product; leading axes are batches. */
  public static Value matmul(Value a, Value b) {
    return new Value(torch.matmul(a.tensor(), b.tensor()));
  }

  /** Two axes exchanged. */
  public static Value transpose(Value a, int first, int second) {
    return new Value(a.tensor().transpose(first, second));
  }

  /** The axes in a new order. */
  public static Value permute(Value a, int... axes) {
    return new Value(a.tensor().permute(Value.longs(axes)));
  }

  /** The same numbers under another shape; one size may be −1: what remains. */
  public static Value reshape(Value a, int... sizes) {
    return new Value(a.tensor().reshape(Value.longs(sizes)));
  }

  /** An axis of size 1 put in. */
  public static Value addAxis(Value a, int axis) {
    return new Value(a.tensor().unsqueeze(axis));
  }

  /** An axis of size 1 taken out. */
  public static Value dropAxis(Value a, int axis) {
    return new Value(a.tensor().squeeze(axis));
  }

  /** Axes of size 1 repeated; −1 leaves an axis. */
  public static Value expand(Value a, int... sizes) {
    return new Value(a.tensor().expand(Value.longs(sizes)));
  }

  /** Elements {@code start .. start+length-1} of an axis. */
  public static Value narrow(Value a, int axis, int start, int length) {
    return new Value(a.tensor().narrow(axis, start, length));
  }

  /** Zeros put before and behind the elements of an axis. */
  public static Value pad(Value a, int axis, int before, int behind) {
    int later = a.rank() - 1 - (axis < 0 ? axis + a.rank() : axis);
    long[] pads = new long[2 * later + 2];
    pads[2 * later] = before;
    pads[2 * later + 1] = behind;
    return new Value(torch.constant_pad_nd(a.tensor(), pads));
  }

  /** Elements of an axis by number. */
  public static Value select(Value a, int axis, Value indices) {
    return new Value(torch.index_select(a.tensor(), axis, indices.tensor()));
  }

  /**
   * The parts of which an axis consists, without that axis; their gradients are put together once.
   */
  public static List<Value> parts(Value a, int axis) {
    TensorVector parts = torch.unbind(a.tensor(), axis);
    return IntStream.range(0, a.dim(axis)).mapToObj(i -> new Value(parts.get(i))).toList();
  }

  /**
   * Elements of an axis by number, for each row its own.
   *
   * @param a {@code [rows, n]}
   * @param axis the axis whose elements are numbered
   * @param indices whole numbers {@code [rows, m]}
   * @return {@code [rows, m]}
   */
  public static Value gather(Value a, int axis, Value indices) {
    return new Value(torch.gather(a.tensor(), axis, indices.tensor()));
  }

  /** Whole numbers where −1 stands for the last of {@code count}, as in ONNX's Gather. */
  public static Value indexFromEnd(Value indices, int count) {
    var t = indices.tensor();
    return new Value(t.add(t.lt(new Scalar(0)).to(t.scalar_type()).mul(new Scalar(count))));
  }

  /** Values put behind each other along an axis. */
  public static Value concatenate(int axis, Value... parts) {
    Check.argument(parts.length > 0, "nothing to concatenate");
    TensorVector all = new TensorVector();
    Arrays.stream(parts).forEach(part -> all.push_back(part.tensor()));
    return new Value(torch.cat(all, axis));
  }

  /** The sum of all elements. */
  public static Value sum(Value a) {
    return new Value(a.tensor().sum());
  }

  /** The mean of all elements. */
  public static Value mean(Value a) {
    return new Value(a.tensor().mean());
  }

  /** The sum over one axis, which is kept with size 1. */
  public static Value sum(Value a, int axis) {
    return new Value(a.tensor().sum(new long[] {axis}, true, new ScalarTypeOptional()));
  }

  /** The mean over one axis, which is kept with size 1. */
  public static Value mean(Value a, int axis) {
    return new Value(a.tensor().mean(new long[] {axis}, true, new ScalarTypeOptional()));
  }

  /** The largest over one axis, which is taken out; ties share the gradient. */
  public static Value largest(Value a, int axis) {
    return new Value(a.tensor().amax(new long[] {axis}, false));
  }

  /** e^a over its sum along an axis. */
  public static Value softmax(Value a, int axis) {
    return new Value(torch.softmax(a.tensor(), axis));
  }

  /** The logarithm of {@link #softmax}, without overflow. */
  public static Value logSoftmax(Value a, int axis) {
    return new Value(torch.log_softmax(a.tensor(), axis));
  }

  /** Rows along an axis divided by their length (at least 1e-12, as in PyTorch). */
  public static Value normalize(Value a, int axis) {
    var length = a.tensor().norm(new ScalarOptional(new Scalar(2)), new long[] {axis}, true);
    return new Value(a.tensor().div(length.clamp_min(new Scalar(1e-12))));
  }

  /**
   * The mean over rows of −log softmax(logits)[label].
   *
   * @param logits {@code [rows, classes]}
   * @param labels {@code [rows]}, whole numbers
   * @return one number
   */
  public static Value crossEntropy(Value logits, Value labels) {
    return new Value(torch.cross_entropy(logits.tensor(), labels.tensor()));
  }

  /**
   * The mean over rows of −log softmax(logits)[label], with labels softened: a part of each is
   * spread evenly over all classes. Rows with the label −1 do not count.
   *
   * @param logits {@code [rows, classes]}
   * @param labels {@code [rows]}, whole numbers, also as floats
   * @param smoothing the part, 0 to below 1
   * @return one number
   */
  public static Value crossEntropy(Value logits, Value labels, double smoothing) {
    return new Value(
        torch.cross_entropy_loss(
            logits.tensor(),
            labels.tensor().to(torch.ScalarType.Long),
            new TensorOptional(),
            MEAN,
            NOT_COUNTED,
            smoothing));
  }

  /** The numbers 0 .. n−1. */
  public static Value range(int n) {
    long[] numbers = new long[n];
    Arrays.setAll(numbers, i -> i);
    return Value.of(numbers, n);
  }

  /**
   * Independent draws from [low, high).
   *
   * @param random the stream
   * @param low least
   * @param high bound
   * @param sizes the axes
   * @return float32
   */
  public static Value uniform(TorchRandom random, double low, double high, int... sizes) {
    Value out = Value.onHost(io.noesis.tensor.Tensor.zeros(sizes));
    out.tensor().uniform_(low, high, random.generator());
    return out.placed();
  }

  /**
   * Independent draws from the normal distribution.
   *
   * @param random the stream
   * @param mean its mean
   * @param sd its standard deviation
   * @param sizes the axes
   * @return float32
   */
  public static Value normal(TorchRandom random, double mean, double sd, int... sizes) {
    Value out = Value.onHost(io.noesis.tensor.Tensor.zeros(sizes));
    out.tensor().normal_(mean, sd, random.generator());
    return out.placed();
  }

  /**
   * Independent draws from the normal distribution around 0, cut off at two standard deviations:
   * the inverse of its distribution function at uniform draws.
   *
   * @param random the stream
   * @param sd its standard deviation before the cut
   * @param sizes the axes
   * @return float32
   */
  public static Value truncatedNormal(TorchRandom random, double sd, int... sizes) {
    // erf(2 / √2) = 0.9545: between ± that the inverse of erf gives ±2 / √2.
    Value uniform = uniform(random, -0.954499736103642, 0.954499736103642, sizes);
    return new Value(uniform.tensor().erfinv().mul(new Scalar(sd * Math.sqrt(2))));
  }
}
