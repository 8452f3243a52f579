package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Value;

/**
 * A layer whose parameters all begin as zero, so that a residual branch or a gate that ends in it
 * begins as nothing (Zhang et al. 2019, arXiv:1901.09321). Their names are the layer's own.
 *
 * @param inner the layer
 */
public record ZeroStart(Layer inner) implements Layer {
  @Override
  public void declare(Declaration parameters) {
    inner.declare(parameters.from(new Initial.Constant(0)));
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
    return inner.describe() + " from zero";
  }
}
