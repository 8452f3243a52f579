package io.noesis.encoders.torch;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** What layers are made of, with gradients; shapes as in PyTorch. */
public final class Neural {
  static {
    Libtorch.load();
  }

  /** Multiplications below which one thread does all. */
  private static final long WORTH_TURNING = 100_000_000L;

  private Neural() {}

  /**
   * x·Wᵀ + b.
   *
   * @param x {@code [..., in]}
   * @param weight {@code [out, in]}
   * @param bias {@code [out]}, or null
   * @return {@code [..., out]}
   */
  public static Value linear(Value x, Value weight, @Nullable Value bias) {
    if (!betterTurned(x, weight)) {
      return new Value(torch.linear(x.tensor(), weight.tensor(), optional(bias)));
    }
    var turned = torch.matmul(weight.tensor(), x.tensor().transpose(0, 1));
    var product = turned.transpose(0, 1).contiguous();
    return new Value(bias == null ? product : product.add(bias.tensor()));
  }

  /**
   * OpenBLAS gives each thread a part of the larger side of the product. Where that is the output's
   * width, threads share the packed responses and wait for each other at every block of the input's
   * width: with 15,000 voxels they wait longer than they compute. The product turned round, its
   * larger side is the one whose parts nobody shares.
   */
  private static boolean betterTurned(Value x, Value weight) {
    return x.rank() == 2
        && weight.dim(0) > x.dim(0)
        && (long) x.dim(0) * weight.shape().size() >= WORTH_TURNING
        && Libtorch.device().kind() == Device.Kind.CPU;
  }

  /**
   * A convolution over one, two or three axes, as the rank of the weight says.
   *
   * @param x {@code [batch, in, ...]}
   * @param weight {@code [out, in / groups, ...]}
   * @param bias {@code [out]}, or null
   * @param window stride, padding, dilation and groups
   * @return {@code [batch, out, ...]}
   */
  public static Value convolve(Value x, Value weight, @Nullable Value bias, Window window) {
    var t = x.tensor();
    var w = weight.tensor();
    var b = optional(bias);
    long[] stride = Value.longs(window.stride());
    long[] padding = Value.longs(window.padding());
    long[] dilation = Value.longs(window.dilation());
    return new Value(
        switch (window.axes()) {
          case 1 -> torch.conv1d(t, w, b, stride, padding, dilation, window.groups());
          case 2 -> torch.conv2d(t, w, b, stride, padding, dilation, window.groups());
          default -> torch.conv3d(t, w, b, stride, padding, dilation, window.groups());
        });
  }

  /**
   * The transpose of {@link #convolve}: spreads each element over a window of the output.
   *
   * @param x {@code [batch, in, ...]}
   * @param weight {@code [in, out / groups, ...]}
   * @param bias {@code [out]}, or null
   * @param window stride, padding (taken off the output), dilation and groups
   * @param more elements added at the end of each axis of the output
   * @return {@code [batch, out, ...]}
   */
  public static Value convolveTransposed(
      Value x, Value weight, @Nullable Value bias, Window window, int... more) {
    var t = x.tensor();
    var w = weight.tensor();
    var b = optional(bias);
    long[] stride = Value.longs(window.stride());
    long[] padding = Value.longs(window.padding());
    long[] dilation = Value.longs(window.dilation());
    long[] added = Value.longs(more);
    int groups = window.groups();
    return new Value(
        switch (window.axes()) {
          case 1 -> torch.conv_transpose1d(t, w, b, stride, padding, added, groups, dilation);
          case 2 -> torch.conv_transpose2d(t, w, b, stride, padding, added, groups, dilation);
          default -> torch.conv_transpose3d(t, w, b, stride, padding, added, groups, dilation);
        });
  }

