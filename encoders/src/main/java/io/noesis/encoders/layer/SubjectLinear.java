package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

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
 */
public record SubjectLinear(int subjects, int in, int out, Axes axes) implements Layer {
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

  @Override
  public void declare(Declaration parameters) {
    parameters.ofSubjects("weight", Initial.fanIn(in), subjects, in, out);
    parameters.ofSubjects("bias", Initial.fanIn(in), subjects, out);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value weight = pass.parameter("weight");
    Value bias = pass.parameter("bias");
    if (axes == Axes.FLAT) {
      return flat(pass, input, weight, bias);
    }
    Value subject = Ops.indexFromEnd(pass.further(SUBJECT), subjects + 1);
    Value own = Ops.select(withMean(weight), 0, subject);
    Value shift = Ops.addAxis(Ops.select(withMean(bias), 0, subject), 1);
    Value rows = Ops.transpose(input, 1, 2);
    return Ops.transpose(Ops.add(Ops.matmul(rows, own), shift), 1, 2);
  }

  /**
   * Subject by subject: the weights of each row behind each other would need batch × in × out
   * numbers.
   */
  private Value flat(Pass pass, Value input, Value weight, Value bias) {
    if (subjects == 1) {
      return mapped(input, weight, bias, 0);
    }
    double[] whose = pass.further(SUBJECT).toDoubles();
    long[] order =
        IntStream.range(0, whose.length)
            .boxed()
            .sorted(Comparator.comparingDouble(row -> whose[row]))
            .mapToLong(row -> row)
            .toArray();
    long[] back = new long[order.length];
    List<Value> parts = new ArrayList<>();
    for (int from = 0, to; from < order.length; from = to) {
      double subject = whose[(int) order[from]];
      to = from;
      while (to < order.length && whose[(int) order[to]] == subject) {
        back[(int) order[to]] = to;
        to++;
      }
      long[] own = Arrays.copyOfRange(order, from, to);
      Value rows = Ops.select(input, 0, Value.of(own, own.length));
      parts.add(mapped(rows, weight, bias, (int) subject));
    }
    Value sorted = Ops.concatenate(0, parts.toArray(Value[]::new));
    return Ops.select(sorted, 0, Value.of(back, back.length));
  }

  private static Value mapped(Value rows, Value weight, Value bias, int subject) {
    return Ops.add(Ops.matmul(rows, numbersOf(weight, subject)), numbersOf(bias, subject));
  }

  private static Value numbersOf(Value all, int subject) {
    Value one = subject < 0 ? Ops.mean(all, 0) : Ops.narrow(all, 0, subject, 1);
    return Ops.dropAxis(one, 0);
  }

  /** Row {@code subjects} is the mean. */
  static Value withMean(Value numbers) {
    return Ops.concatenate(0, numbers, Ops.mean(numbers, 0));
  }

  @Override
  public String emit(Emission graph, String input) {
    return axes == Axes.FLAT ? emitFlat(graph, input) : emitOverTime(graph, input);
  }

  /** All subjects' maps at once, of which each row takes its own: no weights are copied. */
  private String emitFlat(Emission graph, String input) {
    if (subjects == 1) {
      Tensor weight = graph.numbers("weight").reshape(in, out);
      String product =
          graph.node("MatMul", "product", List.of(input, graph.constant("weights", weight)));
      Tensor bias = graph.numbers("bias").reshape(out);
      return graph.node("Add", "out", List.of(product, graph.constant("biases", bias)));
    }
    int count = subjects + 1;
    String weights = graph.constant("weights", sideBySide(withMean(graph.numbers("weight"))));
    String product = graph.node("MatMul", "product", List.of(input, weights));
    String biases = graph.constant("biases", withMean(graph.numbers("bias")));
    String apart =
        graph.node(
            "Reshape", "apart", List.of(product, graph.constant("apart_sizes", 0, count, out)));
    String sums = graph.node("Add", "sums", List.of(apart, biases));
    // ONNX counts negative indices from the end, where the mean is.
    String subject =
        graph.node(
            "Unsqueeze", "whose", List.of(graph.further(SUBJECT), graph.constant("axis", 1)));
    return graph.node(
        "GatherND", "out", List.of(sums, subject), OnnxAttribute.number("batch_dims", 1));
  }

  /** {@code [subjects, in, out]} → {@code [in, subjects · out]}. */
  private Tensor sideBySide(Tensor weights) {
    int count = weights.dim(0);
    float[] wide = new float[weights.size()];
    for (int s = 0; s < count; s++) {
      for (int i = 0; i < in; i++) {
        System.arraycopy(weights.array(), (s * in + i) * out, wide, (i * count + s) * out, out);
      }
    }
    return Tensor.wrap(wide, in, count * out);
  }

  private String emitOverTime(Emission graph, String input) {
    String subject = graph.further(SUBJECT);
    String weight =
        graph.node(
            "Gather",
            "own_weight",
            List.of(graph.constant("weights", withMean(graph.numbers("weight"))), subject));
    String bias =
        graph.node(
            "Gather",
            "own_bias",
            List.of(graph.constant("biases", withMean(graph.numbers("bias"))), subject));
    String shift = graph.node("Unsqueeze", "shift", List.of(bias, graph.constant("axis", 1)));
    String rows = graph.node("Transpose", "rows", List.of(input), Shapes.SWAP_LAST_OF_THREE);
    String product = graph.node("MatMul", "product", List.of(rows, weight));
    String sum = graph.node("Add", "sum", List.of(product, shift));
    return graph.node("Transpose", "out", List.of(sum), Shapes.SWAP_LAST_OF_THREE);
  }

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
