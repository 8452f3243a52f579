package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Value;
import io.noesis.encoders.torch.Window;
import java.util.List;

/**
 * The mean in windows over the last axes: {@code [batch, channels, ...]} → {@code [batch, channels,
 * windows...]}.
 *
 * @param window size, stride and padding
 */
public record AveragePool(Window window) implements Layer {
  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    return Neural.averagePool(input, window);
  }

  @Override
  public String emit(Emission graph, String input) {
    return graph.node("AveragePool", "out", List.of(input), Windows.average(window));
  }

  @Override
  public String describe() {
    return "mean in windows (" + window + ")";
  }
}
