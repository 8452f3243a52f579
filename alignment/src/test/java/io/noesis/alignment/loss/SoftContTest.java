package io.noesis.alignment.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.torch.Value;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SoftContTest {
  private static double value(SoftCont loss, Tensor p, Tensor t, Map<String, Tensor> further) {
    return LossTest.value(
        loss,
        () -> {
          Map<String, Value> targets = new java.util.HashMap<>();
          further.forEach((name, target) -> targets.put(name, Value.of(target)));
          return new LossBatch(
              Value.of(p), Value.of(t), RowFacts.NONE, new LossBatch.Further(Map.of(), targets), 0);
        });
  }

  private static SoftCont against(String name, double temperature) {
    return new SoftCont(temperature, Optional.of(name), SoftCont.Unit.ROW);
  }

  /**
   * Two rows. Targets are the axes; altered ones are turned by the angle a, predictions by b. With
   * c = cos, s = sin: T·Aᵀ = [[c(a), −s(a)], [s(a), c(a)]] and P·Aᵀ = [[c(a−b), −s(a−b)], [s(a−b),
   * c(a−b)]].
   */
  @Test
  void twoTurnedPairsInClosedForm() {
    double a = 0.3;
    double b = 0.5;
    double tau = 0.4;
    Tensor t = turned(0);
    double expected = 0;
    for (int way = 0; way < 2; way++) {
      for (int row = 0; row < 2; row++) {
        double sign = (way == 0) == (row == 0) ? -1 : 1;
        double right = Math.cos(a) / tau;
        double wrong = sign * Math.sin(a) / tau;
        double label = 1 / (1 + Math.exp(wrong - right));
        double own = Math.cos(a - b) / tau;
        double other = sign * Math.sin(a - b) / tau;
        double all = Math.log(Math.exp(own) + Math.exp(other));
        expected += (label * (all - own) + (1 - label) * (all - other)) / 4;
      }
    }
    double found = value(against("altered", tau), turned(b), t, Map.of("altered", turned(a)));
    assertEquals(expected, found, 1e-6);
  }

  private static Tensor turned(double angle) {
    float c = (float) Math.cos(angle);
    float s = (float) Math.sin(angle);
    return Tensor.wrap(new float[] {c, s, -s, c}, 2, 2);
  }

  @Test
  void isSoftClipWhereNothingWasAltered() {
    Tensor p = LossTest.normal("p", 7, 5);
    Tensor t = LossTest.normal("t", 7, 5);
    double expected = LossTest.value(new SoftClip(0.2, 0.2), p, t);
    SoftCont plain = new SoftCont(0.2, Optional.empty(), SoftCont.Unit.ROW);
    assertEquals(expected, value(plain, p, t, Map.of()), 1e-6);
    assertEquals(expected, value(against("same", 0.2), p, t, Map.of("same", t)), 1e-6);
  }

  @Test
  void tokensAreRowsOfTheirOwn() {
    Tensor p = LossTest.normal("p", 6, 4);
    Tensor t = LossTest.normal("t", 6, 4);
    SoftCont tokens = new SoftCont(0.2, Optional.empty(), SoftCont.Unit.TOKEN);
    SoftCont rows = new SoftCont(0.2, Optional.empty(), SoftCont.Unit.ROW);
    assertEquals(
        value(rows, p, t, Map.of()),
        value(tokens, p.reshape(2, 3, 4), t.reshape(2, 3, 4), Map.of()),
        1e-6);
  }

  /** The mean of the losses of each place by itself. */
  @Test
  void tokensOfOnePlaceAreComparedAlone() {
    Tensor p = LossTest.normal("p", 5, 12);
    Tensor t = LossTest.normal("t", 5, 12);
    SoftCont rows = new SoftCont(0.2, Optional.empty(), SoftCont.Unit.ROW);
    double expected = 0;
    for (int place = 0; place < 3; place++) {
      expected += value(rows, columns(p, place), columns(t, place), Map.of()) / 3;
    }
    SoftCont places = new SoftCont(0.2, Optional.empty(), SoftCont.Unit.PLACE);
    assertEquals(expected, value(places, p.reshape(5, 3, 4), t.reshape(5, 3, 4), Map.of()), 1e-6);
  }

  private static Tensor columns(Tensor rows, int place) {
    Tensor some = Tensor.zeros(rows.dim(0), 4);
    for (int row = 0; row < rows.dim(0); row++) {
      System.arraycopy(rows.array(), row * 12 + 4 * place, some.array(), row * 4, 4);
    }
    return some;
  }

  /** A map of channels is its places, each with a number per channel. */
  @Test
  void mapsAreTokensOfPlaces() {
    Tensor p = LossTest.normal("p", 5, 2, 6);
    Tensor t = LossTest.normal("t", 5, 2, 6);
    for (SoftCont.Unit unit : List.of(SoftCont.Unit.TOKEN, SoftCont.Unit.PLACE)) {
      SoftCont loss = new SoftCont(0.2, Optional.empty(), unit);
      assertEquals(
          value(loss, swapped(p), swapped(t), Map.of()),
          value(loss, p.reshape(5, 2, 3, 2), t.reshape(5, 2, 3, 2), Map.of()),
          1e-6);
    }
  }

  private static Tensor swapped(Tensor maps) {
    Tensor tokens = Tensor.zeros(5, 6, 2);
    for (int row = 0; row < 5; row++) {
      for (int channel = 0; channel < 2; channel++) {
        for (int place = 0; place < 6; place++) {
          tokens.array()[(row * 6 + place) * 2 + channel] =
              maps.array()[(row * 2 + channel) * 6 + place];
        }
      }
    }
    return tokens;
  }

  @Test
  void aTargetThatIsNotThereIsNamed() {
    Tensor t = LossTest.normal("t", 3, 4);
    RecipeException e =
        assertThrows(
            RecipeException.class,
            () -> value(against("augmented", 0.2), t, t, Map.of("altered", t)));
    assertTrue(e.getMessage().contains("Known: altered"), e::getMessage);
  }
}
