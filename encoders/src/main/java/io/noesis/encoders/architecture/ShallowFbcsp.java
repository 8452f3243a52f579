package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.AveragePool;
import io.noesis.encoders.layer.BatchNorm;
import io.noesis.encoders.layer.Bias;
import io.noesis.encoders.layer.Dropout;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.SafeLog;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.Square;
import io.noesis.encoders.torch.Window;
import io.noesis.run.Check;

/**
 * The shallow network of Schirrmeister et al. 2017 (doi:10.1002/hbm.23730), which computes band
 * power as filter bank common spatial patterns do: filters along time and over channels, squares,
 * means, logarithms, and a linear map to the embedding in place of the classifier. {@code [trials,
 * channels, samples]} → {@code [trials, dim]}.
 *
 * @param filters along time and over channels
 * @param filterLength samples of a filter
 * @param poolLength samples of a mean
 * @param poolStride samples between means
 * @param dropout rate behind the logarithm
 */
public record ShallowFbcsp(
    int filters, int filterLength, int poolLength, int poolStride, double dropout)
    implements NetworkSpec {
  static final String NAME = "shallow-fbcsp";

  /** Checks the sizes. */
  public ShallowFbcsp {
    Check.argument(
        filters > 0 && filterLength > 0 && poolLength > 0 && poolStride > 0,
        "shallow network: expected sizes of at least 1, found %d filters of %d samples, means of"
            + " %d every %d",
        filters,
        filterLength,
        poolLength,
        poolStride);
  }

  /** As published for 250 Hz. */
  public static ShallowFbcsp defaults() {
    return new ShallowFbcsp(40, 25, 75, 15, 0.5);
  }

  @Override
  public Layer network(NetworkSizes sizes) {
    int channels = sizes.channels(NAME);
    int samples = sizes.response().get(1);
    int filtered = EpochSteps.windows(NAME, samples, filterLength, 1);
    int means = EpochSteps.windows(NAME, filtered, poolLength, poolStride);
    Sequence.Builder steps =
        EpochSteps.picture(channels, samples)
            .add("time", EpochSteps.alongTime(1, filters, filterLength, Bias.WITH))
            .add("space", EpochSteps.overChannels(filters, filters, channels, Bias.WITHOUT))
            .add("norm", BatchNorm.of(filters))
            .add("square", new Square())
            .add("pool", new AveragePool(Window.of(1, poolLength).withStride(1, poolStride)))
            .add("log", SafeLog.defaults())
            .add("dropout", new Dropout(dropout));
    return EpochSteps.embedded(steps, filters * means, sizes).build();
  }
}