  /**
   * The mean in windows; padding counts as zeros in the mean.
   *
   * @param x {@code [batch, channels, ...]}
   * @param window its size, stride and padding
   * @return {@code [batch, channels, ...]}
   */
  public static Value averagePool(Value x, Window window) {
    long[] size = Value.longs(window.size());
    long[] stride = Value.longs(window.stride());
    long[] padding = Value.longs(window.padding());
    return new Value(
        switch (window.axes()) {
          case 1 -> torch.avg_pool1d(x.tensor(), size, stride, padding, false, true);
          case 2 ->
              torch.avg_pool2d(x.tensor(), size, stride, padding, false, true, new LongOptional());
          default ->
              torch.avg_pool3d(x.tensor(), size, stride, padding, false, true, new LongOptional());
        });
  }

  /**
   * The largest in windows; padding is never it.
   *
   * @param x {@code [batch, channels, ...]}
   * @param window its size, stride, padding and dilation
   * @return {@code [batch, channels, ...]}
   */
  public static Value maxPool(Value x, Window window) {
    long[] size = Value.longs(window.size());
    long[] stride = Value.longs(window.stride());
    long[] padding = Value.longs(window.padding());
    long[] dilation = Value.longs(window.dilation());
    return new Value(
        switch (window.axes()) {
          case 1 -> torch.max_pool1d(x.tensor(), size, stride, padding, dilation, false);
          case 2 -> torch.max_pool2d(x.tensor(), size, stride, padding, dilation, false);
          default -> torch.max_pool3d(x.tensor(), size, stride, padding, dilation, false);
        });
  }

  /**
   * The largest in {@code size} windows that together cover the last axis: window i is [⌊iL/n⌋,
   * ⌈(i+1)L/n⌉).
   *
   * @param x {@code [batch, channels, length]}
   * @param size how many windows
   * @return {@code [batch, channels, size]}
   */
  public static Value adaptiveMaxPool(Value x, int size) {
    return new Value(torch.adaptive_max_pool1d(x.tensor(), new long[] {size}).get0());
  }

  /**
   * (x − mean) / √(variance + ε) · weight + bias over the last axes.
   *
   * @param x {@code [..., sizes of weight]}
   * @param weight the scale
   * @param bias the shift
   * @param epsilon ε
   * @return the shape of x
   */
  public static Value layerNorm(Value x, Value weight, Value bias, double epsilon) {
    return new Value(
        torch.layer_norm(
            x.tensor(),
            Value.longs(weight.shape().toArray()),
            optional(weight),
            optional(bias),
            epsilon,
            false));
  }

  /**
   * Normalisation within groups of channels.
   *
   * @param x {@code [batch, channels, ...]}
   * @param groups how many; divides the channels
   * @param weight {@code [channels]}
   * @param bias {@code [channels]}
   * @param epsilon added to the variance
   * @return the shape of x
   */
  public static Value groupNorm(Value x, int groups, Value weight, Value bias, double epsilon) {
    return new Value(
        torch.group_norm(x.tensor(), groups, optional(weight), optional(bias), epsilon, false));
  }

  /**
   * Normalisation of each channel over the batch; in training the running statistics move towards
   * those of the batch, in evaluation they are used.
   *
   * @param x {@code [batch, channels, ...]}
   * @param affine scale and shift, running mean and variance, each {@code [channels]}
   * @param momentum the fraction by which they move
   * @param epsilon added to the variance
   * @param mode training or evaluation
   * @return the shape of x
   */
  public static Value batchNorm(
      Value x, BatchStatistics affine, double momentum, double epsilon, Mode mode) {
    return new Value(
        torch.batch_norm(
            x.tensor(),
            optional(affine.weight()),
            optional(affine.bias()),
            optional(affine.runningMean()),
            optional(affine.runningVariance()),
            mode == Mode.TRAINING,
            momentum,
            epsilon,
            false));
  }

  /** x·Φ(x) with the normal distribution's Φ. */
  public static Value gelu(Value x) {
    return new Value(torch.gelu(x.tensor()));
  }

  /** An approximation of {@link #gelu}: x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³))). */
  public static Value geluByTanh(Value x) {
    return new Value(torch.gelu(x.tensor(), "tanh"));
  }

