package io.noesis.alignment.retrieve;

import io.noesis.tensor.NpyRows;
import io.noesis.tensor.Tensor;

/** The vectors of a gallery by rows, in memory or in a file. */
interface CandidateRows {
  int size();

  Tensor read(int from, int to);

  Tensor read(int[] rows);

  static CandidateRows of(Tensor vectors) {
    return new CandidateRows() {
      @Override
      public int size() {
        return vectors.dim(0);
      }

      @Override
      public Tensor read(int from, int to) {
        int width = vectors.dim(1);
        return Tensor.wrap(
            java.util.Arrays.copyOfRange(vectors.array(), from * width, to * width),
            to - from,
            width);
      }

      @Override
      public Tensor read(int[] rows) {
        return vectors.rows(rows);
      }
    };
  }

  static CandidateRows of(NpyRows file) {
    return new CandidateRows() {
      @Override
      public int size() {
        return file.rows();
      }

      @Override
      public Tensor read(int from, int to) {
        return file.read(from, to);
      }

      @Override
      public Tensor read(int[] rows) {
        return file.read(rows);
      }
    };
  }
}
