package io.noesis.alignment.triple;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Against shares counted by hand, and what maximum likelihood must satisfy. */
class TriplePriorsTest {
  private static final List<String> THINGS = List.of("a", "b", "c", "d");
  private static final List<List<String>> SMALL =
      List.of(List.of("a", "b"), List.of("p", "q"), List.of("a", "b"));

  private static double share(double[] logs, List<List<String>> concepts, int... places) {
    return Math.exp(logs[Combinations.of(concepts).number(places)]);
  }

  private static double sum(double[] logs) {
    double sum = 0;
    for (double log : logs) {
      sum += Math.exp(log);
    }
    return sum;
  }

  @Test
  void combinationsAreNumberedWithTheLastSlotFirst() {
    Combinations all = new Combinations(List.of(2, 3, 4));
    assertEquals(24, all.count());
    assertEquals(1 * 12 + 2 * 4 + 3, all.number(new int[] {1, 2, 3}));
    List<Integer> numbers = new ArrayList<>();
    all.each((number, places) -> numbers.add(all.number(places) - number));
    assertEquals(24, numbers.size());
    assertTrue(numbers.stream().allMatch(off -> off == 0));
    assertThrows(IllegalArgumentException.class, () -> new Combinations(List.of(200, 200, 200)));
    List<Integer> beyond = List.of(1 << 30, 1 << 30, 1 << 30);
    assertThrows(IllegalArgumentException.class, () -> new Combinations(beyond), "no overflow");
  }

  /** Three stimuli, κ = 2: slots' shares are 3/5 and 2/5. */
  @Test
  void countsAreSmoothedTowardsIndependentSlots() {
    List<int[]> seen = List.of(new int[] {0, 0, 1}, new int[] {0, 0, 1}, new int[] {1, 1, 0});
    double[] logs = new CountPrior(2).logShares(SMALL, seen);
    assertEquals((2 + 2 * 0.6 * 0.6 * 0.6) / 5, share(logs, SMALL, 0, 0, 1), 1e-12);
    assertEquals((1 + 2 * 0.4 * 0.4 * 0.4) / 5, share(logs, SMALL, 1, 1, 0), 1e-12);
    assertEquals(2 * 0.6 * 0.6 * 0.4 / 5, share(logs, SMALL, 0, 0, 0), 1e-12);
    assertEquals(1, sum(logs), 1e-12);
    assertThrows(IllegalArgumentException.class, () -> new CountPrior(0));
  }

  /** Where the likelihood is largest the shares of each slot are those that were seen. */
  @Test
  void distMultAgreesWithEachSlotsOwnShares() {
    List<int[]> seen =
        List.of(new int[] {0, 0, 1}, new int[] {0, 0, 1}, new int[] {1, 1, 0}, new int[] {0, 1, 1});
    double[] logs = new DistMultPrior(4, 0.01, 800).logShares(SMALL, seen);
    assertEquals(1, sum(logs), 1e-9);
    double first = 0;
    for (int number = 0; number < 4; number++) {
      first += Math.exp(logs[number]);
    }
    assertEquals(0.75, first, 0.02);
    double[] held = new DistMultPrior(4, 1e5, 300).logShares(SMALL, seen);
    assertEquals(1 / 8.0, share(held, SMALL, 0, 0, 1), 0.02);
  }

  /** a and b are found by p, c and d by q: DistMult knows so of a pair that was never seen. */
  @Test
  void distMultKnowsTriplesThatWereNeverSeen() {
    List<List<String>> concepts = List.of(THINGS, List.of("p", "q"), THINGS);
    List<int[]> seen = new ArrayList<>();
    for (int times = 0; times < 5; times++) {
      for (int s = 0; s < 4; s++) {
        for (int o = 0; o < 4; o++) {
          if (s / 2 == o / 2 && !(s == 0 && o == 1)) {
            seen.add(new int[] {s, s / 2, o});
          }
        }
      }
    }
    double[] logs = DistMultPrior.defaults().logShares(concepts, seen);
    double unseen = share(logs, concepts, 0, 0, 1);
    assertTrue(unseen > 5 * share(logs, concepts, 0, 1, 1), () -> "" + unseen);
    assertTrue(unseen > 5 * share(logs, concepts, 0, 0, 2), () -> "" + unseen);
    double[] counted = CountPrior.defaults().logShares(concepts, seen);
    assertTrue(
        share(counted, concepts, 0, 0, 1) < 2 * share(counted, concepts, 0, 1, 1),
        "counts know slots alone");
  }

  @Test
  void priorsAreMadeBySettings() {
    assertEquals(
        new CountPrior(3),
        TriplePriors.registry()
            .get("counts")
            .make(JsonNodeFactory.instance.objectNode().put("smoothing", 3), "prior"));
  }
}
