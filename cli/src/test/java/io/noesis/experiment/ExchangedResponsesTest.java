package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Responses that change places while what is told does not. */
class ExchangedResponsesTest {
  /** Five stimuli, of which the first two were shown again. */
  private static final List<String> STIMULI = List.of("a", "b", "c", "d", "e", "a", "b");

  /** Each row's response, wide enough for a few exchanges at a time, is its number. */
  private static ExchangedResponses.Rows rows(int width) {
    Tensor test = Tensor.zeros(STIMULI.size(), width);
    float[] told = new float[STIMULI.size()];
    for (int row = 0; row < STIMULI.size(); row++) {
      test.array()[row * width] = row;
      told[row] = row;
    }
    return new ExchangedResponses.Rows(
        test, Map.of("frame", Tensor.wrap(told, STIMULI.size(), 1)), STIMULI);
  }

  @Test
  void severalAreDecodedAtOnceAndStimuliStayTogether() {
    List<Integer> calls = new ArrayList<>();
    int width = 100_000;
    ExchangedResponses.Decoder both =
        (responses, told) -> {
          int count = responses.dim(0);
          calls.add(count / STIMULI.size());
          float[] out = new float[2 * count];
          for (int row = 0; row < count; row++) {
            out[2 * row] = responses.array()[row * width];
            out[2 * row + 1] = told.get("frame").array()[row];
          }
          return Map.of("", Tensor.wrap(out, count, 2));
        };
    List<Tensor> draws = ExchangedResponses.of(both, rows(width), 99, Seed.of(3)).get("");
    assertEquals(99, draws.size());
    assertEquals(99, calls.stream().mapToInt(Integer::intValue).sum());
    assertTrue(calls.size() < 10 && calls.get(1) > 10, calls::toString);
    Set<Tensor> different = new HashSet<>();
    for (Tensor draw : draws) {
      for (int row = 0; row < STIMULI.size(); row++) {
        assertEquals(row, draw.at(row, 1), "what is told stays");
      }
      for (int again = 5; again < 7; again++) {
        String first = STIMULI.get((int) draw.at(again - 5, 0));
        assertEquals(first, STIMULI.get((int) draw.at(again, 0)), "both see the same stimulus");
      }
      different.add(draw);
    }
    assertTrue(different.size() > 50, "exchanges: " + different.size());
    assertNotEquals(draws.get(0), draws.get(1));
    assertEquals(
        draws.subList(0, 9),
        ExchangedResponses.of(both, rows(width), 9, Seed.of(3)).get(""),
        "each from a stream of its own");
  }
}
