package io.noesis.encoders.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.Pretraining;
import io.noesis.encoders.architecture.NameMap.Rule;
import io.noesis.encoders.architecture.NetworkArchitecture.WeightSource;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Parameters;
import io.noesis.run.Check;
import io.noesis.run.ModelException;
import io.noesis.run.RecipeException;
import io.noesis.run.Registry;
import io.noesis.run.Suggest;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    return encoder(arrays(file), settings, sizes, "importing " + file);
  }

  private Map<String, Tensor> arrays(Path file) {
    Map<String, Tensor> foreign = new LinkedHashMap<>();
    try (Safetensors in = Safetensors.open(file)) {
      for (String name : in.names()) {
        if (!names.drops(name)) {
          foreign.put(name, in.read(name));
        }
      }
    }
    return foreign;
  }

  /**
   * What a network of ours takes over before it is trained on. Each subject's own weights are never
   * taken over: they are other people's. Of weights of pretraining, only what the network starts
   * from is asked for.
   *
   * @param file a {@code .safetensors} file with their names
   * @param network ours, of that architecture
   * @param settings of the architecture; missing ones take its defaults
   * @param sizes what goes into our network and what comes out
   * @param anew how names of ours begin that are drawn at random instead, such as that of the last
   *     map, to other targets
   * @return weights under our names; the others are drawn
   * @throws ModelException when an array is missing, unknown, or of another size
   * @throws RecipeException when the weights are of a network from which ours does not start, or
   *     nothing has a name that is to be drawn anew
   */
  public Map<String, Tensor> start(
      Path file, Layer network, JsonNode settings, NetworkSizes sizes, List<String> anew) {
    String doing = "starting " + architecture + " from " + file;
    Set<String> all = Parameters.shapes(network).keySet();
    requireKnown(anew, all, doing);
    Map<String, Tensor> foreign = arrays(file);
    Map<String, Tensor> theirs = before.map(b -> b.arithmetic().apply(foreign)).orElse(foreign);
    Map<String, String> places = Map.of("", "");
    Layer source = network;
    if (!stage.isEmpty()) {
      Pretraining plan = Architectures.pretraining(architecture, settings, sizes).orElseThrow();
      requireLast(plan, doing);
      places = plan.start();
      source = plan.stage(stage).network();
    }
    NameMap.Partly found = names.partlyOnto(source, theirs, doing);
    Map<String, Tensor> start = Pretraining.renamed(places, network, found.weights());
    Set<String> ofSubjects = Parameters.ofSubjects(network);
    Set<String> lacking = new LinkedHashSet<>();
    for (String name : all) {
      boolean drawn = ofSubjects.contains(name) || anew.stream().anyMatch(name::startsWith);
      Optional<String> place = places.keySet().stream().filter(name::startsWith).findFirst();
      if (drawn) {
        start.remove(name);
      } else if (place.isPresent() && !start.containsKey(name)) {
        String there = places.get(place.get()) + name.substring(place.get().length());
        lacking.add("'" + name + "' (" + found.unlike().getOrDefault(there, "none there") + ")");
      }
    }
    if (!lacking.isEmpty()) {
      throw new ModelException(
          doing
              + ": missing or of another size: "
              + FoundWeights.some(List.copyOf(lacking))
              + ". Give the settings that it was trained with, or list the beginnings of names that"
              + " shall be drawn anew under 'anew'.");
    }
    return start;
  }

  private static void requireKnown(List<String> anew, Set<String> all, String doing) {
    for (String start : anew) {
      if (all.stream().noneMatch(name -> name.startsWith(start))) {
        throw new RecipeException(
            doing
                + ": the network has no parameters whose names begin with '"
                + start
                + "', which shall be drawn anew. "
                + Suggest.sentence(start, all));
      }
    }
  }

  private void requireLast(Pretraining plan, String doing) {
    String last = plan.stages().get(plan.stages().size() - 1).name();
    if (!last.equals(stage)) {
      throw new RecipeException(
          doing
              + ": these are weights of the stage '"
              + stage
              + "' of its pretraining, and the network starts from those of '"
              + last
              + "'. Give weights of that stage, or of a network that decodes.");
    }
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