  /** x where positive, else eˣ − 1. */
  public static Value elu(Value x) {
    return new Value(torch.elu(x.tensor()));
  }

  /** x·sigmoid(x). */
  public static Value silu(Value x) {
    return new Value(torch.silu(x.tensor()));
  }

  /** x where positive, else 0. */
  public static Value relu(Value x) {
    return new Value(torch.relu(x.tensor()));
  }

  /** x where positive, else slope · x. */
  public static Value leakyRelu(Value x, double slope) {
    return new Value(torch.leaky_relu(x.tensor(), new Scalar(slope)));
  }

  /** The first half of an axis times the sigmoid of the second. */
  public static Value glu(Value x, int axis) {
    return new Value(torch.glu(x.tensor(), axis));
  }

  /**
   * Each element is zero with probability {@code rate}, else divided by 1 − rate; elements that
   * differ only along the last axes share their fate. The draws are those of PyTorch's dropout on
   * CPU from a generator at the same state.
   *
   * @param x any shape
   * @param rate in [0, 1)
   * @param sharedFrom first axis along which it is shared; the rank of x: none
   * @param random the stream
   * @return the shape of x
   */
  public static Value dropout(Value x, double rate, int sharedFrom, TorchRandom random) {
    long[] sizes = Value.longs(x.shape().toArray());
    java.util.Arrays.fill(sizes, sharedFrom, sizes.length, 1);
    var mask = x.tensor().cpu().new_empty(sizes);
    mask.bernoulli_(1 - rate, random.generator());
    mask.div_(new Scalar(1 - rate));
    return new Value(x.tensor().mul(new Value(mask).placed().tensor()));
  }

  /**
   * softmax(q·kᵀ / √width + mask)·v, computed without storing all weights where libtorch can.
   *
   * @param query {@code [batch, heads, queries, width]}
   * @param key {@code [batch, heads, tokens, width]}
   * @param value {@code [batch, heads, tokens, width]}
   * @param mask added to the scores, broadcast to {@code [batch, heads, queries, tokens]}, or null;
   *     where it is −∞ for all tokens of a query, the result is zero
   * @return {@code [batch, heads, queries, width]}
   */
  public static Value attention(Value query, Value key, Value value, @Nullable Value mask) {
    return new Value(
        torch.scaled_dot_product_attention(
            query.tensor(),
            key.tensor(),
            value.tensor(),
            optional(mask),
            0.0,
            false,
            new DoubleOptional(),
            false));
  }

  /** The softmax along an axis; zeros where all is −∞. */
  public static Value safeSoftmax(Value x, int axis) {
    var t = x.tensor();
    var nothing = t.amax(new long[] {axis}, true).eq(new Scalar(Double.NEGATIVE_INFINITY));
    var finite = t.masked_fill(nothing, new Scalar(0));
    return new Value(torch.softmax(finite, axis).masked_fill(nothing, new Scalar(0)));
  }

  /**
   * A matrix with a number above its diagonal and zeros elsewhere: the mask of causal attention.
   *
   * @param like of its type
   * @param size rows and columns
   * @param number the number
   * @return {@code [size, size]}, without gradient
   */
  public static Value above(Value like, int size, double number) {
    var all = like.tensor().new_full(new long[] {size, size}, new Scalar(number));
    return new Value(all.detach().triu(1));
  }

  /**
   * (x − mean) / √(variance + ε) over the last axis.
   *
   * @param x {@code [..., width]}
   * @param epsilon ε
   * @return the shape of x
   */
  public static Value standardize(Value x, double epsilon) {
    var none = new TensorOptional();
    return new Value(
        torch.layer_norm(x.tensor(), new long[] {x.dim(-1)}, none, none, epsilon, false));
  }

  private static TensorOptional optional(@Nullable Value value) {
    return value == null ? new TensorOptional() : new TensorOptional(value.tensor());
  }
}
