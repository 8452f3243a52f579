package io.noesis.encoders.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.onnx.GraphBuilder;
import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxType;
import io.noesis.encoders.torch.Mode;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Precision;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.encoders.torch.Value;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Shape;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every kind of layer must do, run on every sample of the registry. */
class LayerContractTest {
  private static final double STEP = 1e-6;
  private static final double GRADIENT_TOLERANCE = 1e-7;
  private static final double PARITY = 1e-5;
  private static final Seed SEED = Seed.of(5);

  static Stream<Arguments> samples() {
    return Layers.registry().entries().stream()
        .flatMap(
            entry ->
                entry.value().stream()
                    .map(sample -> Arguments.of(entry.name(), sample.layer().describe(), sample)));
  }

  /** All numbers of a sample in one place: parameters away from their first values, and inputs. */
  private static final class Case {
    final LayerSample sample;
    final Parameters parameters;
    final Map<String, Tensor> floats = new LinkedHashMap<>();
    final Map<String, Tensor> flags = new LinkedHashMap<>();
    final Map<String, long[]> numbers = new LinkedHashMap<>();

    Case(LayerSample sample, int batch) {
      this.sample = sample;
      parameters = Parameters.of(sample.layer(), SEED.child("parameters"));
      Map<String, Tensor> moved = new LinkedHashMap<>();
      PinnedRandom random = SEED.child("values").random();
      parameters
          .snapshot()
          .forEach(
              (name, tensor) ->
                  moved.put(
                      name,
                      name.endsWith("running_var")
                          ? tensor.map(v -> 0.5 + random.nextDouble())
                          : tensor.map(v -> v + 0.3 * random.nextGaussian())));
      parameters.restore(moved);
      floats.put("input", normal(random, sizes(batch, sample.input())));
      sample
          .further()
          .forEach(
              (name, further) -> {
                if (further instanceof LayerSample.Further.Floats f) {
                  floats.put(name, normal(random, sizes(batch, f.sizes())));
                } else if (further instanceof LayerSample.Further.Flags f) {
                  int[] at = {0};
                  int stride = 2 + random.nextInt(2);
                  flags.put(
                      name,
                      Tensor.zeros(sizes(batch, f.sizes()))
                          .map(v -> at[0]++ % stride == 1 ? 0 : 1));
                } else if (further instanceof LayerSample.Further.Numbers n) {
                  long[] values = new long[batch];
                  for (int i = 0; i < batch; i++) {
                    values[i] = (i % (n.count() + 1)) - 1;
                  }
                  numbers.put(name, values);
                }
              });
    }

    Pass pass(Parameters used, Mode mode, Map<String, Value> inputs) {
      Pass pass =
          mode == Mode.TRAINING
              ? Pass.training(used, TorchRandom.of(SEED.child("dropout")))
              : Pass.evaluation(used);
      for (Map.Entry<String, Value> further : inputs.entrySet()) {
        pass = pass.with(further.getKey(), further.getValue());
      }
      for (Map.Entry<String, long[]> further : numbers.entrySet()) {
        pass = pass.with(further.getKey(), Value.of(further.getValue(), further.getValue().length));
      }
      for (Map.Entry<String, Tensor> further : flags.entrySet()) {
        pass = pass.with(further.getKey(), Value.of(further.getValue()));
      }
      return pass;
    }

    Value forward(Mode mode) {
      Map<String, Value> inputs = new LinkedHashMap<>();
      floats.forEach((name, tensor) -> inputs.put(name, Value.of(tensor)));
      return sample.layer().forward(pass(parameters, mode, inputs), inputs.get("input"));
    }
  }

  private static int[] sizes(int batch, List<Integer> rest) {
    int[] sizes = new int[1 + rest.size()];
    sizes[0] = batch;
    for (int i = 0; i < rest.size(); i++) {
      sizes[1 + i] = rest.get(i);
    }
    return sizes;
  }

