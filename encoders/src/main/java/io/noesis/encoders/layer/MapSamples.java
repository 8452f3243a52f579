package io.noesis.encoders.layer;

import static io.noesis.encoders.layer.Layers.entry;

import io.noesis.encoders.layer.LayerSample.Further;
import io.noesis.encoders.torch.Window;
import io.noesis.run.Registry.Entry;
import io.noesis.tensor.Tensor;
import java.util.List;

/** Samples of maps with weights: linear layers, convolutions, normalisations. */
final class MapSamples {
  private MapSamples() {}

  static List<Entry<List<LayerSample>>> entries() {
    return List.of(
        entry(
            "linear",
            "x·Wᵀ + b over the last axis.",
            LayerSample.of(Linear.of(7, 5), 7),
            LayerSample.of(new Linear(3, 9, Bias.WITHOUT), 5, 3)),
        entry(
            "expected-code",
            "The mean of given codes, weighted by softmax.",
            LayerSample.of(new ExpectedCode(7, 3), 5, 7),
            LayerSample.of(new ExpectedCode(3, 2), 3)),
        entry(
            "subject-linear",
            "A linear map for each subject, and their mean for subjects not trained.",
            LayerSample.of(new SubjectLinear(3, 7, 5, SubjectLinear.Axes.FLAT), 7)
                .with(SubjectLinear.SUBJECT, new Further.Numbers(3)),
            LayerSample.of(new SubjectLinear(2, 5, 3, SubjectLinear.Axes.TIME), 5, 11)
                .with(SubjectLinear.SUBJECT, new Further.Numbers(2)),
            LayerSample.of(new SubjectLinear(3, 4, 5, SubjectLinear.Axes.FLAT, Bias.WITH, 0.4), 4)
                .with(SubjectLinear.SUBJECT, new Further.Numbers(3)),
            LayerSample.of(new SubjectLinear(2, 3, 5, SubjectLinear.Axes.FLAT, Bias.WITHOUT), 3)
                .with(SubjectLinear.SUBJECT, new Further.Numbers(2)),
            LayerSample.of(new SubjectLinear(3, 3, 5, SubjectLinear.Axes.TIME, Bias.WITHOUT), 3, 4)
                .with(SubjectLinear.SUBJECT, new Further.Numbers(3))),
        entry(
            "spatial-attention",
            "Sensors mixed into channels by where they are.",
            LayerSample.of(
                new SpatialAttention(5, new FourierPositions(2, 3, 0.2), 0.3, places(7)), 7, 11),
            LayerSample.of(
                    new SpatialAttention(
                        5,
                        new FourierPositions(2, 3, 0.2),
                        0.3,
                        Tensor.concatenate(
                                places(7), places(7).rows(new int[] {5, 3, 1, 0, 6, 2, 4}))
                            .reshape(2, 7, 2)),
                    7,
                    4)
                .with(SubjectLinear.SUBJECT, new Further.Numbers(2)),
            LayerSample.of(
                    new SpatialAttention(5, new FourierPositions(2, 3, 0.2), 0.5, null), 9, 4)
                .with(SpatialAttention.POSITIONS, new Further.Floats(List.of(9, 2)))),
        entry(
            "fourier-positions",
            "Places as cosines and sines of many frequencies.",
            LayerSample.of(new FourierPositions(2, 3, 0.2), 5, 2),
            LayerSample.of(new FourierPositions(3, 2, 0.1), 5, 3)),
        entry(
            "subject-norm",
            "Layer norm with a scale and shift for each subject.",
            LayerSample.of(new SubjectNorm(3, 7), 7)
                .with(SubjectLinear.SUBJECT, new Further.Numbers(3))),
        entry(
            "zero-start",
            "A layer whose parameters begin as zero.",
            LayerSample.of(new ZeroStart(Linear.of(5, 3)), 5)),
        entry(
            "layer-norm",
            "Normalisation over the last axis.",
            LayerSample.of(LayerNorm.of(7), 7),
            LayerSample.of(LayerNorm.of(5), 3, 5),
            LayerSample.of(new LayerNorm(5, 1e-3, Bias.WITHOUT), 3, 5)),
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
            LayerSample.of(GroupNorm.of(1, 5), 5, 3),
            LayerSample.of(GroupNorm.of(2, 6), 6, 3, 5)),
        entry(
            "max-norm",
            "A layer with weights of bounded length.",
            LayerSample.of(
                new MaxNorm(new Convolution(3, 6, Window.of(5, 3).withGroups(3), Bias.WITH), 1),
                3,
                9,
                7),
            LayerSample.of(new MaxNorm(Linear.of(7, 5), 0.8), 7)),
        entry(
            "learned-scale",
            "Each element of the last axis times a learned number.",
            LayerSample.of(new LearnedScale(5, 1e-4), 3, 5)),
        entry(
            "convolution",
            "A convolution over one to three axes, also dilated, in groups, or depthwise.",
            LayerSample.of(new Convolution(3, 5, Window.of(3), Bias.WITH), 3, 11),
            LayerSample.of(new Convolution(4, 3, Window.of(1), Bias.WITH), 4, 5),
            LayerSample.of(new Convolution(3, 3, Window.of(3).withGroups(3), Bias.WITHOUT), 3, 7),
            LayerSample.of(
                new Convolution(
                    4, 6, Window.of(3).withDilation(2).centred().withGroups(2), Bias.WITHOUT),
                4,
                13),
            LayerSample.of(
                new Convolution(3, 6, Window.of(5, 3).withStride(2, 1).withGroups(3), Bias.WITH),
                3,
                9,
                7),
            LayerSample.of(
                new Convolution(1, 2, Window.of(3, 1, 3).centred(), Bias.WITH), 1, 5, 3, 7)),
        entry(
            "upsample",
            "Each element repeated along the last axes.",
            LayerSample.of(new Upsample(3, 1, 3), 3, 5),
            LayerSample.of(new Upsample(2, 2, 2), 2, 3, 5)),
        entry(
            "transposed-convolution",
            "The transpose of a convolution, which lengthens by its stride.",
            LayerSample.of(new TransposedConvolution(3, 5, Window.of(3), 0, Bias.WITHOUT), 3, 7),
            LayerSample.of(
                new TransposedConvolution(
                    4, 6, Window.of(5).withStride(3).withPadding(1).withGroups(2), 2, Bias.WITH),
                4,
                7),
            LayerSample.of(
                new TransposedConvolution(
                    3, 2, Window.of(4, 3).withStride(2, 2).withPadding(1, 0), 1, Bias.WITH),
                3,
                3,
                5),
            LayerSample.of(
                new TransposedConvolution(
                    1, 2, Window.of(2, 3, 2).withDilation(2, 1, 1), 0, Bias.WITH),
                1,
                3,
                4,
                3)));
  }

  /** Places on a spiral; the last is unknown. */
  private static Tensor places(int count) {
    float[] places = new float[2 * count];
    for (int i = 0; i < count - 1; i++) {
      places[2 * i] = (float) (0.5 + 0.5 * i / count * Math.cos(i));
      places[2 * i + 1] = (float) (0.5 + 0.5 * i / count * Math.sin(i));
    }
    places[2 * count - 2] = -0.1f;
    places[2 * count - 1] = -0.1f;
    return Tensor.wrap(places, count, 2);
  }
}
