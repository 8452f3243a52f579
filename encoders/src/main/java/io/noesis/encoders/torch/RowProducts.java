package io.noesis.encoders.torch;

import io.noesis.run.Check;
import io.noesis.run.Parallel;
import io.noesis.tensor.Tensor;

/**
 * Inner products of two sets of rows in float32, handed over as they are made: a table of a million
 * columns is never held. Fixed tiles, one thread each: the same bits on any number of threads.
 */
public final class RowProducts {
  private static final int TILE_ROWS = 128;

  private RowProducts() {}

  /** Hears the products of one row of the left set with all rows of the right one. */
  @FunctionalInterface
  public interface Use {
    /**
     * Takes one row; different rows may come from several threads at once.
     *
     * @param row of the left set
     * @param values holds the products
     * @param offset where they start
     */
    void accept(int row, float[] values, int offset);
  }

  /**
   * Computes all products.
   *
   * @param left {@code [rows, width]}
   * @param right {@code [columns, width]}: some thousands, a few megabytes per thread are held
   * @param use hears every row once
   */
  public static void forEach(Tensor left, Tensor right, Use use) {
    Check.size("columns of the right rows", left.dim(1), right.dim(1));
    int columns = right.dim(0);
    try (BlasOperand a = BlasOperand.of(left, Precision.FLOAT32);
        BlasOperand b = BlasOperand.of(right, Precision.FLOAT32)) {
      BlasOperand flipped = b.flipped();
      Blas.onOneThread(
          () -> {
            Parallel.forBlocks(
                left.dim(0),
                TILE_ROWS,
                (from, to) -> {
                  float[] tile = new float[Math.multiplyExact(to - from, columns)];
                  BlasOperand.floatTile(a, flipped, from, to - from, tile);
                  for (int row = from; row < to; row++) {
                    use.accept(row, tile, (row - from) * columns);
                  }
                });
            return true;
          });
    }
  }
}
