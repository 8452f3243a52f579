package io.noesis.encoders;

import io.noesis.run.Check;
import io.noesis.run.PinnedRandom;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Several targets of one kind for each row, of which a network meets one that is drawn anew
 * whenever it sees the row: one of the captions of a picture, as NeuroPictor, WAVE and GLIM have
 * it.
 *
 * @param all the targets of all rows, {@code [targets, ...]}
 * @param ofRow the numbers of each row's own among them, at least one
 */
public record Choices(Tensor all, List<List<Integer>> ofRow) {
  /** Checks the numbers, and copies. */
  public Choices {
    ofRow = ofRow.stream().map(List::copyOf).toList();
    for (List<Integer> own : ofRow) {
      Check.argument(
          !own.isEmpty() && own.stream().allMatch(n -> n >= 0 && n < all.dim(0)),
          "targets to draw from: expected numbers of %d targets, at least one, found %s",
          all.dim(0),
          own);
    }
  }

  /**
   * One target of each row.
   *
   * @param which rows
   * @param random one number of it is taken for each row, however many targets that has
   * @return {@code [which.length, ...]}
   */
  public Tensor draw(int[] which, PinnedRandom random) {
    return all.rows(
        Arrays.stream(which)
            .map(row -> ofRow.get(row).get((int) (random.nextDouble() * ofRow.get(row).size())))
            .toArray());
  }

  /** Those of some of the rows. */
  Choices some(int[] which) {
    return new Choices(all, Arrays.stream(which).mapToObj(ofRow::get).toList());
  }

  /** The rows of several tables one after another; targets that they share are kept once. */
  static Choices join(List<Choices> parts) {
    Tensor first = parts.get(0).all;
    if (parts.stream().allMatch(part -> part.all.equals(first))) {
      return new Choices(first, parts.stream().flatMap(part -> part.ofRow.stream()).toList());
    }
    List<List<Integer>> rows = new ArrayList<>();
    int before = 0;
    for (Choices part : parts) {
      int offset = before;
      part.ofRow.forEach(own -> rows.add(own.stream().map(n -> n + offset).toList()));
      before += part.all.dim(0);
    }
    return new Choices(
        Tensor.concatenate(parts.stream().map(Choices::all).toArray(Tensor[]::new)), rows);
  }
}
