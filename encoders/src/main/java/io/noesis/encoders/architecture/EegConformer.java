package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Attention;
import io.noesis.encoders.layer.AveragePool;
import io.noesis.encoders.layer.Bias;
import io.noesis.encoders.layer.Convolution;
import io.noesis.encoders.layer.Dropout;
import io.noesis.encoders.layer.Elu;
import io.noesis.encoders.layer.FeedForward;
import io.noesis.encoders.layer.Flatten;
import io.noesis.encoders.layer.Gelu;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.NormedResidual;
import io.noesis.encoders.layer.Permute;
import io.noesis.encoders.layer.Reshape;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.TransformerBlock;
import io.noesis.encoders.torch.Window;
import io.noesis.run.Check;
import java.util.List;

/**
 * EEG Conformer (Song et al. 2023, doi:10.1109/TNSRE.2022.3230250): convolutions along time and
 * over channels make tokens, a transformer relates them, hidden layers and a linear map make the
 * embedding. {@code [trials, channels, samples]} → {@code [trials, dim]}.
 *
 * @param width filters, and width of a token
 * @param filterLength samples of a filter
 * @param poolLength samples of a token
 * @param poolStride samples between tokens
 * @param blocks of the transformer
 * @param heads of each block
 * @param dropout rate behind the convolutions and in the transformer
 * @param hidden widths of the hidden layers
 * @param hiddenDropouts rate behind each of them
 */
public record EegConformer(
    int width,
    int filterLength,
    int poolLength,
    int poolStride,
    int blocks,
    int heads,
    double dropout,
    List<Integer> hidden,
    List<Double> hiddenDropouts)
    implements NetworkSpec {
  static final String NAME = "eeg-conformer";

  /** Wider layers inside the blocks of the transformer. */
  private static final int EXPANSION = 4;

  /** Checks the sizes. */
  public EegConformer {
    hidden = List.copyOf(hidden);
    hiddenDropouts = List.copyOf(hiddenDropouts);
    Check.argument(
        width > 0 && heads > 0 && width % heads == 0 && blocks >= 0,
        "EEG Conformer: expected a width that splits into the heads and blocks of at least 0, found"
            + " %d, %d, %d",
        width,
        heads,
        blocks);
    Check.argument(
        filterLength > 0 && poolLength > 0 && poolStride > 0,
        "EEG Conformer: expected lengths of at least 1, found filters of %d samples, means of %d"
            + " every %d",
        filterLength,
        poolLength,
        poolStride);
    Check.size("rates behind hidden layers", hidden.size(), hiddenDropouts.size());
  }

  /** As published for 250 Hz. */
  public static EegConformer defaults() {
    return new EegConformer(40, 25, 75, 15, 6, 10, 0.5, List.of(256, 32), List.of(0.5, 0.3));
  }

  @Override
  public Layer network(NetworkSizes sizes) {
    int channels = sizes.channels(NAME);
    int samples = sizes.response().get(1);
    int filtered = EpochSteps.windows(NAME, samples, filterLength, 1);
    int tokens = EpochSteps.windows(NAME, filtered, poolLength, poolStride);
    Sequence.Builder steps =
        EpochSteps.picture(channels, samples)
            .add("time", EpochSteps.alongTime(1, width, filterLength, Bias.WITH))
            .add("space", EpochSteps.overChannels(width, width, channels, Bias.WITH));
    EpochSteps.normed(steps, "", width)
        .add("pool", new AveragePool(Window.of(1, poolLength).withStride(1, poolStride)))
        .add("dropout", new Dropout(dropout))
        .add("mix", new Convolution(width, width, Window.of(1, 1), Bias.WITH))
        .add("order", Permute.of(2, 3, 1))
        .add("sequence", Reshape.to(tokens, width));
    for (int b = 0; b < blocks; b++) {
      steps.add("blocks." + b, block());
    }
    return head(steps.add("vector", new Flatten()), tokens * width, sizes);
  }

  private Layer block() {
    Attention attention = Attention.self(width, heads);
    return TransformerBlock.of(
        attention.with(attention.options().withDropout(dropout)),
        new FeedForward(width, EXPANSION * width, new Gelu(), dropout),
        NormedResidual.Style.normFirst().withDropout(dropout));
  }

  private Layer head(Sequence.Builder steps, int features, NetworkSizes sizes) {
    int in = features;
    for (int h = 0; h < hidden.size(); h++) {
      steps
          .add("hidden." + h, Linear.of(in, hidden.get(h)))
          .add("activations." + h, new Elu())
          .add("dropouts." + h, new Dropout(hiddenDropouts.get(h)));
      in = hidden.get(h);
    }
    return EpochSteps.embedded(steps, in, sizes).build();
  }
}
