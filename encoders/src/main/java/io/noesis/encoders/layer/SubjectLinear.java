package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Mode;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A linear map for each subject: row r is multiplied by the weights of subject {@code subject[r]}
 * (a further input of whole numbers {@code [batch]}). The subject −1 stands for one that was not
 * trained and gets the mean of all weights (as in BrainMagick, doi:10.1038/s42256-023-00714-5).
 * Each subject's rows are multiplied at once. Of subjects with fewer inputs than the others the
 * rows end in zeros, whose weights get no gradient from them. {@code [batch, in]} → {@code [batch,
 * out]}, or over the middle axis {@code [batch, in, time]} → {@code [batch, out, time]}; {@code
 * weight [subjects, in, out]}, {@code bias [subjects, out]}.
 *
 * @param subjects how many were trained
 * @param in width of the input
 * @param out width of the output
 * @param axes whether there is a time axis
 * @param constants whether constants are added
 * @param hidden part of the rows, by chance, that get the mean of all weights in training, so that
 *     it learns to serve somebody who was not trained
 */
public record SubjectLinear(int subjects, int in, int out, Axes axes, Bias constants, double hidden)
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
    Check.argument(
        hidden >= 0 && hidden < 1,
        "linear layer per subject: expected a hidden part from 0 to below 1, found %s",
        hidden);
  }

  /** No row is hidden. */
  public SubjectLinear(int subjects, int in, int out, Axes axes, Bias constants) {
    this(subjects, in, out, axes, constants, 0);
  }

  /** With bias. */
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
    List<Value> weights = Ops.parts(pass.parameter("weight"), 0);
    List<Value> biases = constants == Bias.WITH ? Ops.parts(pass.parameter("bias"), 0) : List.of();
    return SubjectRows.of(subjects(pass, input.dim(0)), subjects, "linear layer per subject")
        .through(
            input,
            (subject, rows) ->
                map(rows, of(weights, subject), biases.isEmpty() ? null : of(biases, subject)));
  }

  private long[] subjects(Pass pass, int count) {
    long[] subject = SubjectRows.subjects(pass, count, subjects);
    if (pass.mode() == Mode.TRAINING && hidden > 0 && subjects > 1) {
      double[] draws = Ops.uniform(pass.random(), 0, 1, count).toDoubles();
      for (int row = 0; row < count; row++) {
        subject[row] = draws[row] < hidden ? -1 : subject[row];
      }
    }
    return subject;
  }

  /** Those of a subject; of −1 the mean. */
  private static Value of(List<Value> numbers, int subject) {
    if (subject >= 0) {
      return numbers.get(subject);
    }
    Value sum = numbers.stream().reduce(Ops::add).orElseThrow();
    return Ops.multiply(sum, 1.0 / numbers.size());
  }

  private Value map(Value rows, Value weight, @Nullable Value shift) {
    boolean flat = axes == Axes.FLAT;
    Value product = flat ? Ops.matmul(rows, weight) : Ops.matmul(Ops.transpose(weight, 0, 1), rows);
    if (shift == null) {
      return product;
    }
    return Ops.add(product, flat ? shift : Ops.addAxis(shift, 1));
  }

  @Override
  public String emit(Emission graph, String input) {
    return axes == Axes.FLAT ? emitFlat(graph, input) : emitTime(graph, input);
  }

  /**
   * Gathering the weights of wide inputs would copy them for each row. Instead each row stands,
   * between zeros, where the weights of its subject are when all lie behind each other: [0 x
   * 0]·[W₀; W₁; W₂]. A row without subject stands everywhere, divided by their number.
   */
  private String emitFlat(Emission graph, String input) {
    if (subjects == 1) {
      return emitOne(graph, input);
    }
    // ONNX counts negative indices from the end.
    String share = graph.constant("share", shares(subjects));
    String own = graph.node("Gather", "own", List.of(share, graph.further(SUBJECT)));
    String column = graph.node("Unsqueeze", "column", List.of(own, graph.constant("last", 2)));
    String row = graph.node("Unsqueeze", "row", List.of(input, graph.constant("middle", 1)));
    String placed = graph.node("Mul", "placed", List.of(column, row));
    String sizes = graph.constant("sizes", 0, (long) subjects * in);
    String wide = graph.node("Reshape", "wide", List.of(placed, sizes));
    String all = graph.constant("weights", graph.numbers("weight").reshape(subjects * in, out));
    String product = graph.node("MatMul", "product", List.of(wide, all));
    if (constants == Bias.WITHOUT) {
      return product;
    }
    String shift = graph.node("MatMul", "shift", List.of(own, graph.weight("bias")));
    return graph.node("Add", "out", List.of(product, shift));
  }

  /**
   * How much of each subject's weights a row gets: all of its own; at the end, where −1 points, as
   * much of each.
   *
   * @return {@code [subjects + 1, subjects]}
   */
  static Tensor shares(int subjects) {
    float[] share = new float[(subjects + 1) * subjects];
    for (int s = 0; s < subjects; s++) {
      share[s * subjects + s] = 1;
      share[subjects * subjects + s] = 1f / subjects;
    }
    return Tensor.wrap(share, subjects + 1, subjects);
  }

  private String emitOne(Emission graph, String input) {
    Tensor weight = graph.numbers("weight").reshape(in, out);
    String all = graph.constant("weights", weight);
    String product = graph.node("MatMul", "product", List.of(input, all));
    return constants == Bias.WITHOUT
        ? product
        : graph.node("Add", "out", List.of(product, graph.weight("bias")));
  }

  private String emitTime(Emission graph, String input) {
    String weight = gathered(graph, "weight");
    String rows = graph.node("Transpose", "rows", List.of(input), Shapes.SWAP_LAST_OF_THREE);
    String sum = graph.node("MatMul", "product", List.of(rows, weight));
    if (constants == Bias.WITH) {
      String axis = graph.constant("axis", 1);
      String row = graph.node("Unsqueeze", "row", List.of(gathered(graph, "bias"), axis));
      sum = graph.node("Add", "sum", List.of(sum, row));
    }
    return graph.node("Transpose", "out", List.of(sum), Shapes.SWAP_LAST_OF_THREE);
  }

  /** The numbers of each row's subject; the mean of all lies at the end, where −1 points. */
  private String gathered(Emission graph, String name) {
    if (subjects == 1) {
      return graph.weight(name);
    }
    String all = graph.constant(name + "s", withMean(graph.numbers(name)));
    return graph.node("Gather", "own_" + name, List.of(all, graph.further(SUBJECT)));
  }

  /** Row {@code subjects} is the mean. */
  static Value withMean(Value numbers) {
    return Ops.concatenate(0, numbers, Ops.mean(numbers, 0));
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
    return "linear "
        + in
        + " → "
        + out
        + " for each of "
        + subjects
        + " subjects"
        + (hidden > 0 ? ", hidden in " + hidden + " of the rows" : "");
  }
}
