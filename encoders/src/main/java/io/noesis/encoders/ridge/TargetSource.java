package io.noesis.encoders.ridge;

import io.noesis.tensor.NpyRows;
import io.noesis.tensor.Tensor;

/** Targets {@code [trials, dims]} by blocks of columns, from something larger than memory. */
public interface TargetSource {
  /** How many trials. */
  int rows();

  /** How many targets. */
  int columns();

  /**
   * Reads some targets of all trials.
   *
   * @param from the first
   * @param to one past the last
   * @return {@code [trials, to - from]}
   */
  Tensor read(int from, int to);

  /**
   * Targets in memory.
   *
   * @param targets {@code [trials, dims]}; not copied
   * @return the source
   */
  static TargetSource of(Tensor targets) {
    return new InMemory(targets);
  }

  /**
   * Some rows of a table, some of them perhaps several times; they are copied as they are read.
   *
   * @param table {@code [stimuli, dims]}; not copied
   * @param rows the row of each trial
   * @return the source
   */
  static TargetSource of(Tensor table, int[] rows) {
    return new OfTable(table, rows.clone());
  }

  /**
   * Targets in an {@code .npy} file {@code [trials, dims]}, never held as a whole.
   *
   * @param file open as long as the source is used; closed by whoever opened it
   * @return the source
   */
  static TargetSource of(NpyRows file) {
    return new InFile(file);
  }

  /** Columns of a tensor. */
  record InMemory(Tensor targets) implements TargetSource {
    @Override
    public int rows() {
      return targets.dim(0);
    }

    @Override
    public int columns() {
      return targets.dim(1);
    }

    @Override
    public Tensor read(int from, int to) {
      if (from == 0 && to == columns()) {
        return targets;
      }
      int width = to - from;
      float[] out = new float[Math.multiplyExact(rows(), width)];
      for (int r = 0; r < rows(); r++) {
        System.arraycopy(targets.array(), r * columns() + from, out, r * width, width);
      }
      return Tensor.wrap(out, rows(), width);
    }
  }

  /** Columns of a file of rows. */
  record InFile(NpyRows file) implements TargetSource {
    @Override
    public int rows() {
      return file.rows();
    }

    @Override
    public int columns() {
      return file.width();
    }

    @Override
    public Tensor read(int from, int to) {
      return file.readColumns(from, to);
    }
  }

  /** Columns of rows of a table. */
  final class OfTable implements TargetSource {
    private final Tensor table;
    private final int[] rows;

    OfTable(Tensor table, int[] rows) {
      this.table = table;
      this.rows = rows;
    }

    @Override
    public int rows() {
      return rows.length;
    }

    @Override
    public int columns() {
      return table.dim(1);
    }

    @Override
    public Tensor read(int from, int to) {
      int width = to - from;
      float[] out = new float[Math.multiplyExact(rows.length, width)];
      for (int r = 0; r < rows.length; r++) {
        System.arraycopy(table.array(), rows[r] * columns() + from, out, r * width, width);
      }
      return Tensor.wrap(out, rows.length, width);
    }
  }
}
