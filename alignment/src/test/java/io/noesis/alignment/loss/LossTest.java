package io.noesis.alignment.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.noesis.alignment.PassThrough;
import io.noesis.alignment.loss.InfoNce.Direction;
import io.noesis.alignment.loss.InfoNce.Scale;
import io.noesis.encoders.layer.Declaration;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.torch.Precision;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.Value;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.LongArray;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LossTest {
  private static final Seed SEED = Seed.of(3);

  static Tensor normal(String name, int... sizes) {
    PinnedRandom random = SEED.child(name).random();
    return Tensor.zeros(sizes).map(zero -> random.nextGaussian());
  }

  private static Tensor identity(int n) {
    Tensor out = Tensor.zeros(n, n);
    for (int i = 0; i < n; i++) {
      out.array()[i * n + i] = 1;
    }
    return out;
  }

  /** A layer that has only the parameters of a loss. */
  record Only(Loss loss) implements PassThrough {
    @Override
    public void declare(Declaration parameters) {
      loss.declare(parameters);
    }
  }

  private static LossBatch batch(
      Value predicted, Value target, Optional<Mixed> mixed, double progress) {
    return LossBatch.of(predicted, target)
        .knowing(new RowFacts(List.of(), List.of(), mixed))
        .at(progress);
  }

  static double value(Loss loss, Tensor predicted, Tensor target) {
    return value(loss, predicted, target, Optional.empty(), 0);
  }

  static double value(
      Loss loss, Tensor predicted, Tensor target, Optional<Mixed> mixed, double progress) {
    return value(loss, () -> batch(Value.of(predicted), Value.of(target), mixed, progress));
  }

  static double value(Loss loss, Tensor predicted, Tensor target, RowFacts facts) {
    return value(loss, () -> LossBatch.of(Value.of(predicted), Value.of(target)).knowing(facts));
  }

  static double value(Loss loss, Supplier<LossBatch> batch) {
    return Scope.get(
        () -> {
          Parameters own = Parameters.of(new Only(loss), SEED);
          double value = loss.compute(Pass.evaluation(own), batch.get()).item();
          own.free();
          return value;
        });
  }

  private static InfoNce infoNce(Scale scale, double temperature, Direction direction) {
    return new InfoNce(Length.UNIT, Length.UNIT, scale, temperature, direction);
  }

  /** All but those that must know sizes: PriorLossTest, ProjectedTargetTest, LanguageModelTest. */
  static Stream<Loss> defaults() {
    return Losses.registry().entries().stream()
        .filter(entry -> !entry.name().equals(LanguageModel.NAME))
        .map(entry -> entry.value().make(JsonNodeFactory.instance.objectNode(), entry.name()))
        .filter(loss -> !(loss instanceof PriorLoss || loss instanceof Projected));
  }

  @ParameterizedTest
  @MethodSource("defaults")
  void gradientsAreThoseOfCentralDifferences(Loss loss) {
    Mixed mixed = new RowMixing(1, 0.5).draw(5, SEED.random());
    for (double progress : new double[] {0.1, 0.9}) {
      Scope.run(
          () -> {
            Parameters own = Parameters.of(new Only(loss), SEED).to(Precision.FLOAT64);
            double[] numbers = Value.of(normal("p", 5, 3)).toDoubles();
            Value target = Value.of(normal("t", 5, 3)).to(Precision.FLOAT64);
            Value predicted = Value.of(numbers, 5, 3).requireGradient();
            LossBatch batch = batch(predicted, target, Optional.of(mixed), progress);
            loss.compute(Pass.evaluation(own), batch).backward();
            double[] gradient = predicted.gradient().toDoubles();
            for (int i = 0; i < numbers.length; i++) {
              double[] sides = new double[2];
              for (int side = 0; side < 2; side++) {
                double[] moved = numbers.clone();
                moved[i] += side == 0 ? 1e-7 : -1e-7;
                LossBatch at = batch(Value.of(moved, 5, 3), target, Optional.of(mixed), progress);
                sides[side] = loss.compute(Pass.evaluation(own), at).item();
              }
              double difference = (sides[0] - sides[1]) / 2e-7;
              assertEquals(difference, gradient[i], 1e-5 * Math.max(1, Math.abs(difference)));
            }
          });
    }
  }

  /** Cross-entropy tells classes at each position of a row. */
  static Stream<Loss> ofWholeRows() {
    return defaults().filter(loss -> !(loss instanceof CrossEntropy));
  }

  @ParameterizedTest
  @MethodSource("ofWholeRows")
  void rowsOfSeveralAxesCountAsOne(Loss loss) {
    Tensor p = normal("p", 6, 8);
    Tensor t = normal("t", 6, 8);
    assertEquals(
        value(loss, p, t),
        value(loss, p.reshape(6, 2, 4), t.reshape(6, 2, 4)),
        1e-6,
        loss::describe);
    assertFalse(loss.describe().isBlank());
  }

  @Test
  void valuesAreThoseOfPyTorch() throws Exception {
    Path file = Path.of(LossTest.class.getResource("losses.safetensors").toURI());
    try (Safetensors python = Safetensors.open(file)) {
      Tensor p = python.read("predicted");
      Tensor t = python.read("target");
      List<Double> own = new ArrayList<>();
      for (float share : python.read("own").array()) {
        own.add((double) share);
      }
      LongArray partners = python.readLongs("partner");
      Mixed mixed =
          new Mixed(own, Arrays.stream(partners.array()).mapToObj(Math::toIntExact).toList());
      InfoNce raw = new InfoNce(Length.KEPT, Length.UNIT, Scale.NONE, 1, Direction.TWO_WAY);
      check(python, "mse", value(new MeanSquared(), p, t));
      check(python, "l1", value(new MeanAbsolute(), p, t));
      check(python, "cosine", value(new Cosine(), p, t));
      check(python, "info-nce", value(InfoNce.defaults(), p, t));
      check(
          python,
          "info-nce-one-way",
          value(infoNce(Scale.CONSTANT, 0.07, Direction.ONE_WAY), p, t));
      check(python, "info-nce-kept", value(raw, p, t));
      check(python, "soft-clip", value(new SoftClip(0.05, 0.05), p, t));
      check(python, "bimixco", value(new BiMixCo(0.05, 0.5, 0.15), p, t, Optional.of(mixed), 0));
    }
  }

  private static void check(Safetensors python, String name, double found) {
    double expected = python.read(name).array()[0];
    assertEquals(expected, found, 1e-6 * Math.abs(expected), name);
  }

  @Test
  void orthogonalTargetsGiveTheClosedForm() {
    int n = 7;
    for (Scale scale : List.of(Scale.CONSTANT, Scale.LEARNED, Scale.LEARNED_EXPONENT)) {
      double expected = Math.log(1 + (n - 1) * Math.exp(-1 / 0.3));
      InfoNce loss = infoNce(scale, 0.3, Direction.TWO_WAY);
      assertEquals(expected, value(loss, identity(n), identity(n)), 1e-6);
    }
    assertEquals(Math.log(n), value(InfoNce.defaults(), Tensor.zeros(n, n), identity(n)), 1e-6);
  }

  @Test
  void theLearnedExponentialScaleEndsAtOneHundred() {
    int n = 5;
    InfoNce loss = infoNce(Scale.LEARNED_EXPONENT, 1e-4, Direction.TWO_WAY);
    Tensor p = normal("p", n, n);
    InfoNce atHundred = infoNce(Scale.CONSTANT, 0.01, Direction.TWO_WAY);
    assertEquals(value(atHundred, p, identity(n)), value(loss, p, identity(n)), 1e-4);
  }

  @Test
  void unmixedRowsGiveInfoNce() {
    Tensor p = normal("p", 6, 9);
    Tensor t = normal("t", 6, 9);
    Mixed alone = new Mixed(Collections.nCopies(6, 1.0), List.of(1, 0, 2, 3, 5, 4));
    double expected = value(infoNce(Scale.CONSTANT, 0.1, Direction.TWO_WAY), p, t);
    BiMixCo loss = new BiMixCo(0.1, 0.5, 0.15);
    assertEquals(expected, value(loss, p, t, Optional.of(alone), 0), 1e-6);
    assertEquals(expected, value(loss, p, t), 1e-6);
  }

  @Test
  void softClipOfOrthogonalTargetsAtSmallTemperatureIsInfoNce() {
    Tensor p = normal("p", 6, 6);
    double expected = value(infoNce(Scale.CONSTANT, 0.02, Direction.TWO_WAY), p, identity(6));
    assertEquals(expected, value(new SoftClip(0.02, 0.02), p, identity(6)), 1e-5);
  }

  @Test
  void theTemperatureOfSoftClipMovesAlongACosine() {
    Tensor p = normal("p", 6, 4);
    Tensor t = normal("t", 6, 4);
    SoftClip moving = new SoftClip(0.1, 0.3);
    Optional<Mixed> none = Optional.empty();
    assertEquals(value(new SoftClip(0.1, 0.1), p, t), value(moving, p, t, none, 0), 1e-6);
    assertEquals(value(new SoftClip(0.2, 0.2), p, t), value(moving, p, t, none, 0.5), 1e-6);
    assertEquals(value(new SoftClip(0.3, 0.3), p, t), value(moving, p, t, none, 1), 1e-6);
  }

  @Test
  void mixThenSoftChangesAfterItsPart() {
    Tensor p = normal("p", 6, 4);
    Tensor t = normal("t", 6, 4);
    MixThenSoft loss = MixThenSoft.defaults();
    assertTrue(loss.mixing(0.32).isPresent());
    assertTrue(loss.mixing(0.34).isEmpty());
    assertEquals(value(loss.mixed(), p, t), value(loss, p, t, Optional.empty(), 0.32), 1e-6);
    assertEquals(value(loss.soft(), p, t), value(loss, p, t, Optional.empty(), 0.33), 1e-6);
  }

  @Test
  void rowsAreMixedWithTheirPartners() {
    Mixed mixed = new Mixed(List.of(0.25, 1.0), List.of(1, 0));
    Tensor rows = Tensor.wrap(new float[] {4, 8, 0, 4}, 2, 2);
    assertEquals(Tensor.wrap(new float[] {1, 5, 0, 4}, 2, 2), mixed.apply(rows));
    assertEquals(Tensor.wrap(new float[] {0.25f, 0.75f, 0, 1}, 2, 2), mixed.shares());
    Mixed own = new Mixed(List.of(0.25), List.of(0));
    assertEquals(Tensor.wrap(new float[] {1}, 1, 1), own.shares());
  }

  @Test
  void sharesFollowTheBetaDistribution() {
    Mixed mixed = new RowMixing(0.5, 0.15).draw(40_000, SEED.child("beta").random());
    double[] drawn = mixed.own().stream().mapToDouble(d -> d).filter(d -> d < 1).toArray();
    assertEquals(20_000, drawn.length, 600);
    assertEquals(0.5, Arrays.stream(drawn).average().orElseThrow(), 0.015);
    // The variance of Beta(a, a) is 1 / (4 (2a + 1)).
    double variance = Arrays.stream(drawn).map(d -> (d - 0.5) * (d - 0.5)).average().orElseThrow();
    assertEquals(1 / (4 * 1.3), variance, 0.01 * variance);
  }

  @Test
  void shapesThatDifferAreRefused() {
    Tensor p = normal("p", 6, 4);
    assertThrows(
        IllegalArgumentException.class, () -> value(new MeanSquared(), p, normal("t", 6, 5)));
  }
}
