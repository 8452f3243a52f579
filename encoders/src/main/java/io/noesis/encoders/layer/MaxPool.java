package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Value;
import io.noesis.encoders.torch.Window;
import java.util.List;

/**
 * The largest in windows over the last axes: {@code [batch, channels, ...]} → {@code [batch,
 * channels, windows...]}.
 *
 * @param window size, stride and padding
 */
public record MaxPool(Window window) implements Layer {
  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    return Neural.maxPool(input, window);
  }

  @Override
  public String emit(Emission graph, String input) {
    return graph.node("MaxPool", "out", List.of(input), Windows.maximum(window));
  }

  @Override
  public String describe() {
    return "largest in windows (" + window + ")";
  }
}
