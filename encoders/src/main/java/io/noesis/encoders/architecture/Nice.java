package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Attention;
import io.noesis.encoders.layer.Dropout;
import io.noesis.encoders.layer.GraphAttention;
import io.noesis.encoders.layer.Initial;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.LayerNorm;
import io.noesis.encoders.layer.Residual;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.Starting;
import java.util.List;

/**
 * The encoder of NICE (Song et al. 2024, arXiv:2308.13234): temporal-spatial convolution and a
 * projector, and where wanted channels that look at each other before. {@code [trials, channels,
 * samples]} → {@code [trials, dim]}.
 *
 * @param convolution its settings
 * @param spatial whether channels look at each other first
 * @param first how weights begin
 */
public record Nice(TemporalSpatialConvolution convolution, Spatial spatial, First first)
    implements NetworkSpec {
  static final String NAME = "nice";

  /** Behind what channels say of each other. */
  private static final double SPATIAL_DROPOUT = 0.3;

  private static final double SD = 0.02;

  /** Maps and kernels, and the norms of the convolutions, as they are named. */
  private static final List<String> DRAWN =
      List.of("time.weight", "space.weight", "mix.weight", "into.weight", "linear.weight");

  private static final List<String> NORMS = List.of("norm1.weight", "norm2.weight");

  /** Whether channels look at each other before the convolution, as a residual branch. */
  public enum Spatial {
    /** Not: NICE. */
    NONE,
    /**
     * By self-attention in one head: NICE-SA. In the published code each channel is multiplied by
     * the sum of its weights of attention, which is 1; here they mix channels, as the paper says.
     */
    ATTENTION,
    /** By graph attention in one head: NICE-GA. */
    GRAPH
  }

  /** How weights begin. */
  public enum First {
    /** As published: maps and kernels from N(0, 0.02), scales of batch norms from N(1, 0.02). */
    NORMAL,
    /** As PyTorch's layers do: uniform within ±1/√inputs. */
    UNIFORM
  }

  /** As published. */
  public static Nice defaults() {
    return new Nice(TemporalSpatialConvolution.defaults(), Spatial.NONE, First.NORMAL);
  }

  @Override
  public Layer network(NetworkSizes sizes) {
    int channels = sizes.channels(NAME);
    int samples = sizes.response().get(1);
    Sequence.Builder steps = Sequence.builder();
    if (spatial != Spatial.NONE) {
      steps.add("spatial", looking(samples));
    }
    steps
        .add("convolution", started(convolution.convolutions(channels, samples)))
        .add("projector", started(convolution.projector(convolution.features(samples), sizes)));
    return steps.build();
  }

  /** Channels are tokens of samples. */
  private Layer looking(int samples) {
    Sequence.Builder branch = Sequence.builder();
    if (spatial == Spatial.ATTENTION) {
      branch.add("norm", LayerNorm.of(samples)).add("look", Attention.self(samples, 1));
    } else {
      branch.add("look", new GraphAttention(samples));
    }
    return new Residual(branch.add("dropout", new Dropout(SPATIAL_DROPOUT)).build());
  }

  private Layer started(Layer layer) {
    if (first == First.UNIFORM) {
      return layer;
    }
    Layer begun = layer;
    for (String name : DRAWN) {
      begun = new Starting(begun, name, new Initial.Normal(SD));
    }
    for (String name : NORMS) {
      begun = new Starting(begun, name, new Initial.NormalAround(1, SD));
    }
    return begun;
  }
}
