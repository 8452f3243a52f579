package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * Cosines and sines of a step of diffusion t: cos(t / 10000^(i/h)), then sin(...), i from 0 to h −
 * 1, h half of the width (Ho et al. 2020, arXiv:2006.11239, in the order of diffusers). {@code
 * [batch, 1]} → {@code [batch, width]}.
 *
 * @param width even, at least 4
 * @param order how they lie
 */
public record TimestepWaves(int width, Order order) implements Layer {
  /** How the waves lie, and how slow the slowest is. */
  public enum Order {
    /** Cosines, then sines; the slowest wave is one step short of 10,000. */
    COSINES_FIRST,
    /** Sines, then cosines; the slowest wave is 10,000. */
    SINES_FIRST
  }

  /** Checks the width. */
  public TimestepWaves {
    Check.argument(
        width > 0 && width % 2 == 0 && (width > 2 || order == Order.COSINES_FIRST),
        "waves of a step: expected an even width, found %d",
        width);
  }

  /** Cosines first. */
  public TimestepWaves(int width) {
    this(width, Order.COSINES_FIRST);
  }

  private Tensor rates() {
    int half = width / 2;
    int slowest = order == Order.COSINES_FIRST ? half : half - 1;
    float[] rates = new float[half];
    for (int i = 0; i < half; i++) {
      rates[i] = (float) Math.exp(-Math.log(10_000) * i / slowest);
    }
    return Tensor.wrap(rates, 1, half);
  }

  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    Value phases = Ops.multiply(input, Value.of(rates()).like(input));
    return order == Order.COSINES_FIRST
        ? Ops.concatenate(1, Ops.cos(phases), Ops.sin(phases))
        : Ops.concatenate(1, Ops.sin(phases), Ops.cos(phases));
  }

  @Override
  public String emit(Emission graph, String input) {
    String phases = graph.node("Mul", "phases", List.of(input, graph.constant("rates", rates())));
    String cosines = graph.node("Cos", "cosines", List.of(phases));
    String sines = graph.node("Sin", "sines", List.of(phases));
    return graph.node(
        "Concat",
        "out",
        order == Order.COSINES_FIRST ? List.of(cosines, sines) : List.of(sines, cosines),
        OnnxAttribute.number("axis", 1));
  }

  @Override
  public String describe() {
    return "waves of a step " + width;
  }
}
