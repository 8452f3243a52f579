package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.GraphBuilder;
import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** Where a layer writes its ONNX nodes; names of inner layers are put before theirs. */
public final class Emission {
  private final GraphBuilder graph;
  private final Map<String, Tensor> weights;
  private final String prefix;
  private final Map<String, Supplier<String>> further;
  private final Map<String, Output> outputs;

  /**
   * A further output of the network.
   *
   * @param value its name in the graph
   * @param sizes of its axes but the batch
   */
  public record Output(String value, List<Integer> sizes) {
    /** Copies. */
    public Output {
      sizes = List.copyOf(sizes);
    }
  }

  private Emission(GraphBuilder graph, Map<String, Tensor> weights) {
    this.graph = graph;
    this.weights = weights;
    this.prefix = "";
    this.further = Map.of();
    this.outputs = new LinkedHashMap<>();
  }

  private Emission(
      Emission outer,
      Map<String, Tensor> weights,
      String prefix,
      Map<String, Supplier<String>> further) {
    this.graph = outer.graph;
    this.weights = weights;
    this.prefix = prefix;
    this.further = further;
    this.outputs = outer.outputs;
  }

  /**
   * Writes into a graph.
   *
   * @param graph takes the nodes
   * @param weights of the whole network, as {@link Parameters#snapshot} gives them
   * @return the emission
   */
  public static Emission into(GraphBuilder graph, Map<String, Tensor> weights) {
    return new Emission(graph, weights);
  }

  /** The same emission, with a further input by name. */
  public Emission with(String name, String value) {
    return offering(name, () -> value);
  }

  /**
   * The same emission, with a further input that is made when a layer first asks for it.
   *
   * @param name what layers ask for
   * @param make declares the input and gives its name; called once at most
   * @return the emission
   */
  public Emission offering(String name, Supplier<String> make) {
    String[] made = new String[1];
    Map<String, Supplier<String>> more = new HashMap<>(further);
    more.put(
        name,
        () -> {
          if (made[0] == null) {
            made[0] = make.get();
          }
          return made[0];
        });
    return new Emission(this, weights, prefix, more);
  }

  /** The same emission, in which a parameter of the layer has other numbers. */
  Emission replacing(String name, Tensor numbers) {
    Map<String, Tensor> more = new HashMap<>(weights);
    more.put(prefix + name, numbers);
    return new Emission(this, more, prefix, further);
  }

  /**
   * Writes an inner layer.
   *
   * @param name as it was declared
   * @param layer the inner layer
   * @param input name of its input value
   * @return name of its output value
   */
  public String inner(String name, Layer layer, String input) {
    return layer.emit(new Emission(this, weights, prefix + name + ".", further), input);
  }

  /**
   * Gives a further output of the network besides the embedding, as {@link Pass#output} does.
   *
   * @param name of the head
   * @param output its value and sizes
   */
  public void output(String name, Output output) {
    Check.argument(!outputs.containsKey(name), "the network has two outputs '%s'", name);
    outputs.put(name, output);
  }

  /** The further outputs so far, by name, in the order of the network. */
  public Map<String, Output> outputs() {
    return Collections.unmodifiableMap(outputs);
  }

  /** The numbers of a parameter or statistic. */
  public Tensor numbers(String name) {
    Tensor tensor = weights.get(prefix + name);
    Check.argument(tensor != null, "writing the graph: there is no weight '%s'", prefix + name);
    return Objects.requireNonNull(tensor);
  }

  /** Writes a parameter as it is; its name in the graph is that of the parameter. */
  public String weight(String name) {
    return graph.weight(prefix + name, numbers(name));
  }

  /** Writes numbers that were computed from parameters. */
  public String constant(String name, Tensor numbers) {
    return graph.weight(prefix + name, numbers);
  }

  /** Writes whole numbers: axes, shapes. */
  public String constant(String name, long... numbers) {
    return graph.numbers(prefix + name, numbers);
  }

  /** Writes a table of whole numbers. */
  public String table(String name, long[] numbers, int... sizes) {
    return graph.table(prefix + name, numbers, sizes);
  }

  /**
   * Writes a node.
   *
   * @param operator of ONNX operator set 20
   * @param name of its output within the layer
   * @param inputs names of values
   * @param attributes its constants
   * @return name of its output value
   */
  public String node(
      String operator, String name, List<String> inputs, OnnxAttribute... attributes) {
    return graph.node(operator, graph.unused(prefix + name), inputs, attributes);
  }

  /**
   * Writes a split into equal parts along an axis.
   *
   * @param name of the parts within the layer; each gets its number behind it
   * @param input name of a value
   * @param axis negative counts from the end
   * @param parts how many
   * @return names of the parts
   */
  public List<String> split(String name, String input, int axis, int parts) {
    List<String> outputs =
        java.util.stream.IntStream.range(0, parts).mapToObj(i -> prefix + name + i).toList();
    graph.nodeOfSeveral(
        "Split",
        outputs,
        List.of(input),
        OnnxAttribute.number("axis", axis),
        OnnxAttribute.number("num_outputs", parts));
    return outputs;
  }

  /**
   * Writes zeros around the elements of some axes.
   *
   * @param name of its output within the layer
   * @param input name of a value
   * @param axes which
   * @param before how many before each
   * @param behind how many behind each
   * @return name of its output value
   */
  String pad(String name, String input, int[] axes, int[] before, int[] behind) {
    int count = axes.length;
    long[] pads = new long[2 * count];
    for (int i = 0; i < count; i++) {
      pads[i] = before[i];
      pads[count + i] = behind[i];
    }
    long[] which = Arrays.stream(axes).asLongStream().toArray();
    return node(
        "Pad",
        name,
        List.of(
            input,
            constant(name + "_pads", pads),
            constant(name + "_zero", Tensor.zeros()),
            constant(name + "_axes", which)));
  }

  /**
   * Writes a value that is the same for each row of the batch.
   *
   * @param name of its output within the layer
   * @param value name of a value without batch axis
   * @param like name of a value whose first axis is the batch
   * @param sizes of the value
   * @return name of its output value, with the batch in front
   */
  String forEachRow(String name, String value, String like, long... sizes) {
    String rows = node("Shape", name + "_rows", List.of(like), OnnxAttribute.number("end", 1));
    String whole =
        node(
            "Concat",
            name + "_sizes",
            List.of(rows, constant(name + "_row", sizes)),
            OnnxAttribute.number("axis", 0));
    return node("Expand", name, List.of(value, whole));
  }

  /** The name of a further input. */
  public String further(String name) {
    Supplier<String> value = further.get(name);
    Check.argument(value != null, "writing the graph: it needs a further input '%s'", name);
    return Objects.requireNonNull(value).get();
  }
}
