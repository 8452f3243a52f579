package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.AveragePool;
import io.noesis.encoders.layer.Bias;
import io.noesis.encoders.layer.Convolution;
import io.noesis.encoders.layer.Dropout;
import io.noesis.encoders.layer.Flatten;
import io.noesis.encoders.layer.Gelu;
import io.noesis.encoders.layer.LayerNorm;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.Permute;
import io.noesis.encoders.layer.Residual;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.torch.Window;
import io.noesis.run.Check;

/**
 * The convolutions (TSConv) and the projector that NICE (Song et al. 2024, arXiv:2308.13234) and
 * ATM (Li et al. 2024, arXiv:2403.07721) share: filters along time, a mean in windows, filters over
 * channels, a map of the filters; then a linear map, a residual block and layer norm. {@code
 * [batch, channels, samples]} → {@code [batch, dim]}.
 *
 * @param filters along time and over channels
 * @param filterLength samples of a filter
 * @param poolLength samples of a mean
 * @param poolStride samples between means
 * @param dropout rate behind the filters over channels
 * @param projectorDropout rate in the residual block
 */
public record TemporalSpatialConvolution(
    int filters,
    int filterLength,
    int poolLength,
    int poolStride,
    double dropout,
    double projectorDropout) {
  /** Checks the sizes. */
  public TemporalSpatialConvolution {
    Check.argument(
        filters > 0 && filterLength > 0 && poolLength > 0 && poolStride > 0,
        "temporal-spatial convolution: expected sizes of at least 1, found %d filters of %d"
            + " samples, means of %d every %d",
        filters,
        filterLength,
        poolLength,
        poolStride);
  }

  /** As published for 250 samples: 40 filters of 25 samples, means of 51 every 5, dropout 0.5. */
  public static TemporalSpatialConvolution defaults() {
    return new TemporalSpatialConvolution(40, 25, 51, 5, 0.5, 0.5);
  }

  /**
   * How many numbers it makes of an epoch: 1440 of 250 samples with the published settings.
   *
   * @param samples of an epoch
   * @return filters × means
   */
  public int features(int samples) {
    String name = "temporal-spatial convolution";
    int filtered = EpochSteps.windows(name, samples, filterLength, 1);
    return filters * EpochSteps.windows(name, filtered, poolLength, poolStride);
  }

  /** The convolutions; features are ordered by time, then filter. */
  Sequence convolutions(int channels, int samples) {
    Window pool = Window.of(1, poolLength).withStride(1, poolStride);
    Sequence.Builder steps =
        EpochSteps.picture(channels, samples)
            .add("time", EpochSteps.alongTime(1, filters, filterLength, Bias.WITH))
            .add("pool", new AveragePool(pool));
    EpochSteps.normed(steps, "1", filters)
        .add("space", EpochSteps.overChannels(filters, filters, channels, Bias.WITH));
    return EpochSteps.normed(steps, "2", filters)
        .add("dropout", new Dropout(dropout))
        .add("mix", new Convolution(filters, filters, Window.of(1, 1), Bias.WITH))
        .add("order", Permute.of(2, 3, 1))
        .add("flatten", new Flatten())
        .build();
  }

  /** The projector from features to an embedding. */
  Sequence projector(int features, NetworkSizes sizes) {
    int dim = sizes.dim();
    Sequence.Builder steps =
        Sequence.builder()
            .add("into", Linear.of(features, dim))
            .add(
                "block",
                new Residual(
                    Sequence.builder()
                        .add("activation", new Gelu())
                        .add("linear", Linear.of(dim, dim))
                        .add("dropout", new Dropout(projectorDropout))
                        .build()))
            .add("norm", LayerNorm.of(dim));
    return EpochSteps.shaped(steps, sizes).build();
  }
}
