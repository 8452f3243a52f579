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
 * @param width even
 */
public record TimestepWaves(int width) implements Layer {
  /** Checks the width. */
  public TimestepWaves {
    Check.argument(
        width > 0 && width % 2 == 0, "waves of a step: expected an even width, found %d", width);
  }

  private Tensor rates() {
    int half = width / 2;
    float[] rates = new float[half];
    for (int i = 0; i < half; i++) {
      rates[i] = (float) Math.exp(-Math.log(10_000) * i / half);
    }
    return Tensor.wrap(rates, 1, half);
  }

  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    Value phases = Ops.multiply(input, Value.of(rates()).like(input));
    return Ops.concatenate(1, Ops.cos(phases), Ops.sin(phases));
  }

  @Override
  public String emit(Emission graph, String input) {
    String phases = graph.node("Mul", "phases", List.of(input, graph.constant("rates", rates())));
    return graph.node(
        "Concat",
        "out",
        List.of(
            graph.node("Cos", "cosines", List.of(phases)),
            graph.node("Sin", "sines", List.of(phases))),
        OnnxAttribute.number("axis", 1));
  }

  @Override
  public String describe() {
    return "waves of a step " + width;
  }
}
