package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Indices;
import io.noesis.encoders.torch.Mode;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * A layer that is steered by a learned vector of each row's number: task, study, subject. Each
 * prompt's vector times its learned share, added up, is given on as {@link AdaLnZero#CONDITION};
 * the number −1 stands for unknown and has a vector of its own. {@code NAME.weight [count, width]},
 * {@code NAME.unknown [1, width]} and {@code NAME.share [1]} for each prompt NAME; shares begin as
 * a prompt's part of all vectors.
 *
 * @param prompts what steers
 * @param width of the vectors
 * @param inner the layer
 */
public record Conditioned(List<Prompt> prompts, int width, Layer inner) implements Layer {
  /**
   * What steers.
   *
   * @param name of the further input of whole numbers {@code [batch]} that says it
   * @param count one more than the largest number
   * @param unknown fraction of rows, drawn at random in training, of which it is hidden; at 1
   *     always, and the further input is not asked for
   * @param told the number of all rows; empty where the further input says it
   */
  public record Prompt(String name, int count, double unknown, OptionalInt told) {
    /** Checks the numbers. */
    public Prompt {
      Check.argument(
          count > 0 && unknown >= 0 && unknown <= 1 && told.orElse(0) < count,
          "the prompt '%s': expected at least one number, unknown from 0 to 1 and a told number"
              + " below the count, found %d, %s and %s",
          name,
          count,
          unknown,
          told);
    }

    /** One that rows always say. */
    static Prompt of(String name, int count) {
      return new Prompt(name, count, 0, OptionalInt.empty());
    }

    /** The number of all rows, if they have the same in evaluation. */
    private OptionalInt always() {
      return unknown == 1 ? OptionalInt.of(-1) : told;
    }
  }

  /** Checks that there are some. */
  public Conditioned {
    prompts = List.copyOf(prompts);
    Check.argument(
        !prompts.isEmpty() && width > 0,
        "steering a layer: expected at least one prompt and a width of at least 1, found %s and %d",
        prompts,
        width);
  }

  @Override
  public void declare(Declaration parameters) {
    double all = prompts.stream().mapToInt(p -> p.count() + 1).sum();
    for (Prompt prompt : prompts) {
      Declaration own = parameters.in(prompt.name());
      own.parameter("weight", new Initial.Normal(0.02), prompt.count(), width);
      own.parameter("unknown", new Initial.Normal(0.02), 1, width);
      own.parameter("share", new Initial.Constant((prompt.count() + 1) / all), 1);
    }
    parameters.inner("inner", inner);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value condition =
        prompts.stream().map(p -> of(pass, p, input.dim(0))).reduce(Ops::add).orElseThrow();
    return pass.with(AdaLnZero.CONDITION, condition).inner("inner", inner, input);
  }

  private static Value of(Pass pass, Prompt prompt, int rows) {
    Pass own = pass.in(prompt.name());
    // The unknown one lies in front.
    Value all = Ops.concatenate(0, own.parameter("unknown"), own.parameter("weight"));
    Value vectors = Ops.select(all, 0, Indices.moved(numbers(pass, prompt, rows), 1));
    return Ops.multiply(vectors, own.parameter("share"));
  }

  private static Value numbers(Pass pass, Prompt prompt, int rows) {
    boolean hiding = pass.mode() == Mode.TRAINING && prompt.unknown() > 0 && prompt.unknown() < 1;
    OptionalInt always = prompt.always();
    if (!hiding) {
      return always.isPresent()
          ? Value.of(new long[] {always.getAsInt()}, 1)
          : pass.further(prompt.name());
    }
    double[] drawn = Ops.uniform(pass.random(), 0, 1, rows).toDoubles();
    long[] numbers = new long[rows];
    if (always.isPresent()) {
      Arrays.fill(numbers, always.getAsInt());
    } else {
      numbers = pass.further(prompt.name()).toLongs().clone();
    }
    for (int row = 0; row < rows; row++) {
      numbers[row] = drawn[row] < prompt.unknown() ? -1 : numbers[row];
    }
    return Value.of(numbers, rows);
  }

  @Override
  public String emit(Emission graph, String input) {
    String condition = null;
    for (Prompt prompt : prompts) {
      String name = prompt.name();
      String all =
          graph.node(
              "Concat",
              name + "_all",
              List.of(graph.weight(name + ".weight"), graph.weight(name + ".unknown")),
              OnnxAttribute.number("axis", 0));
      // ONNX counts −1 from the end, where the unknown one lies.
      OptionalInt always = prompt.always();
      String number =
          always.isPresent()
              ? graph.constant(name + "_told", always.getAsInt())
              : graph.further(name);
      String vector = graph.node("Gather", name + "_own", List.of(all, number));
      String own =
          graph.node("Mul", name + "_part", List.of(vector, graph.weight(name + ".share")));
      condition = condition == null ? own : graph.node("Add", "condition", List.of(condition, own));
    }
    return graph
        .with(AdaLnZero.CONDITION, java.util.Objects.requireNonNull(condition))
        .inner("inner", inner, input);
  }

  @Override
  public String describe() {
    return inner.describe() + ", steered by " + prompts.stream().map(Prompt::name).toList();
  }
}
