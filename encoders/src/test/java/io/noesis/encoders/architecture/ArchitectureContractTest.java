package io.noesis.encoders.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.encoders.Architecture;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.NetworkTrainer;
import io.noesis.encoders.Recorded;
import io.noesis.encoders.Shown;
import io.noesis.encoders.TrainedWeights;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.layer.SubjectLinear;
import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.Value;
import io.noesis.run.CorruptDataException;
import io.noesis.run.PinnedRandom;
import io.noesis.run.RecipeException;
import io.noesis.run.RecordBinder;
import io.noesis.run.Seed;
import io.noesis.tensor.SafetensorsWriter;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every network of the registry must do; the weights are its first ones. */
class ArchitectureContractTest {
  private static final int ROWS = 37;
  private static final double TOLERANCE = 1e-5;

  static Stream<NetworkArchitecture<?>> networks() {
    return Architectures.registry().names().stream()
        .map(name -> Architectures.registry().get(name))
        .filter(NetworkArchitecture.class::isInstance)
        .map(architecture -> (NetworkArchitecture<?>) architecture);
  }

  private static Tensor normal(String name, int... sizes) {
    PinnedRandom random = Seed.of(1).child(name).random();
    return Tensor.zeros(sizes).map(zero -> random.nextGaussian());
  }

  /** First weights, moved a little, so that what begins as zero or one is tested too. */
  static Map<String, Tensor> weights(Layer network) {
    Parameters parameters = Parameters.of(network, Seed.of(4));
    Map<String, Tensor> weights = parameters.snapshot();
    parameters.free();
    PinnedRandom random = Seed.of(5).random();
    weights.replaceAll((name, w) -> w.map(v -> v + 0.01 * Math.abs(random.nextGaussian())));
    return weights;
  }

  private static NetworkSizes sizes(NetworkArchitecture<?> network) {
    return network.sample().sizes();
  }

  private static JsonNode settings(NetworkArchitecture<?> network) {
    return RecordBinder.tree(network.sample().settings());
  }

  private static Layer layer(NetworkArchitecture<?> network) {
    return network.sample().settings().network(sizes(network));
  }

  private static Tensor responses(NetworkArchitecture<?> network) {
    return normal("x", sizes(network).responses(ROWS).toArray());
  }

  /** What is told of the stimuli of so many rows. */
  static Map<String, Tensor> told(NetworkSizes sizes, int rows) {
    Map<String, Tensor> told = new LinkedHashMap<>();
    sizes
        .inputs()
        .forEach(
            (name, axes) ->
                told.put(
                    name,
                    normal(
                        "told " + name,
                        IntStream.concat(IntStream.of(rows), axes.stream().mapToInt(size -> size))
                            .toArray())));
    return told;
  }

  static Pass told(Pass pass, Map<String, Tensor> told) {
    Pass more = pass;
    for (Map.Entry<String, Tensor> feature : told.entrySet()) {
      more = more.with(Pass.TOLD + feature.getKey(), Value.of(feature.getValue()));
    }
    return more;
  }

  private static Map<String, Tensor> rows(Map<String, Tensor> told, int... which) {
    return Shown.rows(told, which);
  }

  /** Trains nothing, whatever the first weights are. */
  private static final class Untrained implements NetworkTrainer {
    @Override
    public TrainedWeights train(Layer layer, TrainingRows rows, Seed seed) {
      return new TrainedWeights(weights(layer), Map.of("epoch", "1 of 1"));
    }

    @Override
    public NetworkTrainer from(Map<String, Tensor> first) {
      return this;
    }
  }

