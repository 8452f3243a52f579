package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Value;

/** x itself: the straight branch of a {@link Parallel}. */
public record Identity() implements Layer {
  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    return input;
  }

  @Override
  public String emit(Emission graph, String input) {
    return input;
  }

  @Override
  public String describe() {
    return "unchanged";
  }
}