  private static Tensor normal(PinnedRandom random, int... sizes) {
    return Tensor.zeros(sizes).map(zero -> random.nextGaussian());
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("samples")
  void gradientsAreThoseOfCentralDifferences(String name, String text, LayerSample sample) {
    for (Mode mode : Mode.values()) {
      Scope.run(() -> checkGradients(new Case(sample, 5), mode));
    }
  }

  private static void checkGradients(Case at, Mode mode) {
    Parameters parameters = at.parameters.to(Precision.FLOAT64);
    Map<String, Value> inputs = new LinkedHashMap<>();
    at.floats.forEach(
        (name, tensor) ->
            inputs.put(name, Value.of(tensor).to(Precision.FLOAT64).requireGradient()));
    PinnedRandom random = SEED.child("direction").random();
    double[] weights = new double[4096];
    java.util.Arrays.setAll(weights, i -> random.nextGaussian());
    Supplier<Value> loss =
        () -> {
          Pass pass = at.pass(parameters, mode, inputs);
          Value out = at.sample.layer().forward(pass, inputs.get("input"));
          int size = out.shape().size();
          Value weighted =
              Ops.multiply(
                  Ops.reshape(out, size), Value.of(java.util.Arrays.copyOf(weights, size), size));
          return pass.terms().values().stream().reduce(Ops.sum(weighted), Ops::add);
        };
    loss.get().backward();
    Map<String, Value> leaves = new LinkedHashMap<>(inputs);
    parameters.learned().forEach(leaves::put);
    leaves.forEach(
        (leaf, value) -> {
          double[] numbers = value.toDoubles();
          // What the loss does not depend on, like the token of a mask in evaluation, has none.
          double[] gradient =
              value.gradient() == null ? new double[numbers.length] : value.gradient().toDoubles();
          assertTrue(java.util.Arrays.stream(gradient).allMatch(Double::isFinite), leaf);
          if (at.sample.gradient() == LayerSample.Gradient.STAND_IN) {
            return; // What it must be is for a test of that layer.
          }
          int[] shape = value.shape().toArray();
          for (int k = 0; k < Math.min(8, numbers.length); k++) {
            int i = random.nextInt(numbers.length);
            double difference =
                (lossAt(loss, value, numbers, i, STEP, shape)
                        - lossAt(loss, value, numbers, i, -STEP, shape))
                    / (2 * STEP);
            assertEquals(
                difference,
                gradient[i],
                GRADIENT_TOLERANCE * Math.max(1, Math.abs(difference)),
                leaf + "[" + i + "] in " + mode);
          }
        });
    parameters.free();
  }

  private static double lossAt(
      Supplier<Value> loss, Value leaf, double[] numbers, int i, double step, int[] shape) {
    double[] moved = numbers.clone();
    moved[i] += step;
    leaf.assign(Value.of(moved, shape));
    double value = loss.get().item();
    leaf.assign(Value.of(numbers, shape));
    return value;
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("samples")
  void theGraphComputesWhatTheForwardPassDoes(String name, String text, LayerSample sample) {
    byte[] graph = Scope.get(() -> graph(new Case(sample, 1)));
    try (OnnxModel model = OnnxModel.open(name, graph, OnnxOptions.SINGLE_THREADED)) {
      for (int batch : new int[] {1, 2, 5}) {
        Scope.run(
            () -> {
              Case at = new Case(sample, batch);
              Tensor expected =
                  Scope.withoutGradients(() -> at.forward(Mode.EVALUATION)).toTensor();
              assertClose(expected, model.run(inputs(at)).get("result"), PARITY);
            });
      }
    }
  }

  private static byte[] graph(Case at) {
    GraphBuilder builder = new GraphBuilder("sample");
    Emission emission = Emission.into(builder, at.parameters.snapshot());
    String input = null;
    Map<String, Tensor> inputs = new LinkedHashMap<>(at.floats);
    inputs.putAll(at.flags);
    for (Map.Entry<String, Tensor> entry : inputs.entrySet()) {
      String value =
          builder.input(entry.getKey(), OnnxType.FLOAT32, axes(entry.getValue().shape()));
      if (input == null) {
        input = value;
      } else {
        emission = emission.with(entry.getKey(), value);
      }
    }
    for (String further : at.numbers.keySet()) {
      emission = emission.with(further, builder.input(further, OnnxType.INT64, List.of("batch")));
    }
    Shape out = at.forward(Mode.EVALUATION).shape();
    builder.output("result", at.sample.layer().emit(emission, input), axes(out));
    return builder.bytes();
  }

  private static List<String> axes(Shape shape) {
    List<String> axes = new ArrayList<>(List.of("batch"));
    for (int axis = 1; axis < shape.rank(); axis++) {
      axes.add(Integer.toString(shape.dim(axis)));
    }
    return axes;
  }

  private static Map<String, OnnxInput> inputs(Case at) {
    Map<String, OnnxInput> inputs = new LinkedHashMap<>();
    at.floats.forEach((name, tensor) -> inputs.put(name, OnnxInput.of(tensor)));
    at.flags.forEach((name, tensor) -> inputs.put(name, OnnxInput.of(tensor)));
    at.numbers.forEach((name, values) -> inputs.put(name, OnnxInput.of(values, values.length)));
    return inputs;
  }

  private static void assertClose(Tensor expected, Tensor found, double tolerance) {
    assertEquals(expected.shape(), found.shape());
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.size(); i++) {
      largest = Math.max(largest, Math.abs(expected.array()[i]));
      difference = Math.max(difference, Math.abs(expected.array()[i] - found.array()[i]));
    }
    assertTrue(difference <= tolerance * largest, difference + " of " + largest);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("samples")
  void rowsDoNotInfluenceEachOtherInEvaluation(String name, String text, LayerSample sample) {
    Scope.run(
        () -> {
          Tensor together = new Case(sample, 5).forward(Mode.EVALUATION).toTensor();
          Case other = new Case(sample, 5);
          other.floats.replaceAll(
              (input, tensor) -> {
                float[] values = tensor.array().clone();
                int row = values.length / 5;
                java.util.Arrays.fill(values, row, values.length, 3);
                return Tensor.wrap(values, tensor.shape().toArray());
              });
          Tensor first = other.forward(Mode.EVALUATION).toTensor().rows(new int[] {0});
          assertClose(together.rows(new int[] {0}), first, 1e-6);
        });
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("samples")
  void theSameSeedGivesTheSameBits(String name, String text, LayerSample sample) {
    Scope.run(
        () -> {
          Parameters a = Parameters.of(sample.layer(), SEED);
          Parameters b = Parameters.of(sample.layer(), SEED);
          assertEquals(a.snapshot(), b.snapshot());
          assertEquals(
              new Case(sample, 5).forward(Mode.TRAINING).toTensor(),
              new Case(sample, 5).forward(Mode.TRAINING).toTensor());
        });
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("samples")
  void saysWhatItIs(String name, String text, LayerSample sample) {
    assertFalse(text.isBlank());
    assertEquals(1, text.lines().count());
    assertTrue(text.length() < 300, text);
  }
}
