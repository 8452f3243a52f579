package io.noesis.encoders.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.layer.SubjectLinear;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxProvider;
import io.noesis.encoders.torch.Device;
import io.noesis.encoders.torch.Libtorch;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Optimizer;
import io.noesis.encoders.torch.ParameterGroup;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.encoders.torch.UpdateRule;
import io.noesis.encoders.torch.Value;
import io.noesis.run.ModelException;
import io.noesis.run.PinnedRandom;
import io.noesis.run.RecordBinder;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A graphics card gives what the processor gives, to 1e-3 of the largest number: a step of training
 * (the Maven profile {@code cuda}) and decoding ({@code onnx-cuda}) of every network. Without such
 * a build and card these tests are skipped, and what is asked of the card is refused.
 */
class GraphicsCardTest {
  private static final double TOLERANCE = 1e-3;
  private static final int ROWS = 12;

  static Stream<NetworkArchitecture<?>> networks() {
    return ArchitectureContractTest.networks();
  }

  private static boolean graphsRunOnCards() {
    return OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA);
  }

  private static Tensor normal(String name, int... sizes) {
    PinnedRandom random = Seed.of(1).child(name).random();
    return Tensor.zeros(sizes).map(zero -> random.nextGaussian());
  }

  private static int[] targets(NetworkSizes sizes) {
    return IntStream.concat(IntStream.of(ROWS), sizes.target().stream().mapToInt(i -> i)).toArray();
  }

  private record Step(double loss, Map<String, Tensor> weights) {}

  /** One step of stochastic gradient descent towards random targets, with dropout. */
  private static Step step(NetworkArchitecture<?> network, Device device) {
    NetworkSizes sizes = network.sample().sizes();
    Layer layer = network.sample().settings().network(sizes);
    Libtorch.use(device);
    try {
      Parameters parameters = Parameters.of(layer, ArchitectureContractTest.weights(layer));
      Optimizer optimizer =
          new Optimizer(
              new UpdateRule.Sgd(0), List.of(new ParameterGroup(parameters.learned(), 1, 0)));
      try {
        double loss =
            Scope.get(
                () -> {
                  Pass pass =
                      Pass.training(parameters, TorchRandom.ofNumber(1))
                          .with(SubjectLinear.SUBJECT, Value.of(new long[ROWS], ROWS));
                  Pass told =
                      ArchitectureContractTest.told(
                          pass, ArchitectureContractTest.told(sizes, ROWS));
                  Value x = Value.of(normal("x", sizes.responses(ROWS).toArray()));
                  Value y = Value.of(normal("y", targets(sizes)));
                  Value off = Ops.subtract(layer.forward(told, x), y);
                  Value mean = Ops.mean(Ops.square(off));
                  mean.backward();
                  return mean.item();
                });
        optimizer.step(0.1);
        return new Step(loss, parameters.snapshot());
      } finally {
        optimizer.free();
        parameters.free();
      }
    } finally {
      Libtorch.use(Device.CPU);
    }
  }

  private static void close(Tensor expected, Tensor found, double scale, String what) {
    assertEquals(expected.shape(), found.shape(), what);
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.array()[i], found.array()[i], TOLERANCE * scale, what);
    }
  }

  private static double largest(Tensor tensor) {
    double largest = 0;
    for (float value : tensor.array()) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  /** How far two sets of weights lie apart, at most. */
  private static double apart(Map<String, Tensor> some, Map<String, Tensor> others) {
    double most = 0;
    for (Map.Entry<String, Tensor> one : some.entrySet()) {
      float[] other = others.get(one.getKey()).array();
      for (int i = 0; i < other.length; i++) {
        most = Math.max(most, Math.abs(one.getValue().array()[i] - other[i]));
      }
    }
    return most;
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aStepOfTrainingIsThatOfTheProcessor(NetworkArchitecture<?> network) {
    Device card = Device.of("auto");
    Assumptions.assumeTrue(card.kind() == Device.Kind.CUDA, "no card that libtorch can use");
    Step expected = step(network, Device.CPU);
    Step found = step(network, card);
    assertEquals(expected.loss(), found.loss(), TOLERANCE * Math.abs(expected.loss()));
    NetworkSizes sizes = network.sample().sizes();
    Map<String, Tensor> before =
        ArchitectureContractTest.weights(network.sample().settings().network(sizes));
    double moved = apart(before, expected.weights());
    assertTrue(moved > 0, "the step moved nothing");
    expected
        .weights()
        .forEach((name, weights) -> close(weights, found.weights().get(name), moved, name));
  }

  /** What the comparison above compares is real: it can be made, and differs by the seed. */
  @Test
  void theStepThatIsComparedMovesTheWeightsAndRepeats() {
    NetworkArchitecture<?> network = networks().findFirst().orElseThrow();
    Step once = step(network, Device.CPU);
    Step again = step(network, Device.CPU);
    assertEquals(once.loss(), again.loss());
    assertEquals(once.weights(), again.weights());
    NetworkSizes sizes = network.sample().sizes();
    Map<String, Tensor> before =
        ArchitectureContractTest.weights(network.sample().settings().network(sizes));
    assertTrue(apart(before, once.weights()) > 1e-4, "the step moved nothing");
  }

  private static BrainEncoder encoder(NetworkArchitecture<?> network) {
    NetworkSizes sizes = network.sample().sizes();
    Layer layer = network.sample().settings().network(sizes);
    return new NetworkEncoder(
        new NetworkShape(network.name(), RecordBinder.tree(network.sample().settings()), sizes),
        layer,
        ArchitectureContractTest.weights(layer),
        Map.of());
  }

  private static Tensor responses(NetworkSizes sizes) {
    int[] axes = sizes.responses(ROWS).toArray();
    axes[1] = sizes.widths().get(0);
    return normal("x", axes);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void decodingIsThatOfTheProcessor(NetworkArchitecture<?> network) {
    Assumptions.assumeTrue(graphsRunOnCards(), "this build's graphs run on the processor alone");
    BrainEncoder encoder = encoder(network);
    NetworkSizes sizes = network.sample().sizes();
    String subject = sizes.subjects().get(0);
    Tensor expected =
        encoder.encode(responses(sizes), subject, ArchitectureContractTest.told(sizes, ROWS));
    Tensor found =
        encoder
            .on(OnnxOptions.SINGLE_THREADED.on(OnnxProvider.CUDA, 0))
            .orElseThrow()
            .encode(responses(sizes), subject, ArchitectureContractTest.told(sizes, ROWS));
    close(expected, found, Math.max(1, largest(expected)), network.name());
  }

  @Test
  void aBuildWithoutCardsRefusesToDecodeOnOne() {
    Assumptions.assumeFalse(graphsRunOnCards(), "this build's graphs run on cards");
    NetworkArchitecture<?> network = networks().findFirst().orElseThrow();
    NetworkSizes sizes = network.sample().sizes();
    BrainEncoder elsewhere =
        encoder(network).on(OnnxOptions.SINGLE_THREADED.on("cuda:1")).orElseThrow();
    ModelException refused =
        assertThrows(
            ModelException.class,
            () -> elsewhere.encode(responses(sizes), sizes.subjects().get(0)));
    assertEquals(6, refused.exitCode().code());
    assertTrue(refused.getMessage().contains("onnx-cuda"), refused.getMessage());
  }
}
