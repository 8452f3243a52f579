package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Sequence;

/**
 * The encoder of NICE (Song et al. 2024, arXiv:2308.13234): temporal-spatial convolution and a
 * projector. {@code [trials, channels, samples]} → {@code [trials, dim]}. First weights are those
 * of PyTorch's layers; the paper draws them from N(0, 0.02).
 *
 * @param convolution its settings
 */
public record Nice(TemporalSpatialConvolution convolution) implements NetworkSpec {
  static final String NAME = "nice";

  /** As published. */
  public static Nice defaults() {
    return new Nice(TemporalSpatialConvolution.defaults());
  }

  @Override
  public Layer network(NetworkSizes sizes) {
    int channels = sizes.channels(NAME);
    int samples = sizes.response().get(1);
    return Sequence.builder()
        .add("convolution", convolution.convolutions(channels, samples))
        .add("projector", convolution.projector(convolution.features(samples), sizes))
        .build();
  }
}
