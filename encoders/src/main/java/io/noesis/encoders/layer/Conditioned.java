package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Indices;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.List;

/**
 * A layer that is steered by a learned vector of each row's number: task, study, subject. The
 * vectors are added up and given on as {@link AdaLnZero#CONDITION}; the number −1 stands for
 * unknown and has a vector of its own. {@code NAME.weight [count, width]}, {@code NAME.unknown [1,
 * width]} for each further input NAME, whole numbers {@code [batch]}.
 *
 * @param prompts the further inputs
 * @param width of the vectors
 * @param inner the layer
 */
public record Conditioned(List<Prompt> prompts, int width, Layer inner) implements Layer {
  /**
   * A further input that steers.
   *
   * @param name of the input
   * @param count one more than the largest number
   */
  public record Prompt(String name, int count) {}

  /** Checks that there are some. */
  public Conditioned {
    prompts = List.copyOf(prompts);
    Check.argument(
        !prompts.isEmpty() && prompts.stream().allMatch(p -> p.count() > 0) && width > 0,
        "steering a layer: expected inputs of at least one number and a width of at least 1, found"
            + " %s and %d",
        prompts,
        width);
  }

  @Override
  public void declare(Declaration parameters) {
    for (Prompt prompt : prompts) {
      Declaration own = parameters.in(prompt.name());
      own.parameter("weight", new Initial.Normal(0.02), prompt.count(), width);
      own.parameter("unknown", new Initial.Normal(0.02), 1, width);
    }
    parameters.inner("inner", inner);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value condition = prompts.stream().map(p -> of(pass, p)).reduce(Ops::add).orElseThrow();
    return pass.with(AdaLnZero.CONDITION, condition).inner("inner", inner, input);
  }

  private static Value of(Pass pass, Prompt prompt) {
    Pass own = pass.in(prompt.name());
    // The unknown one lies in front.
    Value all = Ops.concatenate(0, own.parameter("unknown"), own.parameter("weight"));
    return Ops.select(all, 0, Indices.moved(pass.further(prompt.name()), 1));
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
      String own = graph.node("Gather", name + "_own", List.of(all, graph.further(name)));
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