  private static BrainEncoder fitted(NetworkArchitecture<?> network) {
    NetworkSizes sizes = sizes(network);
    Map<String, Integer> widths = new LinkedHashMap<>();
    for (int s = 0; s < sizes.subjects().size(); s++) {
      widths.put(sizes.subjects().get(s), sizes.widths().get(s));
    }
    List<String> subjects =
        IntStream.range(0, ROWS)
            .mapToObj(row -> sizes.subjects().get(row % sizes.subjects().size()))
            .toList();
    int[] target =
        IntStream.concat(IntStream.of(ROWS), sizes.target().stream().mapToInt(i -> i)).toArray();
    TrainingRows rows =
        new TrainingRows(
            responses(network),
            normal("y", target),
            Collections.nCopies(ROWS, "run"),
            new Recorded(subjects, widths, sizes.positions()),
            Shown.UNKNOWN.telling(told(sizes, ROWS)));
    Fitting fitting = new Fitting(Seed.of(4), new Untrained());
    return network.fit(rows, settings(network), fitting);
  }

  /** A subject's own rows, without the zeros that fill them up. */
  private static Tensor own(NetworkArchitecture<?> network, String subject) {
    NetworkSizes sizes = sizes(network);
    int width = sizes.widths().get(sizes.numberOf(subject));
    int[] axes = sizes.responses(ROWS).toArray();
    axes[1] = width;
    return normal("own " + subject, axes);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void decodesAsTheTrainedNetworkDoes(NetworkArchitecture<?> network) {
    Layer layer = layer(network);
    NetworkSizes sizes = sizes(network);
    BrainEncoder encoder = fitted(network);
    for (String subject : sizes.subjects()) {
      Tensor own = own(network, subject);
      Tensor padded = TrainingRows.padded(own, sizes.response().get(0));
      long[] numbers = new long[ROWS];
      java.util.Arrays.fill(numbers, sizes.numberOf(subject));
      Tensor expected =
          Scope.get(
              () -> {
                Parameters parameters = Parameters.of(layer, weights(layer));
                Pass pass =
                    Pass.evaluation(parameters)
                        .with(SubjectLinear.SUBJECT, Value.of(numbers, ROWS));
                return layer.forward(told(pass, told(sizes, ROWS)), Value.of(padded)).toTensor();
              });
      Tensor found = encoder.encode(own, subject, told(sizes, ROWS));
      assertEquals(expected.shape(), found.shape());
      assertArrayEquals(
          sizes.target().stream().mapToInt(i -> i).toArray(),
          IntStream.range(1, found.shape().rank()).map(found::dim).toArray());
      double scale = Math.max(1, largest(expected));
      for (int i = 0; i < expected.size(); i++) {
        assertEquals(expected.array()[i], found.array()[i], TOLERANCE * scale);
      }
      assertTrue(largest(expected) > 0, "it computes something");
    }
    assertEquals("1 of 1", encoder.facts().get("epoch"));
  }

  private static double largest(Tensor tensor) {
    double largest = 0;
    for (float value : tensor.array()) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aRowAloneGivesTheBitsItGivesAmongOthers(NetworkArchitecture<?> network) {
    BrainEncoder encoder = fitted(network);
    String subject = sizes(network).subjects().get(0);
    Tensor responses = own(network, subject);
    Map<String, Tensor> told = told(sizes(network), ROWS);
    Tensor all = encoder.encode(responses, subject, told);
    for (int count : new int[] {1, 2, 31, 32, 33}) {
      int[] rows = IntStream.range(ROWS - count, ROWS).toArray();
      assertEquals(
          all.rows(rows),
          encoder.encode(responses.rows(rows), subject, rows(told, rows)),
          count + " rows");
    }
    assertEquals(
        0, encoder.encode(responses.rows(new int[0]), subject, rows(told, new int[0])).size());
  }

  @ParameterizedTest
  @MethodSource("networks")
  void comesBackFromItsFileAndItsGraph(NetworkArchitecture<?> network, @TempDir Path folder)
      throws Exception {
    BrainEncoder encoder = fitted(network);
    String subject = sizes(network).subjects().get(0);
    Tensor responses = own(network, subject);
    Map<String, Tensor> told = told(sizes(network), ROWS);
    Tensor expected = encoder.encode(responses, subject, told);
    Path file = folder.resolve("sub-01_decoder.safetensors");
    encoder.save(file, Map.of("subject", "01"));
    BrainEncoder loaded = network.load(file);
    assertEquals(expected, loaded.encode(responses, subject, told));
    assertEquals(sizes(network).inputs(), loaded.inputs());
    try (OnnxModel graph =
        OnnxModel.open(folder.resolve("sub-01_decoder.onnx"), OnnxOptions.SINGLE_THREADED)) {
      Map<String, OnnxInput> inputs = new HashMap<>();
      Tensor padded = TrainingRows.padded(responses, sizes(network).response().get(0));
      inputs.put("response", OnnxInput.of(padded));
      told.forEach((name, features) -> inputs.put(name, OnnxInput.of(features)));
      if (graph.inputs().size() > inputs.size()) {
        assertEquals("subject", graph.inputs().get(1).name());
        inputs.put("subject", OnnxInput.of(new long[ROWS], ROWS));
      }
      Tensor found = graph.run(inputs).get("embedding");
      for (int i = 0; i < expected.size(); i++) {
        assertEquals(
            expected.array()[i], found.array()[i], TOLERANCE * Math.max(1, largest(expected)));
      }
    }
    loaded.save(folder.resolve("again.safetensors"), Map.of("subject", "01"));
    assertEquals(
        -1,
        Files.mismatch(file, folder.resolve("again.safetensors")),
        "a network that was read is written as it was");
  }

  @ParameterizedTest
  @MethodSource("networks")
  void whatDoesNotFitIsRefused(NetworkArchitecture<?> network, @TempDir Path folder) {
    BrainEncoder encoder = fitted(network);
    NetworkSizes sizes = sizes(network);
    String subject = sizes.subjects().get(0);
    int[] narrow = sizes.responses(3).toArray();
    narrow[1] = sizes.widths().get(0) - 1;
    IllegalArgumentException width =
        assertThrows(
            IllegalArgumentException.class, () -> encoder.encode(Tensor.zeros(narrow), subject));
    assertTrue(width.getMessage().contains("[trials, "), width.getMessage());
    Path file = folder.resolve("other.safetensors");
    new SafetensorsWriter().metadata("format", "noesis-ridge-1").write(file);
    assertThrows(CorruptDataException.class, () -> network.load(file));
    NetworkShape shape = new NetworkShape(network.name(), settings(network), sizes);
    Map<String, Tensor> weights = new LinkedHashMap<>(weights(layer(network)));
    String last = new ArrayList<>(weights.keySet()).get(weights.size() - 1);
    weights.remove(last);
    NetworkFile.write(file, shape, weights, Map.of(), Map.of());
    CorruptDataException missing =
        assertThrows(CorruptDataException.class, () -> network.load(file));
    assertTrue(missing.getMessage().contains("'" + last + "'"), missing.getMessage());
    assertTrue(missing.getMessage().contains("another release"), missing.getMessage());
    assertTrue(missing.getMessage().contains("train again"), missing.getMessage());
    ObjectNode older = settings(network).deepCopy();
    older.put("older", 3);
    NetworkFile.write(
        file, new NetworkShape(network.name(), older, sizes), weights, Map.of(), Map.of());
    CorruptDataException unknown =
        assertThrows(CorruptDataException.class, () -> network.load(file));
    assertTrue(unknown.getMessage().contains("another release"), unknown.getMessage());
    assertTrue(unknown.getMessage().contains("older"), unknown.getMessage());
    Architecture architecture = network;
    assertThrows(
        RecipeException.class,
        () ->
            architecture.fit(
                new TrainingRows(responses(network), normal("y", ROWS, 3), groups()),
                new ObjectMapper().readTree("{\"wdith\": 3}"),
                new Fitting(Seed.of(1), (n, r, s) -> new TrainedWeights(Map.of(), Map.of()))));
  }

  private static List<String> groups() {
    return Collections.nCopies(ROWS, "run");
  }

  @ParameterizedTest
  @MethodSource("networks")
  void itsDefaultsAreSettings(NetworkArchitecture<?> network) {
    JsonNode defaults = RecordBinder.defaults(network.settings());
    assertTrue(defaults.size() > 0, "defaults() gives the published values");
    assertEquals(
        defaults, RecordBinder.tree(RecordBinder.bind(defaults, network.settings(), "defaults")));
  }
}
