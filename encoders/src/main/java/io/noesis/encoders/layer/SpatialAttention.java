package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Mode;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Precision;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sensors mixed into virtual channels by where they are: each channel is a mean of the sensors with
 * weights softmax(H·φ(place)), where φ are {@linkplain FourierPositions waves} (Défossez et al.
 * 2023, doi:10.1038/s42256-023-00714-5). A sensor with a negative first coordinate has no known
 * place and no weight. In training the sensors in a disc around one random place of the unit square
 * have no weight in a batch. {@code [batch, sensors, time]} → {@code [batch, channels, time]};
 * {@code heads [channels, waves]}.
 *
 * @param channels how many virtual channels
 * @param waves φ
 * @param dropRadius radius of the disc, in units of the square; 0 for none
 * @param sensors places {@code [sensors, axes]} in [0, 1], or {@code [subjects, sensors, axes]}
 *     where they differ between subjects (the further input {@link SubjectLinear#SUBJECT}; −1 gets
 *     the mean of their weights); null when they are the further input {@value #POSITIONS} {@code
 *     [batch, sensors, axes]}
 */
public record SpatialAttention(
    int channels, FourierPositions waves, double dropRadius, @Nullable Tensor sensors)
    implements Layer {
  /** Name of the further input with places. */
  public static final String POSITIONS = "positions";

  private static final String HEADS = "heads";

  /** Added to the score of a sensor without weight. */
  private static final double NEVER = -1e9;

  /** Checks the settings. */
  public SpatialAttention {
    Check.argument(
        channels > 0 && dropRadius >= 0,
        "spatial attention: expected at least 1 channel and a radius of at least 0, found %d, %s",
        channels,
        dropRadius);
    if (sensors != null) {
      Check.argument(
          (sensors.shape().rank() == 2 || sensors.shape().rank() == 3)
              && sensors.dim(sensors.shape().rank() - 1) == waves.axes(),
          "spatial attention: expected places [sensors, %d] or [subjects, sensors, %d], found %s",
          waves.axes(),
          waves.axes(),
          sensors.shape());
    }
  }

  /**
   * As published, for sensors that stay where they are: 270 channels, a disc of 0.2.
   *
   * @param sensors places {@code [sensors, 2]} in [0, 1]
   * @return the layer
   */
  public static SpatialAttention of(Tensor sensors) {
    return new SpatialAttention(270, FourierPositions.defaults(), 0.2, sensors);
  }

  /** As published, for sensors whose places come with each row. */
  public static SpatialAttention ofGivenPositions() {
    return new SpatialAttention(270, FourierPositions.defaults(), 0.2, null);
  }

  @Override
  public void declare(Declaration parameters) {
    int width = waves.width();
    parameters.parameter(HEADS, new Initial.Normal(1 / Math.sqrt(width)), channels, width);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value places;
    Value embedded;
    if (sensors == null) {
      places = pass.further(POSITIONS);
      embedded = waves.forward(pass, places);
    } else {
      places = Value.of(sensors).like(input);
      // In float64: phases of hundreds leave too little of float32 behind the point.
      embedded = waves.forward(pass, Value.of(sensors).to(Precision.FLOAT64)).like(input);
    }
    Value scores = Ops.matmul(pass.parameter(HEADS), Ops.transpose(embedded, -2, -1));
    Value out = Ops.below(Ops.narrow(places, -1, 0, 1), 0);
    if (pass.mode() == Mode.TRAINING && dropRadius > 0) {
      Value centre = Ops.uniform(pass.random(), 0, 1, waves.axes()).like(input);
      Value squares = Ops.sum(Ops.square(Ops.subtract(places, centre)), -1);
      out = Ops.add(out, Ops.below(squares, dropRadius * dropRadius));
    }
    Value kept = Ops.add(scores, Ops.transpose(Ops.multiply(out, NEVER), -2, -1));
    return Ops.matmul(ofRows(pass, Ops.softmax(kept, -1)), input);
  }

  private boolean differ() {
    return sensors != null && sensors.shape().rank() == 3;
  }

  /** The weights of each row's subject, where they differ. */
  private Value ofRows(Pass pass, Value weights) {
    if (!differ()) {
      return weights;
    }
    Value all = SubjectLinear.withMean(weights);
    Value subject = pass.further(SubjectLinear.SUBJECT);
    return Ops.select(all, 0, Ops.indexFromEnd(subject, all.dim(0)));
  }

  @Override
  public String emit(Emission graph, String input) {
    String weights =
        sensors == null
            ? emitWeights(graph, graph.further(POSITIONS))
            : graph.constant("weights", constants(sensors, graph.numbers(HEADS)));
    if (differ()) {
      // ONNX counts negative indices from the end.
      String subject = graph.further(SubjectLinear.SUBJECT);
      weights = graph.node("Gather", "own_weights", List.of(weights, subject));
    }
    return graph.node("MatMul", "out", List.of(weights, input));
  }

  private Tensor constants(Tensor places, Tensor heads) {
    if (!differ()) {
      return weights(places, heads);
    }
    int count = places.dim(1);
    Tensor[] own = new Tensor[places.dim(0)];
    for (int s = 0; s < own.length; s++) {
      Tensor subject = places.rows(new int[] {s}).reshape(count, waves.axes());
      own[s] = weights(subject, heads).reshape(1, channels, count);
    }
    return SubjectLinear.withMean(Tensor.concatenate(own));
  }

  private String emitWeights(Emission graph, String places) {
    String embedded = waves.emit(graph, places);
    OnnxAttribute swapped = OnnxAttribute.numbers("perm", 0, 2, 1);
    String keys = graph.node("Transpose", "keys", List.of(embedded), swapped);
    String scores = graph.node("MatMul", "scores", List.of(graph.weight(HEADS), keys));
    String first =
        graph.node(
            "Gather",
            "first",
            List.of(places, graph.constant("first_axis", 0)),
            OnnxAttribute.number("axis", -1));
    String zero = graph.constant("origin", Tensor.zeros());
    String unknown =
        graph.node(
            "Transpose",
            "unknown",
            List.of(graph.node("Less", "negative", List.of(first, zero))),
            swapped);
    String never = graph.constant("never", Tensor.wrap(new float[] {(float) NEVER}));
    String kept = graph.node("Where", "kept", List.of(unknown, never, scores));
    return graph.node("Softmax", "weights", List.of(kept), OnnxAttribute.number("axis", -1));
  }

  /** {@code [channels, sensors]} of fixed places. */
  private Tensor weights(Tensor places, Tensor heads) {
    float[] embedded = waves.of(places).array();
    int count = places.dim(0);
    int width = waves.width();
    float[] out = new float[channels * count];
    for (int channel = 0; channel < channels; channel++) {
      double[] scores = new double[count];
      double largest = Double.NEGATIVE_INFINITY;
      for (int sensor = 0; sensor < count; sensor++) {
        scores[sensor] = places.at(sensor, 0) < 0 ? NEVER : 0;
        for (int i = 0; i < width; i++) {
          scores[sensor] +=
              (double) heads.array()[channel * width + i] * embedded[sensor * width + i];
        }
        largest = Math.max(largest, scores[sensor]);
      }
      double sum = 0;
      for (int sensor = 0; sensor < count; sensor++) {
        scores[sensor] = Math.exp(scores[sensor] - largest);
        sum += scores[sensor];
      }
      for (int sensor = 0; sensor < count; sensor++) {
        out[channel * count + sensor] = (float) (scores[sensor] / sum);
      }
    }
    return Tensor.wrap(out, channels, count);
  }

  @Override
  public String describe() {
    return "attention of "
        + channels
        + " channels to sensors"
        + (sensors == null ? "" : " at " + sensors.dim(sensors.shape().rank() - 2) + " places")
        + (dropRadius > 0 ? ", spatial dropout " + dropRadius : "");
  }
}
