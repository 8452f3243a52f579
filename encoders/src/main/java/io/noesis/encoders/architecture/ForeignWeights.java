package io.noesis.encoders.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.architecture.NetworkArchitecture.WeightSource;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Parameters;
import io.noesis.run.Check;
import io.noesis.run.ModelException;
import io.noesis.run.Registry;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Shape;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How another program names the weights of an architecture, so that networks trained there decode
 * here. Maps of published programs are in {@link #registry}; a lab writes one for its own. Counters
 * of batches ({@code num_batches_tracked}) are never weights.
 *
 * @param architecture a name of {@link Architectures}
 * @param rules from their names to ours; the first that fits a name counts, and a name that none
 *     fits is taken over
 * @param without their arrays that have no place in ours: the beginnings of names
 */
public record ForeignWeights(String architecture, List<Rule> rules, List<String> without) {
  private static final String COUNTER = "num_batches_tracked";

  /** Copies the lists. */
  public ForeignWeights {
    rules = List.copyOf(rules);
    without = List.copyOf(without);
  }

  /** How the numbers of an array are ordered there. */
  public enum Layout {
    /** As here; axes of size 1 may stand elsewhere, and trailing axes may be one. */
    SAME,
    /** With the first two axes exchanged. */
    TRANSPOSED
  }

  /**
   * One line of a map. A {@code #} stands for a whole number, the same in both names.
   *
   * @param theirs the beginning of a name, up to a dot or the end
   * @param ours what stands there instead; the rest of the name is kept
   * @param layout how the numbers are ordered there
   */
  public record Rule(String theirs, String ours, Layout layout) {
    /** Numbers ordered as here. */
    public static Rule of(String theirs, String ours) {
      return new Rule(theirs, ours, Layout.SAME);
    }
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
        if (!dropped(name)) {
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
    WeightSource weights = layer -> translated(foreign, layer, doing);
    return network.encoder(settings, sizes, weights);
  }

  private boolean dropped(String theirs) {
    return theirs.endsWith(COUNTER) || without.stream().anyMatch(theirs::startsWith);
  }

  private Map<String, Tensor> translated(Map<String, Tensor> foreign, Layer network, String doing) {
    Map<String, Shape> expected = Parameters.shapes(network);
    Map<String, Tensor> found = new LinkedHashMap<>();
    List<String> unknown = new ArrayList<>();
    foreign.forEach(
        (theirs, numbers) -> {
          Named named = named(theirs);
          Shape shape = expected.get(named.ours());
          if (dropped(theirs)) {
            return;
          }
          if (shape == null || found.containsKey(named.ours())) {
            unknown.add("'" + theirs + "' (as '" + named.ours() + "')");
            return;
          }
          found.put(named.ours(), arranged(numbers, named, shape, doing, theirs));
        });
    Set<String> missing = new TreeSet<>(expected.keySet());
    missing.removeAll(found.keySet());
    if (!unknown.isEmpty() || !missing.isEmpty()) {
      throw new ModelException(
          doing
              + " into "
              + architecture
              + ": expected "
              + expected.size()
              + " arrays. Without a place here: "
              + some(unknown)
              + ". Missing: "
              + some(missing.stream().map(n -> "'" + n + "'").toList())
              + ". Check the settings and the map of names.");
    }
    Map<String, Tensor> ordered = new LinkedHashMap<>();
    expected.keySet().forEach(name -> ordered.put(name, found.get(name)));
    return ordered;
  }

  private static String some(List<String> names) {
    int shown = Math.min(5, names.size());
    String list = String.join(", ", names.subList(0, shown));
    return names.isEmpty() ? "none" : shown < names.size() ? list + ", ..." : list;
  }

  private record Named(String ours, Layout layout) {}

  private Named named(String theirs) {
    for (Rule rule : rules) {
      var matcher = NamePattern.of(rule.theirs()).matcher(theirs);
      if (matcher.matches()) {
        return new Named(NamePattern.filled(rule.ours(), matcher), rule.layout());
      }
    }
    return new Named(theirs, Layout.SAME);
  }

  private static Tensor arranged(
      Tensor numbers, Named named, Shape shape, String doing, String theirs) {
    Tensor own = named.layout() == Layout.TRANSPOSED ? exchanged(numbers) : numbers;
    if (own.size() != shape.size() || (shape.rank() > 0 && own.dim(0) != shape.dim(0))) {
      throw new ModelException(
          doing
              + ": the array '"
              + theirs
              + "' has the shape "
              + numbers.shape()
              + ", expected "
              + shape
              + " for '"
              + named.ours()
              + "'. Give the settings and sizes that the network was trained with.");
    }
    return own.reshape(shape.toArray());
  }

  private static Tensor exchanged(Tensor numbers) {
    int[] sizes = numbers.shape().toArray();
    Check.argument(sizes.length >= 2, "exchanging two axes of an array %s", numbers.shape());
    int rows = sizes[0];
    int columns = sizes[1];
    int inner = numbers.size() / Math.max(1, rows * columns);
    float[] out = new float[numbers.size()];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        System.arraycopy(
            numbers.array(), (r * columns + c) * inner, out, (c * rows + r) * inner, inner);
      }
    }
    sizes[0] = columns;
    sizes[1] = rows;
    return Tensor.wrap(out, sizes);
  }
}
