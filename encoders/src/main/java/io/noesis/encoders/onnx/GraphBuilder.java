package io.noesis.encoders.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.noesis.run.AtomicFile;
import io.noesis.run.Check;
import io.noesis.run.Failure;
import io.noesis.run.OutputException;
import io.noesis.run.Version;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes an ONNX graph (IR 10, operator set 20: the first with Gelu) node by node. Values are
 * named; each name is given once. Weights of more than 1.8 GB go to a file beside the graph, since
 * a protobuf message ends at 2 GB. Not thread-safe.
 */
public final class GraphBuilder {
  static final long IR_VERSION = 10;
  static final long OPERATOR_SET = 20;

  /** Above that many bytes of weights they go to a file of their own. */
  static final long LARGEST_INLINE = 1_800_000_000L;

  private final GraphProto.Builder graph;
  private final Map<String, GraphWeight> weights = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final java.util.Set<String> names = new java.util.HashSet<>();

  /**
   * An empty graph.
   *
   * @param name what it computes
   */
  public GraphBuilder(String name) {
    this.graph = GraphProto.newBuilder().setName(name);
  }

  /**
   * Declares an input.
   *
   * @param name its name
   * @param type its type
   * @param sizes one per axis: a number, or a name where any size goes
   * @return the name
   */
  public String input(String name, OnnxType type, List<String> sizes) {
    claim(name);
    graph.addInput(value(name, type, sizes));
    return name;
  }

  /**
   * Makes a value an output, under a name of its own.
   *
   * @param name the name of the output
   * @param value the value that it gives
   * @param sizes one per axis: a number, or a name where any size goes
   */
  public void output(String name, String value, List<String> sizes) {
    node("Identity", name, List.of(value));
    graph.addOutput(value(name, OnnxType.FLOAT32, sizes));
  }

  /**
   * Adds a weight.
   *
   * @param name its name
   * @param values its numbers; kept until the graph is written
   * @return the name
   */
  public String weight(String name, Tensor values) {
    return weight(name, new GraphWeight.Floats(values));
  }

  /**
   * Adds whole numbers: axes, shapes, indices.
   *
   * @param name its name
   * @param values the numbers, a vector
   * @return the name
   */
  public String numbers(String name, long... values) {
    return weight(name, new GraphWeight.Longs(values.clone(), new int[] {values.length}));
  }

  /**
   * Adds a table of whole numbers.
   *
   * @param name its name
   * @param values the numbers, row-major
   * @param sizes the axes
   * @return the name
   */
  public String table(String name, long[] values, int... sizes) {
    return weight(name, new GraphWeight.Longs(values.clone(), sizes.clone()));
  }

  String weight(String name, GraphWeight weight) {
    claim(name);
    weights.put(name, weight);
    return name;
  }

  /**
   * Adds a node.
   *
   * @param operator its operator, of operator set 20
   * @param output the name of the value it computes
   * @param inputs names of values, in the operator's order
   * @param attributes its constants
   * @return the name of the value
   */
  public String node(
      String operator, String output, List<String> inputs, OnnxAttribute... attributes) {
    nodeOfSeveral(operator, List.of(output), inputs, attributes);
    return output;
  }

  /**
   * Adds a node with several outputs.
   *
   * @param operator its operator, of operator set 20
   * @param outputs names of the values it computes
   * @param inputs names of values, in the operator's order
   * @param attributes its constants
   */
  public void nodeOfSeveral(
      String operator, List<String> outputs, List<String> inputs, OnnxAttribute... attributes) {
    for (String input : inputs) {
      Check.argument(
          names.contains(input), "node %s of the graph: its input '%s' is unknown", outputs, input);
    }
    outputs.forEach(this::claim);
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setOpType(operator)
            .setName(outputs.get(0))
            .addAllOutput(outputs)
            .addAllInput(inputs);
    for (OnnxAttribute attribute : attributes) {
      node.addAttribute(attribute.proto());
    }
    graph.addNode(node);
  }

  /**
   * Writes down where the graph comes from; readers find it in the model's metadata.
   *
   * @param key what
   * @param value its value
   */
  public void metadata(String key, String value) {
    metadata.put(key, value);
  }

  /** The bytes of the {@code .onnx} file; for graphs with up to 1.8 GB of weights. */
  public byte[] bytes() {
    Check.argument(
        weightBytes() <= LARGEST_INLINE,
        "a graph with %d bytes of weights does not fit into one message; write it to a file",
        weightBytes());
    GraphProto.Builder whole = graph.clone();
    weights.forEach((name, weight) -> whole.addInitializer(weight.inline(name)));
    return model(whole).toByteArray();
  }

  /**
   * Writes the {@code .onnx} file, whole or not at all; above 1.8 GB of weights with a file {@code
   * NAME.onnx.data} beside it.
   *
   * @param file ends in {@code .onnx}
   */
  public void write(Path file) {
    write(file, LARGEST_INLINE);
  }

  void write(Path file, long largestInline) {
    Path beside = file.resolveSibling(file.getFileName() + ".data");
    try {
      // An old graph must not meet new weights.
      Files.deleteIfExists(file);
      Files.deleteIfExists(beside);
    } catch (IOException e) {
      throw new OutputException(
          "replacing " + file + ": " + Failure.reason(e) + ". Choose another folder.", e);
    }
    if (weightBytes() <= largestInline) {
      byte[] bytes = bytes();
      AtomicFile.write(file, out -> out.write(bytes));
      return;
    }
    GraphProto.Builder whole = graph.clone();
    ExternalWeights.write(beside, weights).forEach(whole::addInitializer);
    byte[] bytes = model(whole).toByteArray();
    AtomicFile.write(file, out -> out.write(bytes));
  }

  private ModelProto model(GraphProto.Builder whole) {
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("noesis")
            .setProducerVersion(Version.current().number())
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATOR_SET))
            .setGraph(whole);
    metadata.forEach(
        (key, value) ->
            model.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return model.build();
  }

  private long weightBytes() {
    return weights.values().stream().mapToLong(GraphWeight::bytes).sum();
  }

  /**
   * A name that no value has yet: the given one, or with a number behind it.
   *
   * @param name the wish
   * @return the name; not taken by asking
   */
  public String unused(String name) {
    String unused = name;
    for (int i = 2; names.contains(unused); i++) {
      unused = name + "_" + i;
    }
    return unused;
  }

  private void claim(String name) {
    Check.argument(names.add(name), "the graph has two values named '%s'", name);
  }

  private static ValueInfoProto value(String name, OnnxType type, List<String> sizes) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (String size : sizes) {
      TensorShapeProto.Dimension.Builder axis = TensorShapeProto.Dimension.newBuilder();
      if (size.chars().allMatch(Character::isDigit)) {
        axis.setDimValue(Long.parseLong(size));
      } else {
        axis.setDimParam(size);
      }
      shape.addDim(axis);
    }
    TensorProto.DataType element =
        switch (type) {
          case FLOAT32 -> TensorProto.DataType.FLOAT;
          case INT64 -> TensorProto.DataType.INT64;
          default ->
              throw new IllegalArgumentException("graphs are written with float32 and int64 only");
        };
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(element.getNumber()).setShape(shape)))
        .build();
  }
}
