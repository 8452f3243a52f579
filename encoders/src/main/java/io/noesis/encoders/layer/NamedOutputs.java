package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives its input on, and what a layer makes of it as further outputs of the network: numbers that
 * lie side by side are cut into parts, each a head of its own name. {@code [batch, ...]} → the
 * same; outputs {@code [batch, size]}.
 *
 * @param layer {@code [batch, ...]} → {@code [batch, sum of sizes]}
 * @param sizes of the parts in their order, by name
 */
public record NamedOutputs(Layer layer, Map<String, Integer> sizes) implements Layer {
  private static final String LAYER = "layer";

  /** Keeps the order. */
  public NamedOutputs {
    sizes = Collections.unmodifiableMap(new LinkedHashMap<>(sizes));
    Check.argument(
        !sizes.isEmpty() && sizes.values().stream().allMatch(size -> size > 0),
        "outputs of a network: expected sizes of at least 1, found %s",
        sizes);
  }

  private Map<String, Slice> parts() {
    Map<String, Slice> parts = new LinkedHashMap<>();
    int start = 0;
    for (Map.Entry<String, Integer> part : sizes.entrySet()) {
      parts.put(part.getKey(), new Slice(1, start, part.getValue()));
      start += part.getValue();
    }
    return parts;
  }

  @Override
  public void declare(Declaration parameters) {
    sizes.forEach((name, size) -> parameters.output(name, List.of(size)));
    parameters.inner(LAYER, layer);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value all = pass.inner(LAYER, layer, input);
    parts().forEach((name, part) -> pass.output(name, part.forward(pass, all)));
    return input;
  }

  @Override
  public String emit(Emission graph, String input) {
    String all = graph.inner(LAYER, layer, input);
    parts()
        .forEach(
            (name, part) ->
                graph.output(
                    name,
                    new Emission.Output(graph.inner(name, part, all), List.of(sizes.get(name)))));
    return input;
  }

  @Override
  public String describe() {
    return "further outputs " + String.join(", ", sizes.keySet()) + ": " + layer.describe();
  }
}
