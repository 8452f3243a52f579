package io.noesis.encoders.ridge;

import io.noesis.run.MemoryException;
import io.noesis.tensor.Tensor;
import java.util.Locale;

/**
 * What ridge takes of the heap in memory, before it begins: responses and targets in float64 twice,
 * the systems of the folds, weights in float32 beside one float64 copy.
 *
 * @param rows training trials
 * @param columns numbers of each
 * @param targets numbers to decode
 */
public record RidgeMemory(int rows, int columns, int targets) {
  /** Square matrices of the smaller side that are held at a time. */
  private static final int SYSTEMS = 6;

  /**
   * Of a fit in memory.
   *
   * @param responses {@code [trials, ...]}
   * @param targets {@code [trials, ...]}
   */
  public static RidgeMemory of(Tensor responses, Tensor targets) {
    int rows = responses.dim(0);
    int each = Math.max(1, rows);
    return new RidgeMemory(rows, responses.size() / each, targets.size() / each);
  }

  /** Bytes. */
  public long bytes() {
    double system = Math.min(rows, columns);
    double numbers =
        2.0 * rows * ((double) columns + targets)
            + SYSTEMS * system * system
            + 1.5 * columns * targets;
    return (long) (Double.BYTES * numbers);
  }

  /**
   * What is said of one that does not fit, without a remedy.
   *
   * @param limit bytes that it may take
   */
  public String tooLarge(long limit) {
    return String.format(
        Locale.ROOT,
        "ridge of %d trials with %d numbers each to %d targets would need about %d MB, the limit is"
            + " %d MB",
        rows,
        columns,
        targets,
        bytes() >> 20,
        limit >> 20);
  }

  /**
   * Refuses what does not fit, before anything is made.
   *
   * @param limit bytes that it may take
   * @throws MemoryException when it would take more
   */
  public void require(long limit) {
    if (bytes() > limit) {
      throw new MemoryException(
          tooLarge(limit)
              + ". Raise it (--mem-mb, and NOESIS_JAVA_OPTS=-Xmx...), use a smaller mask, or let"
              + " ridge alone keep its weights in a file and read targets in pieces"
              + " (encoder.settings.inMemory below "
              + (long) columns * targets
              + ").");
    }
  }
}
