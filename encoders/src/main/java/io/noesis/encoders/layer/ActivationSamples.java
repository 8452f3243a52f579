package io.noesis.encoders.layer;

import static io.noesis.encoders.layer.Layers.entry;

import io.noesis.run.Registry.Entry;
import java.util.List;

/** Samples of functions of single elements or vectors, and of dropout. */
final class ActivationSamples {
  private ActivationSamples() {}

  static List<Entry<List<LayerSample>>> entries() {
    return List.of(
        entry("gelu", "x·Φ(x).", LayerSample.of(new Gelu(), 7)),
        entry("gelu-by-tanh", "An approximation of GELU.", LayerSample.of(new GeluByTanh(), 7)),
        entry("elu", "x where positive, else eˣ − 1.", LayerSample.of(new Elu(), 7)),
        entry("relu", "x where positive, else 0.", LayerSample.of(new Relu(), 7)),
        entry(
            "leaky-relu", "x where positive, else slope·x.", LayerSample.of(new LeakyRelu(0.1), 7)),
        entry("silu", "x·sigmoid(x).", LayerSample.of(new Silu(), 7)),
        entry(
            "glu",
            "Half of an axis gated by the other half.",
            LayerSample.of(new Glu(-1), 10),
            LayerSample.of(new Glu(1), 6, 5)),
        entry(
            "swi-glu",
            "Half of the last axis gated by SiLU of the other half.",
            LayerSample.of(new SwiGlu(5), 3, 10)),
        entry("square", "x².", LayerSample.of(new Square(), 7)),
        entry("safe-log", "log(max(x, least)).", LayerSample.of(new SafeLog(0.1), 7)),
        entry("tanh", "The hyperbolic tangent.", LayerSample.of(new Tanh(), 7)),
        entry("sigmoid", "1 / (1 + e⁻ˣ).", LayerSample.of(new Sigmoid(), 7)),
        entry(
            "softmax",
            "eˣ over its sum along an axis.",
            LayerSample.of(new Softmax(-1), 3, 7),
            LayerSample.of(new Softmax(1), 5, 3)),
        entry(
            "l2-normalize",
            "Vectors of length 1.",
            LayerSample.of(new L2Normalize(-1), 7),
            LayerSample.of(new L2Normalize(1), 5, 3)),
        entry(
            "dropout",
            "Elements left out at random in training.",
            LayerSample.of(new Dropout(0.3), 31)),
        entry(
            "drop-path",
            "Whole rows of a residual branch left out at random in training.",
            LayerSample.of(
                new Residual(
                    Sequence.builder()
                        .add("linear", Linear.of(5, 5))
                        .add("drop", new Dropout(0.3, Dropout.Unit.ROW))
                        .build()),
                3,
                5)),
        entry(
            "channel-dropout",
            "Channels left out at random in training.",
            LayerSample.of(new Dropout(0.3, Dropout.Unit.CHANNEL), 9, 5)));
  }
}
