package io.noesis.encoders.architecture;

import io.noesis.encoders.layer.Attention;
import io.noesis.encoders.layer.Bias;
import io.noesis.encoders.layer.Convolution;
import io.noesis.encoders.layer.Dropout;
import io.noesis.encoders.layer.GroupNorm;
import io.noesis.encoders.layer.Heads;
import io.noesis.encoders.layer.Identity;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.Parallel;
import io.noesis.encoders.layer.Relu;
import io.noesis.encoders.layer.Reshape;
import io.noesis.encoders.layer.Residual;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.Silu;
import io.noesis.encoders.layer.SwapAxes;
import io.noesis.encoders.layer.Upsample;
import io.noesis.encoders.torch.Window;
import io.noesis.run.Check;
import java.util.List;

/**
 * How a head makes a latent of an autoencoder for pictures in MindEye 1 and 2 (arXiv:2305.18274,
 * arXiv:2403.11207): a linear map to a small map of many channels, and the decoder of an
 * autoencoder (Rombach et al. 2022, arXiv:2112.10752), which doubles it in each stage but the last.
 * Beside that the small map can be brought to features of each of its places, the output
 * NAME{@value #FEATURES}, to hold against those of a network that sees pictures (the loss {@code
 * soft-cont}).
 *
 * @param channels of the small map
 * @param widths channels of the stages, the last stage first
 * @param groups of channels in norms
 * @param features width of the features; 0 for without
 */
public record Upsampling(int channels, List<Integer> widths, int groups, int features) {
  /** Behind the name of the head. */
  static final String FEATURES = "_features";

  private static final double EPSILON = 1e-6;

  /** Copies and checks. */
  public Upsampling {
    widths = List.copyOf(widths);
    int each = groups;
    Check.argument(
        channels > 0
            && groups > 0
            && features >= 0
            && !widths.isEmpty()
            && widths.stream().allMatch(width -> width > 0 && width % each == 0),
        "an upsampling head: expected channels and groups of at least 1 and widths that split into"
            + " the groups, found %d, %d and %s",
        channels,
        groups,
        widths);
  }

  /** MindEye2's: 64 channels, stages of 128, 64 and 32, 512 features. */
  public static Upsampling defaults() {
    return new Upsampling(64, List.of(32, 64, 128), 32, 512);
  }

  private int factor() {
    return 1 << (widths.size() - 1);
  }

  /**
   * The layer.
   *
   * @param name of the head
   * @param width of the vector it is made from
   * @param constants of the linear map
   * @param dropout rate behind the linear map
   * @param sizes of the latent: channels, height and width
   */
  Layer layer(String name, int width, Bias constants, double dropout, List<Integer> sizes) {
    Check.argument(
        sizes.size() == 3 && sizes.get(1) % factor() == 0 && sizes.get(2) % factor() == 0,
        "the head '%s': expected sizes [channels, height, width] of multiples of %d, found %s",
        name,
        factor(),
        sizes);
    int height = sizes.get(1) / factor();
    int breadth = sizes.get(2) / factor();
    Sequence.Builder layers =
        Sequence.builder()
            .add("linear", new Linear(width, channels * height * breadth, constants))
            .add("dropout", new Dropout(dropout))
            .add("map", Reshape.to(channels, height, breadth))
            .add("norm", GroupNorm.of(1, channels));
    Layer decoder = decoder(sizes.get(0), height, breadth);
    if (features == 0) {
      return layers.add("decoder", decoder).build();
    }
    int places = height * breadth;
    Heads.Head beside =
        new Heads.Head(name + FEATURES, features(places), List.of(places, features));
    return layers.add("decoder", new Heads(decoder, List.of(beside))).build();
  }

  private Layer features(int places) {
    return Sequence.builder()
        .add("linear1", pointwise(channels, features, Bias.WITHOUT))
        .add("norm1", GroupNorm.of(1, features))
        .add("activation1", new Relu())
        .add("linear2", pointwise(features, features, Bias.WITHOUT))
        .add("norm2", GroupNorm.of(1, features))
        .add("activation2", new Relu())
        .add("linear3", pointwise(features, features, Bias.WITH))
        .add("places", Reshape.to(features, places))
        .add("order", new SwapAxes())
        .build();
  }

  private Layer decoder(int out, int height, int breadth) {
    int deepest = widths.get(widths.size() - 1);
    Sequence.Builder steps =
        Sequence.builder()
            .add("into", smooth(channels, deepest))
            .add("middle.first", block(deepest, deepest))
            .add("middle.attention", attention(deepest, height, breadth))
            .add("middle.second", block(deepest, deepest));
    int in = deepest;
    for (int stage = 0; stage < widths.size(); stage++) {
      int own = widths.get(widths.size() - 1 - stage);
      steps
          .add("up." + stage + ".first", block(in, own))
          .add("up." + stage + ".second", block(own, own));
      if (stage + 1 < widths.size()) {
        steps
            .add("up." + stage + ".double", new Upsample(own, 2, 2))
            .add("up." + stage + ".smooth", smooth(own, own));
      }
      in = own;
    }
    return steps
        .add("norm", norm(in))
        .add("activation", new Silu())
        .add("out", smooth(in, out))
        .build();
  }

  private Layer norm(int width) {
    return new GroupNorm(groups, width, EPSILON);
  }

  private static Layer smooth(int in, int out) {
    return new Convolution(in, out, Window.of(3, 3).centred(), Bias.WITH);
  }

  private static Layer pointwise(int in, int out, Bias bias) {
    return new Convolution(in, out, Window.of(1, 1), bias);
  }

  private Layer block(int in, int out) {
    Layer branch =
        Sequence.builder()
            .add("norm1", norm(in))
            .add("activation1", new Silu())
            .add("smooth1", smooth(in, out))
            .add("norm2", norm(out))
            .add("activation2", new Silu())
            .add("smooth2", smooth(out, out))
            .build();
    Layer around = in == out ? new Identity() : pointwise(in, out, Bias.WITH);
    return new Parallel(
        List.of(new Sequence.Step("around", around), new Sequence.Step("branch", branch)),
        new Parallel.Join.Sum());
  }

  /** Places look at each other, in one head. */
  private Layer attention(int width, int height, int breadth) {
    return new Residual(
        Sequence.builder()
            .add("norm", norm(width))
            .add("places", Reshape.to(width, height * breadth))
            .add("tokens", new SwapAxes())
            .add("look", Attention.self(width, 1))
            .add("back", new SwapAxes())
            .add("map", Reshape.to(width, height, breadth))
            .build());
  }
}
