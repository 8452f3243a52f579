package io.noesis.alignment.embedding;

import io.noesis.run.Check;
import io.noesis.run.UnsupportedDataException;
import io.noesis.tensor.Tensor;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One vector per id, in a named space.
 *
 * @param space where the vectors live
 * @param ids what each row belongs to: a stimulus, a category, or {@code stimulus@trial}; unique
 * @param values {@code [n, dim]}; finite
 */
public record Embeddings(EmbeddingSpace space, List<String> ids, Tensor values) {
  /** Checks shape, uniqueness of ids and finiteness. */
  public Embeddings {
    ids = List.copyOf(ids);
    Check.argument(
        values.shape().rank() == 2 && values.dim(1) == space.dim(),
        "embeddings of %s need shape [n, %d], found %s",
        space,
        space.dim(),
        values.shape());
    Check.size("ids of embeddings", values.dim(0), ids.size());
    Check.argument(
        ids.stream().distinct().count() == ids.size(), "ids of embeddings must be unique");
    for (float value : values.array()) {
      Check.argument(
          Float.isFinite(value), "embeddings of %s hold a value that is %f", space, value);
    }
  }

  /** What one array of Java holds. */
  private static final long ARRAY = Integer.MAX_VALUE - 8;

  /**
   * Refuses more vectors than one array holds, before any is computed.
   *
   * @param rows how many
   * @param space where they live
   * @return how many numbers they have together
   * @throws UnsupportedDataException when they are too many
   */
  static int numbers(int rows, EmbeddingSpace space) {
    long numbers = (long) rows * space.dim();
    if (numbers > ARRAY) {
      throw new UnsupportedDataException(
          "embedding "
              + rows
              + " stimuli as "
              + space.model()
              + ": with "
              + space.dim()
              + " numbers each they are "
              + numbers
              + ", more than one array holds ("
              + ARRAY
              + "). Take fewer stimuli (at most "
              + ARRAY / space.dim()
              + "), or an output of fewer numbers (targets.output).");
    }
    return (int) numbers;
  }

  /** How many vectors. */
  public int size() {
    return ids.size();
  }

  /**
   * The vectors of those ids, in that order.
   *
   * @param wanted ids that are all here
   * @return a smaller set in the same space
   */
  public Embeddings select(Collection<String> wanted) {
    return new Embeddings(space, List.copyOf(wanted), values.rows(rowsOf(wanted)));
  }

  /**
   * The row number of each id; an id may be asked for more than once.
   *
   * @param wanted ids that are all here
   * @return row numbers, owned by the caller
   */
  public int[] rowsOf(Collection<String> wanted) {
    Map<String, Integer> row = new HashMap<>();
    for (int i = 0; i < ids.size(); i++) {
      row.put(ids.get(i), i);
    }
    return wanted.stream()
        .mapToInt(
            id -> {
              Integer r = row.get(id);
              Check.argument(
                  r != null, "no embedding of '%s' among %d in %s", id, ids.size(), space);
              return r == null ? -1 : r;
            })
        .toArray();
  }
}
