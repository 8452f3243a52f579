package io.noesis.encoders.ridge;

import io.noesis.tensor.NpyRows;
import io.noesis.tensor.Tensor;

/** Trials by blocks of rows, from something larger than memory. */
public interface RowBlocks {
  /** How many trials. */
  int rows();

  /** How many numbers each has. */
  int width();

  /**
   * Reads neighbouring trials.
   *
   * @param from the first
   * @param to one past the last
   * @return {@code [to - from, width]}, a new tensor
   */
  Tensor read(int from, int to);

  /**
   * Trials in an {@code .npy} file.
   *
   * @param file open as long as they are used; closed by whoever opened it
   * @return its rows
   */
  static RowBlocks of(NpyRows file) {
    return new RowBlocks() {
      @Override
      public int rows() {
        return file.rows();
      }

      @Override
      public int width() {
        return file.width();
      }

      @Override
      public Tensor read(int from, int to) {
        return file.read(from, to);
      }
    };
  }
}
