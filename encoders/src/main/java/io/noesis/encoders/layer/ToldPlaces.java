package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.List;

/**
 * A vector at every place, and behind it what the network is told of the place (the further input
 * {@link Pass#TOLD}{@code NAME}, {@code [batch, places, told]} or as many numbers under other
 * axes): {@code [batch, width]} → {@code [batch, places, width + told]}.
 *
 * @param name of the feature of the stimulus
 * @param places how many
 * @param told numbers of each place
 */
public record ToldPlaces(String name, int places, int told) implements Layer {
  /** Checks the sizes. */
  public ToldPlaces {
    Check.argument(
        !name.isBlank() && places > 0 && told > 0,
        "places that a network is told of: expected a name and sizes of at least 1, found '%s', %d"
            + " places of %d numbers",
        name,
        places,
        told);
  }

  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    int batch = input.dim(0);
    Value everywhere = Ops.expand(Ops.addAxis(input, 1), batch, places, input.dim(1));
    Value features = Ops.reshape(pass.further(Pass.TOLD + name), batch, places, told);
    return Ops.concatenate(-1, everywhere, features.like(input));
  }

  @Override
  public String emit(Emission graph, String input) {
    String one = graph.node("Unsqueeze", "one", List.of(input, graph.constant("axis", 1)));
    // Expand takes the larger of both sizes of an axis.
    String everywhere =
        graph.node("Expand", "everywhere", List.of(one, graph.constant("sizes", 1, places, 1)));
    // In ONNX a size of 0 takes over that of the input.
    String features =
        graph.node(
            "Reshape",
            "told",
            List.of(
                graph.further(Pass.TOLD + name), graph.constant("told_sizes", 0, places, told)));
    return graph.node(
        "Concat", "out", List.of(everywhere, features), OnnxAttribute.number("axis", -1));
  }

  @Override
  public String describe() {
    return "at each of " + places + " places, with " + told + " numbers of '" + name + "' behind";
  }
}
