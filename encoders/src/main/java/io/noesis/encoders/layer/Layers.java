package io.noesis.encoders.layer;

import io.noesis.encoders.layer.LayerSample.Further;
import io.noesis.encoders.torch.Window;
import io.noesis.run.Registry;
import io.noesis.run.Registry.Entry;
import java.util.List;

/** The kinds of layers that networks are composed of, each with samples that its checks run on. */
public final class Layers {
  private static final Registry<List<LayerSample>> REGISTRY =
      Registry.of(
          "layer",
          List.of(
              entry(
                  "linear",
                  "x·Wᵀ + b over the last axis.",
                  LayerSample.of(Linear.of(7, 5), 7),
                  LayerSample.of(new Linear(3, 9, Bias.WITHOUT), 5, 3)),
              entry(
                  "subject-linear",
                  "A linear map for each subject, and their mean for subjects not trained.",
                  LayerSample.of(new SubjectLinear(3, 7, 5, SubjectLinear.Axes.FLAT), 7)
                      .with(SubjectLinear.SUBJECT, new Further.Numbers(3)),
                  LayerSample.of(new SubjectLinear(2, 5, 3, SubjectLinear.Axes.TIME), 5, 11)
                      .with(SubjectLinear.SUBJECT, new Further.Numbers(2))),
              entry(
                  "layer-norm",
                  "Normalisation over the last axis.",
                  LayerSample.of(LayerNorm.of(7), 7),
                  LayerSample.of(LayerNorm.of(5), 3, 5)),
              entry(
                  "batch-norm",
                  "Normalisation of each channel over the batch; running statistics in evaluation.",
                  LayerSample.of(BatchNorm.of(5), 5),
                  LayerSample.of(BatchNorm.of(3), 3, 7),
                  LayerSample.of(BatchNorm.of(3), 3, 5, 7)),
              entry(
                  "group-norm",
                  "Normalisation within groups of channels.",
                  LayerSample.of(GroupNorm.of(3, 9), 9, 7),
                  LayerSample.of(GroupNorm.of(1, 5), 5, 3)),
              entry("gelu", "x·Φ(x).", LayerSample.of(new Gelu(), 7)),
              entry("elu", "x where positive, else eˣ − 1.", LayerSample.of(new Elu(), 7)),
              entry("relu", "x where positive, else 0.", LayerSample.of(new Relu(), 7)),
              entry("silu", "x·sigmoid(x).", LayerSample.of(new Silu(), 7)),
              entry(
                  "glu",
                  "Half of an axis gated by the other half.",
                  LayerSample.of(new Glu(-1), 10),
                  LayerSample.of(new Glu(1), 6, 5)),
              entry(
                  "dropout",
                  "Elements left out at random in training.",
                  LayerSample.of(new Dropout(0.3), 31)),
              entry(
                  "channel-dropout",
                  "Channels left out at random in training.",
                  LayerSample.of(new ChannelDropout(0.3), 9, 5)),
              entry(
                  "convolution",
                  "A convolution over one to three axes, also dilated, in groups, or depthwise.",
                  LayerSample.of(new Convolution(3, 5, Window.of(3), Bias.WITH), 3, 11),
                  LayerSample.of(
                      new Convolution(
                          4, 6, Window.of(3).withDilation(2).centred().withGroups(2), Bias.WITHOUT),
                      4,
                      13),
                  LayerSample.of(
                      new Convolution(
                          3, 6, Window.of(5, 3).withStride(2, 1).withGroups(3), Bias.WITH),
                      3,
                      9,
                      7),
                  LayerSample.of(
                      new Convolution(1, 2, Window.of(3, 1, 3).centred(), Bias.WITH), 1, 5, 3, 7)),
              entry(
                  "average-pool",
                  "The mean in windows.",
                  LayerSample.of(new AveragePool(Window.of(3).withStride(2).withPadding(1)), 3, 11),
                  LayerSample.of(new AveragePool(Window.of(2, 3)), 3, 7, 5)),
              entry(
                  "max-pool",
                  "The largest in windows.",
                  LayerSample.of(new MaxPool(Window.of(3).withStride(2).withPadding(1)), 3, 11),
                  LayerSample.of(new MaxPool(Window.of(2, 2)), 3, 7, 5)),
              entry(
                  "adaptive-max-pool",
                  "The largest in windows that bring any length to one.",
                  LayerSample.of(new AdaptiveMaxPool(17, 5), 17),
                  LayerSample.of(new AdaptiveMaxPool(5, 7), 3, 5)),
              entry(
                  "attention",
                  "Multi-head attention of tokens to each other or to other tokens.",
                  LayerSample.of(Attention.self(6, 3), 5, 6),
                  LayerSample.of(Attention.cross(4, 7, 2), 3, 4)
                      .with(Attention.CONTEXT, new Further.Floats(List.of(5, 7)))),
              entry(
                  "position-embedding",
                  "A learned vector added to each token.",
                  LayerSample.of(new PositionEmbedding(5, 3), 5, 3)),
              entry(
                  "residual",
                  "x + f(x).",
                  LayerSample.of(new Residual(Linear.of(5, 5)), 5),
                  LayerSample.of(new Residual(new Residual(LayerNorm.of(3))), 3)),
              entry(
                  "sequence",
                  "Layers one after another.",
                  LayerSample.of(
                      Sequence.builder()
                          .add("swap", new SwapAxes())
                          .add("linear", Linear.of(3, 4))
                          .add("flatten", new Flatten())
                          .add("activation", new Gelu())
                          .build(),
                      3,
                      5)),
              entry(
                  "swap-axes",
                  "Channels × time to tokens × width.",
                  LayerSample.of(new SwapAxes(), 3, 5)),
              entry(
                  "flatten",
                  "All axes but the batch in one.",
                  LayerSample.of(new Flatten(), 3, 5))));

  private Layers() {}

  private static Entry<List<LayerSample>> entry(
      String name, String description, LayerSample... samples) {
    return new Entry<>(name, List.of(samples), description);
  }

  /** The list. */
  public static Registry<List<LayerSample>> registry() {
    return REGISTRY;
  }
}
