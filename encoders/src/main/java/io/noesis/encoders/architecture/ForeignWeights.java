package io.noesis.encoders.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.architecture.NameMap.Rule;
import io.noesis.encoders.architecture.NetworkArchitecture.WeightSource;
import io.noesis.run.Check;
import io.noesis.run.ModelException;
import io.noesis.run.Registry;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * How another program names the weights of an architecture, so that networks trained there decode
 * here. Maps of published programs are in {@link #registry}; a lab writes one for its own.
 *
 * @param architecture a name of {@link Architectures}
 * @param names from their names to ours
 * @param before what is done to their weights before they get our names; empty for nothing
 * @param stage of the architecture's pretraining, whose network it is; empty for the one that
 *     decodes
 */
public record ForeignWeights(
    String architecture, NameMap names, Optional<Before> before, String stage) {
  /**
   * Arithmetic where both programs compute the same from other weights.
   *
   * @param words what it does, for {@code describe}
   * @param arithmetic from their weights to such as the map of names expects
   */
  public record Before(String words, UnaryOperator<Map<String, Tensor>> arithmetic) {}

  /** Of a network that decodes. */
  public ForeignWeights(String architecture, NameMap names, Optional<Before> before) {
    this(architecture, names, before, "");
  }

  /**
   * A map of names alone.
   *
   * @param architecture a name of {@link Architectures}
   * @param rules from their names to ours
   * @param without their arrays that have no place in ours
   */
  public ForeignWeights(String architecture, List<Rule> rules, List<String> without) {
    this(architecture, new NameMap(rules, List.of(), without), Optional.empty());
  }

  /** Maps of published programs. */
  public static Registry<ForeignWeights> registry() {
    return ForeignPrograms.REGISTRY;
  }

  /**
   * Reads a network that was trained elsewhere.
   *
   * @param file a {@code .safetensors} file with their names
   * @param settings of the architecture; missing ones take its defaults
   * @param sizes what goes in and what comes out
   * @return an encoder, which can be saved as ours
   * @throws ModelException when an array is missing, unknown, or of another size
   */
  public BrainEncoder read(Path file, JsonNode settings, NetworkSizes sizes) {
    Map<String, Tensor> foreign = new LinkedHashMap<>();
    try (Safetensors in = Safetensors.open(file)) {
      for (String name : in.names()) {
        if (!names.drops(name)) {
          foreign.put(name, in.read(name));
        }
      }
    }
    return encoder(foreign, settings, sizes, "importing " + file);
  }

  /**
   * A network with weights that are at hand.
   *
   * @param foreign by their names
   * @param settings of the architecture; missing ones take its defaults
   * @param sizes what goes in and what comes out
   * @return an encoder, which can be saved as ours
   * @throws ModelException when an array is missing, unknown, or of another size
   */
  public BrainEncoder encoder(Map<String, Tensor> foreign, JsonNode settings, NetworkSizes sizes) {
    return encoder(foreign, settings, sizes, "importing weights");
  }

  private BrainEncoder encoder(
      Map<String, Tensor> foreign, JsonNode settings, NetworkSizes sizes, String doing) {
    Check.argument(
        Architectures.registry().get(architecture) instanceof NetworkArchitecture<?>,
        "%s: the architecture '%s' is no network",
        doing,
        architecture);
    NetworkArchitecture<?> network =
        (NetworkArchitecture<?>) Architectures.registry().get(architecture);
    WeightSource weights =
        layer ->
            names.onto(
                layer,
                before.map(b -> b.arithmetic().apply(foreign)).orElse(foreign),
                doing + " into " + architecture);
    return network.encoder(settings, sizes, stage, weights);
  }

  /** The map in words: one line for the architecture, and one for each rule. */
  public List<String> describe() {
    List<String> lines = new ArrayList<>(List.of("architecture: " + architecture));
    if (!stage.isEmpty()) {
      lines.add("network: that of its pretraining '" + stage + "'");
    }
    before.ifPresent(b -> lines.add("first: " + b.words()));
    lines.addAll(names.describe());
    return lines;
  }
}
