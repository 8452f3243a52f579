package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Value;

/**
 * A layer some of whose parameters begin elsewhere than they would by themselves.
 *
 * @param inner the layer, whose names it keeps
 * @param parameter how names end: {@code weight} means those of all inner layers
 * @param initial where they begin
 */
public record Starting(Layer inner, String parameter, Initial initial) implements Layer {
  @Override
  public void declare(Declaration parameters) {
    inner.declare(parameters.starting(parameter, initial));
  }

  @Override
  public Value forward(Pass pass, Value input) {
    return inner.forward(pass, input);
  }

  @Override
  public String emit(Emission graph, String input) {
    return inner.emit(graph, input);
  }

  @Override
  public String describe() {
    return inner.describe();
  }
}
