package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Bias;
import io.noesis.encoders.layer.Dropout;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.MaxPool;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.torch.Window;
import io.noesis.run.Check;
import java.util.List;

/**
 * The deep network of Schirrmeister et al. 2017 (doi:10.1002/hbm.23730), known as Deep4: filters
 * along time and over channels, then further convolutions along time, each with batch norm, ELU and
 * the largest in windows, and a linear map to the embedding in place of the classifier. {@code
 * [trials, channels, samples]} → {@code [trials, dim]}.
 *
 * @param filters of each block; the first holds for filters along time and over channels alike
 * @param filterLength samples of every filter
 * @param pool samples of every maximum, which do not overlap
 * @param dropout rate in front of every further block
 */
public record DeepConvNet(List<Integer> filters, int filterLength, int pool, double dropout)
    implements NetworkSpec {
  static final String NAME = "deep4";

  /** Checks the sizes. */
  public DeepConvNet {
    filters = List.copyOf(filters);
    Check.argument(
        !filters.isEmpty()
            && filters.stream().allMatch(count -> count > 0)
            && filterLength > 0
            && pool > 0,
        "deep network: expected filters and lengths of at least 1, found %s filters of %d samples,"
            + " maxima of %d",
        filters,
        filterLength,
        pool);
  }

  /** As published: 25, 50, 100 and 200 filters of 10 samples, maxima of 3. */
  public static DeepConvNet defaults() {
    return new DeepConvNet(List.of(25, 50, 100, 200), 10, 3, 0.5);
  }

  @Override
  public Layer network(NetworkSizes sizes) {
    int channels = sizes.channels(NAME);
    int left = sizes.response().get(1);
    int wide = filters.get(0);
    Sequence.Builder steps =
        EpochSteps.picture(channels, left)
            .add("time", EpochSteps.alongTime(1, wide, filterLength, Bias.WITH))
            .add("space", EpochSteps.overChannels(wide, wide, channels, Bias.WITHOUT));
    left = pooled(steps, 1, wide, left);
    for (int block = 2; block <= filters.size(); block++) {
      int next = filters.get(block - 1);
      steps
          .add("dropout" + block, new Dropout(dropout))
          .add("time" + block, EpochSteps.alongTime(wide, next, filterLength, Bias.WITHOUT));
      wide = next;
      left = pooled(steps, block, wide, left);
    }
    return EpochSteps.embedded(steps, wide * left, sizes).build();
  }

  /** Ends a block, and says how many samples its filters and maxima leave. */
  private int pooled(Sequence.Builder steps, int block, int width, int samples) {
    EpochSteps.normed(steps, "" + block, width)
        .add("pool" + block, new MaxPool(Window.of(1, pool).withStride(1, pool)));
    int filtered = EpochSteps.windows(NAME, samples, filterLength, 1);
    return EpochSteps.windows(NAME, filtered, pool, pool);
  }
}
