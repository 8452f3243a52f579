package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.List;

/**
 * x where positive, else slope · x (Maas et al. 2013).
 *
 * @param slope in (0, 1)
 */
public record LeakyRelu(double slope) implements Layer {
  /** Checks the slope. */
  public LeakyRelu {
    Check.argument(
        slope > 0 && slope < 1, "leaky ReLU: expected a slope in (0, 1), found %s", slope);
  }

  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    return Neural.leakyRelu(input, slope);
  }

  @Override
  public String emit(Emission graph, String input) {
    return graph.node("LeakyRelu", "out", List.of(input), OnnxAttribute.real("alpha", slope));
  }

  @Override
  public String describe() {
    return "leaky ReLU, slope " + slope;
  }
}
