package io.noesis.encoders.architecture;

import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Emission;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.layer.SubjectLinear;
import io.noesis.encoders.onnx.GraphBuilder;
import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxType;
import io.noesis.run.Check;
import io.noesis.tensor.Shape;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A trained network as an encoder: trained by libtorch, run by ONNX Runtime. Saved twice, as
 * weights and, beside them, as a graph with the input {@value #RESPONSE}, the input {@code subject}
 * where the network asks for it, an input for each feature of the stimulus that it is told, the
 * output {@value #EMBEDDING}, and the outputs of further heads.
 */
final class NetworkEncoder implements BrainEncoder {
  static final String RESPONSE = "response";
  static final String EMBEDDING = "embedding";
  private static final String TRIALS = "trials";

  /**
   * Rows are computed in batches of exactly so many, filled up with zeros: the kernels for other
   * numbers of rows add in another order, and a row alone must give the bits it gives among others.
   */
  private static final int BATCH = 32;

  private final NetworkShape shape;
  private final Layer network;
  private final Map<String, Tensor> weights;
  private final Map<String, String> facts;
  private final OnnxOptions options;

  NetworkEncoder(
      NetworkShape shape, Layer network, Map<String, Tensor> weights, Map<String, String> facts) {
    this(shape, network, weights, facts, OnnxOptions.SINGLE_THREADED);
  }

  private NetworkEncoder(
      NetworkShape shape,
      Layer network,
      Map<String, Tensor> weights,
      Map<String, String> facts,
      OnnxOptions options) {
    this.shape = shape;
    this.network = network;
    this.weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    this.facts = facts;
    this.options = options;
  }

  NetworkShape shape() {
    return shape;
  }

  Layer network() {
    return network;
  }

  Map<String, Tensor> weights() {
    return weights;
  }

  @Override
  public Tensor encode(Tensor responses) {
    List<String> subjects = shape.sizes().subjects();
    Check.argument(
        subjects.size() == 1,
        "decoding with %s: it was trained on the subjects %s; say whose responses these are",
        shape.architecture(),
        subjects);
    return encode(responses, subjects.get(0));
  }

  @Override
  public Tensor encode(Tensor responses, String subject) {
    return encode(responses, subject, Map.of());
  }

  @Override
  public Tensor encode(Tensor responses, String subject, Map<String, Tensor> told) {
    return Objects.requireNonNull(
        outputs(responses, subject, told, EMBEDDING::equals).get(EMBEDDING));
  }

  @Override
  public Map<String, Tensor> heads(Tensor responses, String subject) {
    return heads(responses, subject, Map.of());
  }

  @Override
  public Map<String, Tensor> heads(Tensor responses, String subject, Map<String, Tensor> told) {
    return outputs(responses, subject, told, name -> !name.equals(EMBEDDING));
  }

  @Override
  public Map<String, List<Integer>> inputs() {
    return shape.sizes().inputs();
  }

  private Map<String, Tensor> outputs(
      Tensor responses, String subject, Map<String, Tensor> told, Predicate<String> wanted) {
    NetworkSizes sizes = shape.sizes();
    int number = subjectNumber(subject);
    Check.argument(
        number >= 0 || sizes.response().size() > 1 || !sizes.positionsDiffer(),
        "decoding with %s: it knows where the voxels of the subjects %s lie, but not those of '%s';"
            + " train it with that subject, too",
        shape.architecture(),
        sizes.subjects(),
        subject);
    int width = number < 0 ? sizes.response().get(0) : sizes.widths().get(number);
    List<Integer> expected = new ArrayList<>(sizes.response());
    expected.set(0, width);
    Check.argument(
        responses.shape().rank() == expected.size() + 1
            && Shape.of(Arrays.stream(responses.shape().toArray()).skip(1).toArray())
                .equals(Shape.of(expected.stream().mapToInt(i -> i).toArray())),
        "decoding with %s: expected responses [trials, %s] as in training, found %s; use the same"
            + " mask",
        shape.architecture(),
        expected.stream().map(String::valueOf).collect(Collectors.joining(", ")),
        responses.shape());
    requireTold(told, responses.dim(0));
    return inBatches(TrainingRows.padded(responses, sizes.response().get(0)), number, told, wanted);
  }

  private void requireTold(Map<String, Tensor> told, int rows) {
    Map<String, List<Integer>> asked = inputs();
    Check.argument(
        told.keySet().equals(asked.keySet()),
        "decoding with %s: of the stimuli it must be told %s, found %s",
        shape.architecture(),
        asked.isEmpty() ? "nothing" : asked.keySet(),
        told.isEmpty() ? "nothing" : told.keySet());
    told.forEach(
        (name, features) -> {
          int[] sizes =
              IntStream.concat(
                      IntStream.of(rows),
                      Objects.requireNonNull(asked.get(name)).stream().mapToInt(size -> size))
                  .toArray();
          Check.argument(
              features.shape().equals(Shape.of(sizes)),
              "decoding with %s: expected the input '%s' of the shape %s, one row for each of %d"
                  + " responses, found %s; tell it of all rows as in training",
              shape.architecture(),
              name,
              Shape.of(sizes),
              rows,
              features.shape());
        });
  }

  private Map<String, Tensor> inBatches(
      Tensor responses, int subject, Map<String, Tensor> told, Predicate<String> wanted) {
    int rows = responses.dim(0);
    Map<String, Tensor> out = new LinkedHashMap<>();
    if (wanted.test(EMBEDDING)) {
      out.put(EMBEDDING, Tensor.zeros(IntStream.concat(IntStream.of(rows), target()).toArray()));
    }
    long[] subjects = new long[BATCH];
    Arrays.fill(subjects, subject);
    try (OnnxModel model = OnnxModel.open(shape.architecture(), graph().bytes(), options)) {
      boolean asks = model.inputs().stream().anyMatch(p -> p.name().equals(SubjectLinear.SUBJECT));
      for (int from = 0; from < rows; from += BATCH) {
        int count = Math.min(BATCH, rows - from);
        int first = from;
        Map<String, OnnxInput> inputs = new HashMap<>();
        inputs.put(RESPONSE, batch(responses, from, count));
        told.forEach((name, features) -> inputs.put(name, batch(features, first, count)));
        if (asks) {
          inputs.put(SubjectLinear.SUBJECT, OnnxInput.of(subjects, BATCH));
        }
        model
            .run(inputs)
            .forEach(
                (name, values) -> {
                  if (wanted.test(name)) {
                    int width = values.size() / BATCH;
                    Tensor all = out.computeIfAbsent(name, n -> like(values, rows));
                    System.arraycopy(values.array(), 0, all.array(), first * width, count * width);
                  }
                });
      }
    }
    return out;
  }

  /** Some rows, filled up with zeros. */
  private static OnnxInput batch(Tensor rows, int from, int count) {
    int[] sizes = rows.shape().toArray();
    int width = rows.size() / sizes[0];
    sizes[0] = BATCH;
    float[] batch = new float[BATCH * width];
    System.arraycopy(rows.array(), from * width, batch, 0, count * width);
    return OnnxInput.of(Tensor.wrap(batch, sizes));
  }

  private static Tensor like(Tensor batch, int rows) {
    int[] sizes = batch.shape().toArray();
    sizes[0] = rows;
    return Tensor.zeros(sizes);
  }

  private IntStream target() {
    return shape.sizes().target().stream().mapToInt(i -> i);
  }

  @Override
  public Optional<BrainEncoder> on(OnnxOptions where) {
    return Optional.of(new NetworkEncoder(shape, network, weights, facts, where));
  }

  @Override
  public Map<String, String> facts() {
    return facts;
  }

  @Override
  public void save(Path file, Map<String, String> metadata) {
    export(NetworkFile.graphBeside(file), metadata);
    // Last: where the weights are, the graph is there, too.
    NetworkFile.write(file, shape, weights, facts, metadata);
  }

  @Override
  public void export(Path file, Map<String, String> metadata) {
    GraphBuilder graph = graph();
    metadata.forEach(graph::metadata);
    graph.write(file);
  }

  @Override
  public int subjectNumber(String subject) {
    NetworkSizes sizes = shape.sizes();
    return sizes.subjects().size() == 1 ? 0 : sizes.numberOf(subject);
  }

  private GraphBuilder graph() {
    GraphBuilder graph = new GraphBuilder(shape.architecture());
    String response = graph.input(RESPONSE, OnnxType.FLOAT32, axes(shape.sizes().response()));
    Emission emission =
        Emission.into(graph, weights)
            .offering(
                SubjectLinear.SUBJECT,
                () -> graph.input(SubjectLinear.SUBJECT, OnnxType.INT64, List.of(TRIALS)));
    for (Map.Entry<String, List<Integer>> told : inputs().entrySet()) {
      emission =
          emission.offering(
              Pass.TOLD + told.getKey(),
              () -> graph.input(told.getKey(), OnnxType.FLOAT32, axes(told.getValue())));
    }
    String embedding = network.emit(emission, response);
    graph.output(EMBEDDING, embedding, axes(shape.sizes().target()));
    emission
        .outputs()
        .forEach((name, head) -> graph.output(name, head.value(), axes(head.sizes())));
    graph.metadata("architecture", shape.architecture());
    return graph;
  }

  private static List<String> axes(List<Integer> sizes) {
    return Stream.concat(Stream.of(TRIALS), sizes.stream().map(String::valueOf)).toList();
  }
}
