package io.noesis.encoders.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.layer.DecoderOptions.Drive;
import io.noesis.encoders.layer.DecoderOptions.Evolution;
import io.noesis.encoders.layer.DecoderOptions.Feedback;
import io.noesis.encoders.layer.DecoderOptions.Scores;
import io.noesis.encoders.layer.DecoderOptions.Sharpness;
import io.noesis.encoders.layer.SemanticDecoder.Group;
import io.noesis.encoders.layer.SemanticDecoder.Step;
import io.noesis.encoders.layer.SemanticDecoder.Vocabulary;
import io.noesis.encoders.layer.SemanticDecoder.Window;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Seed;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against tests/fixtures/make/semantic_decoder.py, and what schedules may say. */
class SemanticDecoderTest {
  private static final double TOLERANCE = 1e-5;
  private static final List<Group> GROUPS = List.of(new Group("things", 4), new Group("how", 3));
  private static final List<Window> WINDOWS =
      List.of(
          Window.of(Step.INPUT),
          Window.of(Step.EVOLVE),
          Window.of(Step.INPUT),
          Window.measure("what", "things"),
          Window.attend("what"),
          Window.measure("label", "how"),
          Window.of(Step.EVOLVE),
          Window.of(Step.INPUT),
          Window.measure("whose", "things"));

  private static Safetensors python;

  @BeforeAll
  static void open() throws URISyntaxException {
    python =
        Safetensors.open(
            Path.of(SemanticDecoderTest.class.getResource("semantic.safetensors").toURI()));
  }

  @AfterAll
  static void close() {
    python.close();
  }

  private static SemanticDecoder decoder(String name) {
    boolean scaled = name.equals("scaled") || name.equals("hard");
    boolean recurrent = name.equals("published") || name.equals("hard");
    DecoderOptions options =
        new DecoderOptions(
            scaled ? Drive.RMS : Drive.AS_IS,
            0.8,
            recurrent ? Evolution.RECURRENT : Evolution.FEED_FORWARD,
            scaled ? Scores.CENTRED : Scores.OFFSET,
            new Sharpness(1.5, scaled),
            switch (name) {
              case "hard" -> Feedback.HARD;
              case "direct" -> Feedback.DIRECT;
              default -> Feedback.SOFT;
            },
            0.9,
            1.2);
    return new SemanticDecoder(5, 7, 6, new Vocabulary(GROUPS, WINDOWS), options);
  }

  private static Parameters parameters(String name) {
    Map<String, Tensor> found = new LinkedHashMap<>();
    String prefix = name + "/weight/";
    for (String each : python.names()) {
      if (each.startsWith(prefix)) {
        found.put(each.substring(prefix.length()), python.read(each));
      }
    }
    return Parameters.of(decoder(name), found);
  }

