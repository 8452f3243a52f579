package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * A linear map for each subject: row r is multiplied by the weights of subject {@code subject[r]}
 * (a further input of whole numbers {@code [batch]}). The subject −1 stands for one that was not
 * trained and gets the mean of all weights (as in BrainMagick, doi:10.1038/s42256-023-00714-5).
 * {@code [batch, in]} → {@code [batch, out]}, or over the middle axis {@code [batch, in, time]} →
 * {@code [batch, out, time]}; {@code weight [subjects, in, out]}, {@code bias [subjects, out]}.
 *
 * @param subjects how many were trained
 * @param in width of the input
 * @param out width of the output
 * @param axes whether there is a time axis
 * @param constants whether constants are added
 */
public record SubjectLinear(int subjects, int in, int out, Axes axes, Bias constants)
    implements Layer {
  /** Name of the further input that says whose row it is. */
  public static final String SUBJECT = "subject";

  /** The axes of the input. */
  public enum Axes {
    /** {@code [batch, in]}. */
    FLAT,
    /** {@code [batch, in, time]}. */
    TIME
  }

  /** Checks the sizes. */
  public SubjectLinear {
    Check.argument(
        subjects > 0 && in > 0 && out > 0,
        "linear layer per subject: expected at least 1 subject and widths of at least 1, found %d,"
            + " %d, %d",
        subjects,
        in,
        out);
  }

  /**
   * With constants.
   *
   * @param subjects how many were trained
   * @param in width of the input
   * @param out width of the output
   * @param axes whether there is a time axis
   */
  public SubjectLinear(int subjects, int in, int out, Axes axes) {
    this(subjects, in, out, axes, Bias.WITH);
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.ofSubjects("weight", Initial.fanIn(in), subjects, in, out);
    if (constants == Bias.WITH) {
      parameters.ofSubjects("bias", Initial.fanIn(in), subjects, out);
    }
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value subject = pass.further(SUBJECT);
    Value weight = Ops.select(withMean(pass.parameter("weight")), 0, known(subject));
    Value rows = axes == Axes.FLAT ? Ops.addAxis(input, 1) : Ops.transpose(input, 1, 2);
    Value product = Ops.matmul(rows, weight);
    if (constants == Bias.WITH) {
      Value own = Ops.select(withMean(pass.parameter("bias")), 0, known(subject));
      product = Ops.add(product, Ops.addAxis(own, 1));
    }
    return axes == Axes.FLAT ? Ops.dropAxis(product, 1) : Ops.transpose(product, 1, 2);
  }

  /** Row {@code subjects} is the mean. */
  private static Value withMean(Value numbers) {
    return Ops.concatenate(0, numbers, Ops.mean(numbers, 0));
  }

  private Value known(Value subject) {
    return Ops.indexFromEnd(subject, subjects + 1);
  }

  @Override
  public String emit(Emission graph, String input) {
    String subject = graph.further(SUBJECT);
    // ONNX counts negative indices from the end, where the mean is.
    String weight =
        graph.node(
            "Gather",
            "own_weight",
            List.of(graph.constant("weights", withMean(graph.numbers("weight"))), subject));
    String axis = graph.constant("axis", 1);
    String rows =
        axes == Axes.FLAT
            ? graph.node("Unsqueeze", "row", List.of(input, axis))
            : graph.node("Transpose", "rows", List.of(input), Shapes.SWAP_LAST_OF_THREE);
    String product = graph.node("MatMul", "product", List.of(rows, weight));
    String sum =
        constants == Bias.WITH
            ? graph.node("Add", "sum", List.of(product, shift(graph, subject, axis)))
            : product;
    return axes == Axes.FLAT
        ? graph.node("Squeeze", "out", List.of(sum, axis))
        : graph.node("Transpose", "out", List.of(sum), Shapes.SWAP_LAST_OF_THREE);
  }

  private static String shift(Emission graph, String subject, String axis) {
    String all = graph.constant("biases", withMean(graph.numbers("bias")));
    String own = graph.node("Gather", "own_bias", List.of(all, subject));
    return graph.node("Unsqueeze", "shift", List.of(own, axis));
  }

  /** Numbers of each subject, and their mean behind them. */
  static Tensor withMean(Tensor numbers) {
    int subjects = numbers.dim(0);
    int width = numbers.size() / subjects;
    float[] mean = new float[width];
    for (int i = 0; i < width; i++) {
      double sum = 0;
      for (int s = 0; s < subjects; s++) {
        sum += numbers.array()[s * width + i];
      }
      mean[i] = (float) (sum / subjects);
    }
    int[] sizes = numbers.shape().toArray();
    sizes[0] = 1;
    return Tensor.concatenate(numbers, Tensor.wrap(mean, sizes));
  }

  @Override
  public String describe() {
    return "linear " + in + " → " + out + " for each of " + subjects + " subjects";
  }
}
