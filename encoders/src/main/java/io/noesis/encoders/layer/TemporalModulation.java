package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * Each token times a factor and plus a shift of its place, which a condition steers: x · (1 +
 * scale) + shift, where scale and shift are a linear map of SiLU(condition) that begins at zero, so
 * that the layer begins as nothing (the temporal modulation of GLIM, arXiv:2505.17099). {@code
 * [batch, tokens, width]} → the same; the further input {@value AdaLnZero#CONDITION} is {@code
 * [batch, conditionWidth]}, or one row for all.
 *
 * @param tokens how many
 * @param conditionWidth of the condition
 */
public record TemporalModulation(int tokens, int conditionWidth) implements Layer {
  /** Checks the sizes. */
  public TemporalModulation {
    Check.argument(
        tokens > 0 && conditionWidth > 0,
        "steering tokens by their places: expected sizes of at least 1, found %d tokens and a"
            + " condition of %d",
        tokens,
        conditionWidth);
  }

  private Layer modulation() {
    return Linear.of(conditionWidth, 2 * tokens);
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.from(new Initial.Constant(0)).inner("modulation", modulation());
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value steer =
        Ops.addAxis(
            pass.inner("modulation", modulation(), Neural.silu(pass.further(AdaLnZero.CONDITION))),
            2);
    Value scale = Ops.add(Ops.narrow(steer, 1, 0, tokens), 1);
    return Ops.add(Ops.multiply(input, scale), Ops.narrow(steer, 1, tokens, tokens));
  }

  @Override
  public String emit(Emission graph, String input) {
    String condition = graph.further(AdaLnZero.CONDITION);
    String gate = graph.node("Sigmoid", "condition_gate", List.of(condition));
    String silu = graph.node("Mul", "condition_silu", List.of(condition, gate));
    String steer =
        graph.node(
            "Unsqueeze",
            "steer",
            List.of(
                graph.inner("modulation", modulation(), silu), graph.constant("width_axis", 2)));
    List<String> parts = graph.split("steer_part", steer, 1, 2);
    String one = graph.constant("one", Tensor.wrap(new float[] {1}));
    String scale = graph.node("Add", "scale", List.of(parts.get(0), one));
    String scaled = graph.node("Mul", "scaled", List.of(input, scale));
    return graph.node("Add", "out", List.of(scaled, parts.get(1)));
  }

  @Override
  public String describe() {
    return tokens + " places scaled and shifted by a condition of " + conditionWidth;
  }
}
