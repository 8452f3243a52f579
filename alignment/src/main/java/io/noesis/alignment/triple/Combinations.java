package io.noesis.alignment.triple;

import io.noesis.run.Check;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * The numbers of combinations of concepts: the last slot's concepts follow each other.
 *
 * @param sizes how many concepts each slot has
 */
public record Combinations(List<Integer> sizes) {
  /** More are refused: a table of them is held for each row that is scored at a time. */
  public static final int MOST = 2_000_000;

  /** Copies, and checks that there are not too many. */
  public Combinations {
    sizes = List.copyOf(sizes);
    double count = sizes.stream().mapToDouble(Integer::doubleValue).reduce(1, (a, b) -> a * b);
    Check.argument(
        count > 0 && count <= MOST,
        "combinations of concepts: expected 1 to %d, found %.0f, those of slots of %s; leave concepts"
            + " out",
        MOST,
        count,
        sizes);
  }

  /** Of concepts by slot. */
  public static Combinations of(List<List<String>> concepts) {
    return new Combinations(concepts.stream().map(List::size).toList());
  }

  /** How many there are. */
  public int count() {
    return sizes.stream().reduce(1, Math::multiplyExact);
  }

  /** The number of a combination. */
  public int number(int[] places) {
    Check.size("places of a combination", sizes.size(), places.length);
    int number = 0;
    for (int slot = 0; slot < places.length; slot++) {
      number = number * sizes.get(slot) + places[slot];
    }
    return number;
  }

  /**
   * All of them in order.
   *
   * @param use takes each number with its places; the array is used again
   */
  public void each(BiConsumer<Integer, int[]> use) {
    int count = count();
    int[] places = new int[sizes.size()];
    for (int number = 0; number < count; number++) {
      int rest = number;
      for (int slot = places.length - 1; slot >= 0; slot--) {
        places[slot] = rest % sizes.get(slot);
        rest /= sizes.get(slot);
      }
      use.accept(number, places);
    }
  }
}
