package io.noesis.ingest.signal;

import io.noesis.run.Check;
import io.noesis.tensor.Tensor;

/** Steps over epochs {@code [trials, channels, samples]} that learn nothing; copies come out. */
public final class Epochs {
  private Epochs() {}

  /**
   * Takes the mean of some samples away from every sample, for each trial and channel: MNE's
   * baseline in the mode {@code mean}.
   *
   * @param epochs {@code [trials, channels, samples]}
   * @param first of the samples
   * @param count how many
   * @return the same shape
   */
  public static Tensor withoutMean(Tensor epochs, int first, int count) {
    require(epochs, first, count);
    int samples = epochs.dim(2);
    float[] out = epochs.array().clone();
    for (int from = 0; from < out.length; from += samples) {
      double mean = 0;
      for (int i = 0; i < count; i++) {
        mean += out[from + first + i];
      }
      mean /= count;
      for (int i = 0; i < samples; i++) {
        out[from + i] = (float) (out[from + i] - mean);
      }
    }
    return Tensor.wrap(out, epochs.shape().toArray());
  }

  /**
   * Some of the samples.
   *
   * @param epochs {@code [trials, channels, samples]}
   * @param first of the samples
   * @param count how many
   * @return {@code [trials, channels, count]}
   */
  public static Tensor cut(Tensor epochs, int first, int count) {
    require(epochs, first, count);
    int samples = epochs.dim(2);
    int rows = epochs.dim(0) * epochs.dim(1);
    float[] out = new float[Math.multiplyExact(rows, count)];
    for (int r = 0; r < rows; r++) {
      System.arraycopy(epochs.array(), r * samples + first, out, r * count, count);
    }
    return Tensor.wrap(out, epochs.dim(0), epochs.dim(1), count);
  }

  /**
   * Values beyond a bound become it: artefacts lose their weight.
   *
   * @param values any shape
   * @param bound above 0
   * @return the same shape, within ±bound
   */
  public static Tensor clamp(Tensor values, double bound) {
    Check.argument(bound > 0, "clamping: expected a bound above 0, found %s", bound);
    return values.map(value -> Math.max(-bound, Math.min(bound, value)));
  }

  private static void require(Tensor epochs, int first, int count) {
    Check.argument(
        epochs.shape().rank() == 3, "expected [trials, channels, samples], found %s", epochs);
    Check.argument(
        first >= 0 && count >= 1 && first + count <= epochs.dim(2),
        "samples %d to %d of epochs with %d",
        first,
        first + count - 1,
        epochs.dim(2));
  }
}