  private static void assertClose(Tensor expected, Tensor found) {
    assertEquals(expected.shape(), found.shape());
    double largest = 0;
    for (float value : expected.array()) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.array()[i], found.array()[i], TOLERANCE * largest);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"published", "scaled", "hard", "direct"})
  void logitsAndGradientAreThoseOfTheFormulas(String name) {
    Parameters parameters = parameters(name);
    Scope.run(
        () -> {
          Value input = Value.of(python.read(name + "/input")).requireGradient();
          Value out = decoder(name).forward(Pass.evaluation(parameters), input);
          assertClose(python.read(name + "/output"), out.toTensor());
          int[] at = {0};
          Tensor direction = Tensor.zeros(3, 11).map(zero -> Math.cos(at[0]++));
          Ops.sum(Ops.multiply(out, Value.of(direction))).backward();
          assertClose(python.read(name + "/gradient"), input.gradient().toTensor());
        });
    parameters.free();
  }

  /** Validation and decoding must not be told, whatever is at hand. */
  @ParameterizedTest
  @ValueSource(strings = {"published", "scaled", "hard", "direct"})
  void theTeacherIsAttendedToInTrainingOnly(String name) {
    Parameters parameters = parameters(name);
    Scope.run(
        () -> {
          Value input = Value.of(python.read(name + "/input"));
          Value teacher = Value.of(python.read(name + "/teacher"));
          String what = Pass.TARGET + ".what";
          Pass training = Pass.training(parameters, TorchRandom.of(Seed.of(1)));
          assertClose(
              python.read(name + "/forced"),
              decoder(name).forward(training.with(what, teacher), input).toTensor());
          Pass evaluation = Pass.evaluation(parameters).with(what, teacher);
          assertClose(
              python.read(name + "/output"), decoder(name).forward(evaluation, input).toTensor());
        });
    parameters.free();
  }

  @Test
  void aTeacherOfOtherConceptsIsRefused() {
    Parameters parameters = parameters("published");
    Scope.run(
        () -> {
          Pass training =
              Pass.training(parameters, TorchRandom.of(Seed.of(1)))
                  .with(Pass.TARGET + ".what", Value.of(Tensor.zeros(3, 3)));
          Value input = Value.of(python.read("published/input"));
          IllegalArgumentException e =
              assertThrows(
                  IllegalArgumentException.class,
                  () -> decoder("published").forward(training, input));
          assertTrue(e.getMessage().contains("'what' has logits [3, 4]"), e::getMessage);
        });
    parameters.free();
  }

  /** Hard attention draws in training: with a probability of each concept as softmax has it. */
  @Test
  void hardAttentionDrawsAsSoftmaxSays() {
    Vocabulary vocabulary =
        new Vocabulary(
            List.of(new Group("a", 2)),
            List.of(
                Window.of(Step.INPUT),
                Window.measure("a", "a"),
                Window.attend("a"),
                Window.measure("b", "a")));
    SemanticDecoder decoder =
        new SemanticDecoder(1, 1, 1, vocabulary, DecoderOptions.defaults().with(Feedback.HARD));
    // γ = ½, logits ln 3 and 0, then ±10 is added: the second slot tells which was drawn.
    Parameters parameters =
        Parameters.of(
            decoder,
            Map.of(
                "input.weight", Tensor.zeros(1, 1),
                "input.bias", Tensor.zeros(1),
                "index", Tensor.wrap(new float[] {10, -10}, 2, 1),
                "offset", Tensor.wrap(new float[] {(float) Math.log(3) - 5, 5}, 2)));
    int rows = 4000;
    Scope.run(
        () -> {
          Pass training = Pass.training(parameters, TorchRandom.of(Seed.of(2)));
          float[] out =
              decoder.forward(training, Value.of(Tensor.zeros(rows, 1))).toTensor().array();
          int first = 0;
          for (int row = 0; row < rows; row++) {
            first += out[4 * row + 2] > 0 ? 1 : 0;
          }
          // Five standard deviations of a share of 3/4.
          assertEquals(0.75, first / (double) rows, 5 * Math.sqrt(0.75 * 0.25 / rows));
        });
    parameters.free();
  }

  private static void refused(String said, List<Window> windows) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new Vocabulary(GROUPS, windows));
    assertTrue(e.getMessage().contains(said), e::getMessage);
  }

  @Test
  void schedulesThatCannotBeFollowedAreRefused() {
    Window input = Window.of(Step.INPUT);
    Window what = Window.measure("what", "things");
    refused("first window must be", List.of());
    refused("first window must be", List.of(Window.of(Step.EVOLVE), what));
    refused("expected a window {step: measure", List.of(input));
    refused("before it is measured", List.of(input, Window.attend("what"), what));
    refused("measured twice", List.of(input, what, what));
    refused("none of that name", List.of(input, Window.measure("what", "thing")));
    refused(
        "others neither",
        List.of(input, new Window(Step.EVOLVE, Optional.of("what"), Optional.empty()), what));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Vocabulary(List.of(new Group("a", 2), new Group("a", 3)), List.of(input)));
  }
}
