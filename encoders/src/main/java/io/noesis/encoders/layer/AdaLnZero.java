package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * A residual branch steered by a condition: x + gate · f(norm(x) · (1 + scale) + shift), where
 * shift, scale and gate are a linear map of SiLU(condition) that begins at zero, so that the branch
 * begins as nothing (Peebles and Xie 2023, arXiv:2212.09748). {@code [batch, tokens, width]} → the
 * same; the further input {@value #CONDITION} is {@code [batch, conditionWidth]}.
 *
 * @param inner f: attention or a feed-forward network
 * @param width of the tokens
 * @param conditionWidth of the condition
 */
public record AdaLnZero(Layer inner, int width, int conditionWidth) implements Layer {
  /** Name of the further input that steers. */
  public static final String CONDITION = "condition";

  private static final double EPSILON = 1e-6;

  /** Checks the widths. */
  public AdaLnZero {
    Check.argument(
        width > 0 && conditionWidth > 0,
        "steered residual: expected widths of at least 1, found %d and %d",
        width,
        conditionWidth);
  }

  private Layer modulation() {
    return Linear.of(conditionWidth, 3 * width);
  }

  @Override
  public void declare(Declaration parameters) {
    Declaration zeros = parameters.in("modulation");
    zeros.parameter("weight", new Initial.Constant(0), 3 * width, conditionWidth);
    zeros.parameter("bias", new Initial.Constant(0), 3 * width);
    parameters.inner("inner", inner);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value steer =
        Ops.addAxis(
            pass.inner("modulation", modulation(), Neural.silu(pass.further(CONDITION))), 1);
    Value shift = Ops.narrow(steer, 2, 0, width);
    Value scale = Ops.add(Ops.narrow(steer, 2, width, width), 1);
    Value gate = Ops.narrow(steer, 2, 2 * width, width);
    Value moved = Ops.add(Ops.multiply(Neural.standardize(input, EPSILON), scale), shift);
    return Ops.add(input, Ops.multiply(pass.inner("inner", inner, moved), gate));
  }

  @Override
  public String emit(Emission graph, String input) {
    String condition = graph.further(CONDITION);
    String gated = graph.node("Sigmoid", "condition_gate", List.of(condition));
    String silu = graph.node("Mul", "condition_silu", List.of(condition, gated));
    String steer =
        graph.node(
            "Unsqueeze",
            "steer",
            List.of(
                graph.inner("modulation", modulation(), silu), graph.constant("token_axis", 1)));
    List<String> parts = graph.split("steer_part", steer, 2, 3);
    String one = graph.constant("one", Tensor.wrap(new float[] {1}));
    String scale = graph.node("Add", "scale", List.of(parts.get(1), one));
    String unit =
        graph.node(
            "LayerNormalization",
            "unit",
            List.of(input, graph.constant("ones", Tensor.zeros(width).map(zero -> 1))),
            OnnxAttribute.number("axis", -1),
            OnnxAttribute.real("epsilon", EPSILON));
    String scaled = graph.node("Mul", "scaled", List.of(unit, scale));
    String moved = graph.node("Add", "moved", List.of(scaled, parts.get(0)));
    String branch =
        graph.node("Mul", "branch", List.of(graph.inner("inner", inner, moved), parts.get(2)));
    return graph.node("Add", "residual", List.of(input, branch));
  }

  @Override
  public String describe() {
    return "x + (" + inner.describe() + " steered by a condition of " + conditionWidth + ")";
  }
}
