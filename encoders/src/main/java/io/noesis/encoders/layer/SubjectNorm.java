package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * {@link LayerNorm} whose scale and shift are those of the row's subject (the further input {@link
 * SubjectLinear#SUBJECT}; −1 gets the mean of all): {@code [batch, width]} → the same; {@code
 * weight} and {@code bias [subjects, width]}.
 *
 * @param subjects how many were trained
 * @param width size of the last axis
 */
public record SubjectNorm(int subjects, int width) implements Layer {
  private static final double EPSILON = 1e-5;

  /** Checks the sizes. */
  public SubjectNorm {
    Check.argument(
        subjects > 0 && width > 0,
        "layer norm per subject: expected sizes of at least 1, found %d subjects of width %d",
        subjects,
        width);
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.ofSubjects("weight", new Initial.Constant(1), subjects, width);
    parameters.ofSubjects("bias", new Initial.Constant(0), subjects, width);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value subject = Ops.indexFromEnd(pass.further(SubjectLinear.SUBJECT), subjects + 1);
    Value weight = withMean(pass.parameter("weight"));
    Value bias = withMean(pass.parameter("bias"));
    Value ones = Value.of(Tensor.zeros(width).map(zero -> 1)).like(input);
    Value zeros = Value.of(Tensor.zeros(width)).like(input);
    Value normal = Neural.layerNorm(input, ones, zeros, EPSILON);
    return Ops.add(
        Ops.multiply(normal, Ops.select(weight, 0, subject)), Ops.select(bias, 0, subject));
  }

  /** Row {@code subjects} is the mean. */
  private static Value withMean(Value numbers) {
    return Ops.concatenate(0, numbers, Ops.mean(numbers, 0));
  }

  @Override
  public String emit(Emission graph, String input) {
    String subject = graph.further(SubjectLinear.SUBJECT);
    String normal =
        graph.node(
            "LayerNormalization",
            "normal",
            List.of(input, graph.constant("ones", Tensor.zeros(width).map(zero -> 1))),
            OnnxAttribute.number("axis", -1),
            OnnxAttribute.real("epsilon", EPSILON));
    // ONNX counts negative indices from the end, where the mean is.
    String weight = graph.constant("weights", SubjectLinear.withMean(graph.numbers("weight")));
    String bias = graph.constant("biases", SubjectLinear.withMean(graph.numbers("bias")));
    String scale = graph.node("Gather", "scale", List.of(weight, subject));
    String shift = graph.node("Gather", "shift", List.of(bias, subject));
    String scaled = graph.node("Mul", "scaled", List.of(normal, scale));
    return graph.node("Add", "out", List.of(scaled, shift));
  }

  @Override
  public String describe() {
    return "layer norm " + width + " for each of " + subjects + " subjects";
  }
}
