package io.noesis.encoders.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.onnx.GraphBuilder;
import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxType;
import io.noesis.encoders.torch.Mode;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rows meet the weights of their own subject, whatever the order of a batch. */
class SubjectLinearTest {
  private static final SubjectLinear LAYER =
      new SubjectLinear(3, 4, 2, SubjectLinear.Axes.FLAT, Bias.WITHOUT);

  private static Parameters counting() {
    float[] weights = new float[3 * 4 * 2];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = i / 8;
    }
    return Parameters.of(LAYER, Map.of("weight", Tensor.wrap(weights, 3, 4, 2)));
  }

  private static Tensor forward(Parameters parameters, Tensor x, long... subjects) {
    return Scope.get(
        () ->
            LAYER
                .forward(
                    Pass.evaluation(parameters)
                        .with(SubjectLinear.SUBJECT, Value.of(subjects, subjects.length)),
                    Value.of(x))
                .toTensor());
  }

  @Test
  void eachRowIsMultipliedByItsSubjectsWeights() {
    Parameters parameters = counting();
    Tensor x = Tensor.wrap(new float[] {1, 1, 1, 1, 2, 0, 0, 0, 0, 0, 3, 0, 1, 0, 0, 0}, 4, 4);
    // The weights of subject s are all s; the mean of 0, 1 and 2 is 1.
    assertEquals(
        Tensor.wrap(new float[] {8, 8, 0, 0, 3, 3, 2, 2}, 4, 2),
        forward(parameters, x, 2, 0, -1, 2));
    assertEquals(
        Tensor.wrap(new float[] {4, 4, 2, 2, 3, 3, 1, 1}, 4, 2),
        forward(parameters, x, 1, 1, 1, 1));
    parameters.free();
  }

  @Test
  void onlySubjectsOfTheBatchAndInputsThatAreThereGetGradients() {
    Parameters parameters = Parameters.of(LAYER, Seed.of(1));
    Scope.run(
        () -> {
          // The third and fourth input of subject 1 are padding.
          Value x = Value.of(Tensor.wrap(new float[] {1, 2, 0, 0}, 1, 4));
          Pass pass =
              Pass.training(parameters, TorchRandom.ofNumber(1))
                  .with(SubjectLinear.SUBJECT, Value.of(new long[] {1}, 1));
          Ops.sum(LAYER.forward(pass, x)).backward();
          double[] gradient = parameters.get("weight").gradient().toDoubles();
          double[] expected = new double[24];
          Arrays.fill(expected, 8, 10, 1);
          Arrays.fill(expected, 10, 12, 2);
          assertTrue(Arrays.equals(expected, gradient), Arrays.toString(gradient));
        });
    parameters.free();
  }

  /** In training alone a part of the rows gets the mean; the weights of subject 2 are all 2. */
  @Test
  void hiddenRowsGetTheMeanOfAll() {
    SubjectLinear layer = new SubjectLinear(3, 4, 2, SubjectLinear.Axes.FLAT, Bias.WITHOUT, 0.3);
    Parameters parameters = counting();
    int rows = 1000;
    long[] subjects = new long[rows];
    Arrays.fill(subjects, 2);
    Tensor x = Tensor.zeros(rows, 4).map(zero -> 1);
    for (Mode mode : Mode.values()) {
      Tensor out =
          Scope.get(
              () -> {
                Pass pass =
                    mode == Mode.TRAINING
                        ? Pass.training(parameters, TorchRandom.ofNumber(1))
                        : Pass.evaluation(parameters);
                return layer
                    .forward(
                        pass.with(SubjectLinear.SUBJECT, Value.of(subjects, rows)), Value.of(x))
                    .toTensor();
              });
      int hidden = 0;
      for (int row = 0; row < rows; row++) {
        float value = out.at(row, 0);
        assertTrue(value == 4 || value == 8, "row " + row + ": " + value);
        hidden += value == 4 ? 1 : 0;
      }
      // Binomial(1000, 0.3): five standard deviations are 72.
      assertEquals(mode == Mode.TRAINING ? 300 : 0, hidden, mode == Mode.TRAINING ? 72 : 0);
    }
    parameters.free();
    assertThrows(
        IllegalArgumentException.class,
        () -> new SubjectLinear(3, 4, 2, SubjectLinear.Axes.FLAT, Bias.WITHOUT, 1));
  }

  @Test
  void refusesSubjectsItDoesNotKnow() {
    Parameters parameters = counting();
    Exception e =
        assertThrows(
            IllegalArgumentException.class, () -> forward(parameters, Tensor.zeros(2, 4), 0, 3));
    assertTrue(e.getMessage().contains("row 1 is of subject 3, expected -1 to 2"), e.getMessage());
    parameters.free();
  }

  @Test
  void oneSubjectNeedsNoNumber() {
    for (SubjectLinear.Axes axes : SubjectLinear.Axes.values()) {
      SubjectLinear layer = new SubjectLinear(1, 2, 3, axes);
      Parameters parameters = Parameters.of(layer, Seed.of(2));
      int[] sizes = axes == SubjectLinear.Axes.FLAT ? new int[] {4, 2} : new int[] {4, 2, 5};
      Tensor x = Tensor.zeros(sizes).map(zero -> 1);
      Tensor expected =
          Scope.get(() -> layer.forward(Pass.evaluation(parameters), Value.of(x)).toTensor());
      GraphBuilder graph = new GraphBuilder("one");
      String input =
          graph.input(
              "x", OnnxType.FLOAT32, Arrays.stream(sizes).mapToObj(Integer::toString).toList());
      String out = layer.emit(Emission.into(graph, parameters.snapshot()), input);
      graph.output(
          "result",
          out,
          Arrays.stream(expected.shape().toArray()).mapToObj(Integer::toString).toList());
      try (OnnxModel model =
          OnnxModel.open("one subject", graph.bytes(), OnnxOptions.SINGLE_THREADED)) {
        Tensor found = model.run(Map.of("x", OnnxInput.of(x))).get("result");
        assertArrayEquals(expected.array(), found.array(), 1e-6f);
      }
      parameters.free();
    }
  }
}
