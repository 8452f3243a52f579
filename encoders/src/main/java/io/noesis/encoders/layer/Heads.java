package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Value;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Several outputs of one trunk: the embedding, which the layer gives on, and others by name ({@code
 * text}, {@code latent}, {@code projection}), which losses may ask for and which the graph has as
 * outputs of their own. All see the same input.
 *
 * @param embedding makes the output that the network is for
 * @param others the further heads
 */
public record Heads(Layer embedding, List<Head> others) implements Layer {
  private static final String EMBEDDING = "embedding";

  /**
   * A further output.
   *
   * @param name how losses and users call it
   * @param layer what makes it
   * @param sizes of its axes but the batch
   */
  public record Head(String name, Layer layer, List<Integer> sizes) {
    /** Copies. */
    public Head {
      sizes = List.copyOf(sizes);
    }
  }

  /** Checks the names. */
  public Heads {
    others = List.copyOf(others);
    Set<String> names = new LinkedHashSet<>(List.of(EMBEDDING));
    for (Head head : others) {
      io.noesis.run.Check.argument(
          names.add(head.name()), "heads of a network: the name '%s' is taken", head.name());
    }
  }

  /**
   * The further outputs of a network, without making it.
   *
   * @param network the network
   * @return the sizes of each output's axes but the batch, by name
   */
  public static Map<String, List<Integer>> of(Layer network) {
    Map<String, List<Integer>> outputs = new LinkedHashMap<>();
    network.declare(new Declaration((name, initial, role, sizes) -> {}, outputs::put, ""));
    return outputs;
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.inner(EMBEDDING, embedding);
    for (Head head : others) {
      parameters.output(head.name(), head.sizes());
      parameters.inner(head.name(), head.layer());
    }
  }

  @Override
  public Value forward(Pass pass, Value input) {
    others.forEach(head -> pass.output(head.name(), pass.inner(head.name(), head.layer(), input)));
    return pass.inner(EMBEDDING, embedding, input);
  }

  @Override
  public String emit(Emission graph, String input) {
    for (Head head : others) {
      String value = graph.inner(head.name(), head.layer(), input);
      graph.output(head.name(), new Emission.Output(value, head.sizes()));
    }
    return graph.inner(EMBEDDING, embedding, input);
  }

  @Override
  public String describe() {
    StringBuilder text = new StringBuilder("embedding: ").append(embedding.describe());
    others.forEach(
        head -> text.append("; ").append(head.name()).append(": ").append(head.layer().describe()));
    return text.toString();
  }
}
