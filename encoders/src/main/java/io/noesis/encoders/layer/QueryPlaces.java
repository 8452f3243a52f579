package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import java.util.List;

/**
 * Adds the learned queries of {@link QueryPooling} to what goes through its decoder, in front of a
 * layer that looks by them (Carion et al. 2020, arXiv:2005.12872): f(x + queries). {@code [batch,
 * queries, width]} → what the layer gives; its parameters keep their names.
 *
 * @param inner f
 */
public record QueryPlaces(Layer inner) implements Layer {
  /** Name of the further input that is added. */
  public static final String PLACES = "places";

  @Override
  public void declare(Declaration parameters) {
    inner.declare(parameters);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    return inner.forward(pass, Ops.add(input, pass.further(PLACES)));
  }

  @Override
  public String emit(Emission graph, String input) {
    return inner.emit(graph, graph.node("Add", "placed", List.of(input, graph.further(PLACES))));
  }

  @Override
  public String describe() {
    return inner.describe() + " at the places of queries";
  }
}
