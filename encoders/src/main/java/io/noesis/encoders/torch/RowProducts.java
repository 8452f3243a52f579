package io.noesis.encoders.torch;

import io.noesis.run.Check;
import io.noesis.run.Parallel;
import io.noesis.tensor.Tensor;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Inner products of two sets of rows in float32, handed over in pieces that stay in a cache: a
 * table of a million columns is never held. Fixed tiles, one thread each: the same bits on any
 * number of threads.
 */
public final class RowProducts {
  /** Right rows of one piece. */
  public static final int PIECE = 1024;

  private static final int TILE_ROWS = 128;

  private RowProducts() {}

  /** Hears the products of one row of the left set with one piece of the right one. */
  @FunctionalInterface
  public interface Use {
    /**
     * Takes one piece; different rows may come from several threads at once, the pieces of one row
     * in order.
     *
     * @param row of the left set
     * @param column the first row of the right set in this piece, counted from its first
     * @param products holds them; not to be kept
     * @param offset where those of this row start
     * @param count how many
     */
    void accept(int row, int column, float[] products, int offset, int count);
  }

  /**
   * Computes all products.
   *
   * @param left {@code [rows, width]}
   * @param right {@code [columns, width]}
   * @param from the first row of the right set that counts
   * @param to one past the last: some thousands, copied out of the heap while they are multiplied
   * @param use hears every piece of every row once
   */
  public static void forEach(Tensor left, Tensor right, int from, int to, Use use) {
    Check.size("columns of the right rows", left.dim(1), right.dim(1));
    int columns = to - from;
    try (BlasOperand a = BlasOperand.of(left, Precision.FLOAT32);
        BlasOperand b = BlasOperand.rows(right, from, to, Precision.FLOAT32)) {
      BlasOperand flipped = b.flipped();
      Blas.onOneThread(
          () -> {
            Parallel.forBlocks(
                left.dim(0),
                TILE_ROWS,
                (first, last) -> {
                  int widest = Math.min(PIECE, columns);
                  float[] tile = new float[(last - first) * widest];
                  try (FloatPointer memory = new FloatPointer(Math.max(1, tile.length))) {
                    for (int column = 0; column < columns; column += PIECE) {
                      int count = Math.min(PIECE, columns - column);
                      BlasOperand.floatTile(
                          a,
                          flipped,
                          new BlasOperand.Place(first, last - first, column, count, 0),
                          memory,
                          tile);
                      for (int row = first; row < last; row++) {
                        use.accept(row, column, tile, (row - first) * count, count);
                      }
                    }
                  }
                });
            return true;
          });
    }
  }
}
