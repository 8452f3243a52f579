package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.AveragePool;
import io.noesis.encoders.layer.BatchNorm;
import io.noesis.encoders.layer.Bias;
import io.noesis.encoders.layer.Convolution;
import io.noesis.encoders.layer.Dropout;
import io.noesis.encoders.layer.Elu;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.MaxNorm;
import io.noesis.encoders.layer.Pad;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.torch.Window;
import io.noesis.run.Check;

/**
 * EEGNet (Lawhern et al. 2018, doi:10.1088/1741-2552/aace8c): filters along time, for each of them
 * filters over channels, a separable convolution, and a linear map to the embedding in place of the
 * classifier. {@code [trials, channels, samples]} → {@code [trials, dim]}.
 *
 * @param filters along time
 * @param depth filters over channels for each of them
 * @param separableFilters of the separable convolution
 * @param filterLength samples of a filter: half the sampling rate
 * @param separableLength samples of the separable convolution
 * @param firstPool samples of the first means
 * @param secondPool samples of the second means
 * @param dropout rate behind both
 * @param longestFilter length that the weights of a filter over channels may have
 * @param padding at the ends of filters along time
 */
public record EegNet(
    int filters,
    int depth,
    int separableFilters,
    int filterLength,
    int separableLength,
    int firstPool,
    int secondPool,
    double dropout,
    double longestFilter,
    Padding padding)
    implements NetworkSpec {
  static final String NAME = "eegnet";

  /** How many zeros stand around an epoch. */
  public enum Padding {
    /** As published (Keras): as many samples come out as went in. */
    SAME,
    /** As in braindecode: half a filter on each side, so that even filters add one sample. */
    BOTH_SIDES
  }

  /** Checks the sizes. */
  public EegNet {
    Check.argument(
        filters > 0 && depth > 0 && separableFilters > 0,
        "EEGNet: expected filters of at least 1, found %d, %d, %d",
        filters,
        depth,
        separableFilters);
    Check.argument(
        filterLength > 0 && separableLength > 0 && firstPool > 0 && secondPool > 0,
        "EEGNet: expected lengths of at least 1, found filters of %d and %d samples, means of %d"
            + " and %d",
        filterLength,
        separableLength,
        firstPool,
        secondPool);
  }

  /** EEGNet-8,2 for 128 Hz, as published. */
  public static EegNet defaults() {
    return new EegNet(8, 2, 16, 64, 16, 4, 8, 0.25, 1, Padding.SAME);
  }

  @Override
  public Layer network(NetworkSizes sizes) {
    int channels = sizes.channels(NAME);
    int samples = sizes.response().get(1);
    int wide = filters * depth;
    int first = EpochSteps.windows(NAME, padded(samples, filterLength), firstPool, firstPool);
    int last = EpochSteps.windows(NAME, padded(first, separableLength), secondPool, secondPool);
    Convolution space =
        new Convolution(filters, wide, Window.of(channels, 1).withGroups(filters), Bias.WITHOUT);
    Convolution depthwise =
        new Convolution(wide, wide, Window.of(1, separableLength).withGroups(wide), Bias.WITHOUT);
    Sequence.Builder steps =
        EpochSteps.picture(channels, samples)
            .add("pad1", pad(filterLength))
            .add("time", EpochSteps.alongTime(1, filters, filterLength, Bias.WITHOUT))
            .add("norm1", norm(filters))
            .add("space", new MaxNorm(space, longestFilter));
    pooled(steps, "2", wide, firstPool)
        .add("pad2", pad(separableLength))
        .add("depthwise", depthwise)
        .add("pointwise", EpochSteps.alongTime(wide, separableFilters, 1, Bias.WITHOUT));
    pooled(steps, "3", separableFilters, secondPool);
    return EpochSteps.embedded(steps, separableFilters * last, sizes).build();
  }

  private Sequence.Builder pooled(Sequence.Builder steps, String number, int width, int pool) {
    return steps
        .add("norm" + number, norm(width))
        .add("activation" + number, new Elu())
        .add("pool" + number, new AveragePool(Window.of(1, pool).withStride(1, pool)))
        .add("dropout" + number, new Dropout(dropout));
  }

  private static BatchNorm norm(int width) {
    return new BatchNorm(width, 0.01, 1e-3);
  }

  private Pad pad(int length) {
    return padding == Padding.SAME
        ? new Pad(3, (length - 1) / 2, length / 2)
        : new Pad(3, length / 2, length / 2);
  }

  private int padded(int samples, int length) {
    return padding == Padding.SAME || length % 2 == 1 ? samples : samples + 1;
  }
}
