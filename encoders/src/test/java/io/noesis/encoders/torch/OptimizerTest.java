package io.noesis.encoders.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.noesis.run.ModelException;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parity with PyTorch's optimisers: fixtures/make/torch_engine.py. */
class OptimizerTest {
  private static final int STEPS = 6;
  private static Safetensors python;

  @BeforeAll
  static void open() throws Exception {
    python =
        Safetensors.open(
            Path.of(OptimizerTest.class.getResource("optimisers.safetensors").toURI()));
  }

  @AfterAll
  static void close() {
    python.close();
  }

  private static UpdateRule rule(String name) {
    return switch (name) {
      case "adamw" -> UpdateRule.AdamW.defaults();
      case "adam" -> UpdateRule.Adam.defaults();
      case "sgd" -> new UpdateRule.Sgd(0);
      default -> new UpdateRule.Sgd(0.9);
    };
  }

  private static Map<String, Value> start() {
    Map<String, Value> parameters = new LinkedHashMap<>();
    for (String name : List.of("a", "b")) {
      parameters.put(name, Value.of(python.read("start/" + name)).requireGradient());
    }
    return parameters;
  }

  /** d/dp of sum(p · g) is g. */
  private static void giveGradients(Map<String, Value> parameters, int step) {
    parameters.forEach(
        (name, parameter) -> {
          Value gradient = Value.of(python.read("gradient/" + step + "/" + name));
          Ops.sum(Ops.multiply(parameter, gradient)).backward();
        });
  }

  private static void steps(Optimizer optimizer, Map<String, Value> parameters, int from, int to) {
    for (int step = from; step < to; step++) {
      optimizer.clearGradients();
      giveGradients(parameters, step);
      optimizer.step(0.03);
    }
  }

  @ParameterizedTest
  @CsvSource({"adamw,0.1", "adam,0.1", "sgd,0.1", "momentum,0"})
  void movesParametersAsPyTorchDoes(String name, double decay) {
    Scope.run(
        () -> {
          Map<String, Value> parameters = start();
          Optimizer optimizer =
              new Optimizer(rule(name), List.of(new ParameterGroup(parameters, 1, decay)));
          steps(optimizer, parameters, 0, STEPS);
          for (String parameter : parameters.keySet()) {
            assertArrayEquals(
                python.read(name + "/" + parameter).array(),
                parameters.get(parameter).toTensor().array(),
                1e-6f);
          }
          optimizer.free();
        });
  }

  @ParameterizedTest
  @CsvSource({"adamw,0.1", "adam,0.1", "sgd,0.1", "momentum,0"})
  void goesOnFromItsStateWithTheSameBits(String name, double decay) {
    Scope.run(
        () -> {
          Map<String, Value> whole = start();
          Optimizer first = new Optimizer(rule(name), List.of(new ParameterGroup(whole, 1, decay)));
          steps(first, whole, 0, 3);
          Map<String, Tensor> state = first.state();
          Map<String, Value> resumed = new LinkedHashMap<>();
          whole.forEach((n, v) -> resumed.put(n, Value.of(v.toTensor()).requireGradient()));
          Optimizer second =
              new Optimizer(rule(name), List.of(new ParameterGroup(resumed, 1, decay)));
          second.restore(state);
          steps(first, whole, 3, STEPS);
          steps(second, resumed, 3, STEPS);
          whole.forEach((n, v) -> assertEquals(v.toTensor(), resumed.get(n).toTensor()));
          first.free();
          second.free();
        });
  }

  @Test
  void groupsHaveTheirOwnRateAndParametersWithoutGradientStay() {
    Scope.run(
        () -> {
          Map<String, Value> parameters = start();
          Optimizer optimizer =
              new Optimizer(
                  new UpdateRule.Sgd(0),
                  List.of(
                      new ParameterGroup(Map.of("a", parameters.get("a")), 0.5, 0),
                      new ParameterGroup(Map.of("b", parameters.get("b")), 1, 0)));
          Ops.sum(parameters.get("a")).backward();
          optimizer.step(0.1);
          Tensor a = python.read("start/a");
          assertArrayEquals(
              a.map(v -> v - 0.05).array(), parameters.get("a").toTensor().array(), 1e-7f);
          assertEquals(python.read("start/b"), parameters.get("b").toTensor());
          optimizer.free();
        });
  }

  @Test
  void gradientsAreClippedTogether() {
    Scope.run(
        () -> {
          Value a = Value.of(Tensor.wrap(new float[] {0}, 1)).requireGradient();
          Value b = Value.of(Tensor.wrap(new float[] {0}, 1)).requireGradient();
          Optimizer optimizer =
              new Optimizer(
                  new UpdateRule.Sgd(0), List.of(new ParameterGroup(Map.of("a", a, "b", b), 1, 0)));
          Ops.sum(Ops.add(Ops.multiply(a, 3), Ops.multiply(b, 4))).backward();
          assertEquals(5, optimizer.clipGradients(1), 1e-6);
          assertEquals(0.6, a.gradient().toDoubles()[0], 1e-5);
          assertEquals(0.8, b.gradient().toDoubles()[0], 1e-5);
          optimizer.free();
        });
  }

  @Test
  void theStateOfOtherParametersIsRefused() {
    Scope.run(
        () -> {
          Optimizer optimizer =
              new Optimizer(
                  UpdateRule.AdamW.defaults(), List.of(new ParameterGroup(start(), 1, 0)));
          assertThrows(ModelException.class, () -> optimizer.restore(Map.of()));
          optimizer.free();
        });
  }
}
