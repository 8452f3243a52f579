package io.noesis.ingest.study.layout;

import io.noesis.ingest.volume.NonFinite;
import io.noesis.run.DataException;
import io.noesis.run.UnsupportedDataException;
import io.noesis.tensor.ArrayOrder;
import io.noesis.tensor.Npy;
import io.noesis.tensor.NpyHeader;
import io.noesis.tensor.NpyRows;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * A matrix of responses in an {@code .npy} file, {@code [rows, columns]} or {@code [rows, ...]}.
 */
final class MatrixFile {
  /** Values read at once: 16 MB. */
  private static final int BLOCK_VALUES = 1 << 22;

  private MatrixFile() {}

  /**
   * What was read.
   *
   * @param values {@code [rows, kept columns]}
   * @param kept the columns of the file that are there, counted from 0
   * @param columns how many columns the file has
   * @param nonFinite how many columns hold NaN or infinity
   */
  record Read(Tensor values, BitSet kept, int columns, int nonFinite) {}

  /** The shape from the header, flattened to two axes: rows and columns. */
  static long[] shape(Path file) {
    NpyHeader header = NpyHeader.read(StudyFiles.require(file, "the responses"));
    List<Long> shape = header.shape();
    if (header.dtype().isEmpty()) {
      throw new UnsupportedDataException(
          "reading the responses "
              + file
              + ": its elements are of type "
              + header.descr()
              + ", expected numbers. An array of Python objects is not read, because that would run"
              + " code; save it anew: numpy.save('responses.npy', numpy.stack(list(a)).astype('float32')).");
    }
    if (shape.size() < 2) {
      throw new DataException(
          "reading the responses "
              + file
              + ": the array has shape "
              + shape
              + ", expected [rows, columns]. Save it with one row per trial or volume.");
    }
    long columns = 1;
    for (long size : shape.subList(1, shape.size())) {
      columns = Math.multiplyExact(columns, size);
    }
    if (columns == 0 || shape.get(0) == 0) {
      throw new DataException("reading the responses " + file + ": the array is empty, " + shape);
    }
    return new long[] {shape.get(0), columns};
  }

  /** Reads the whole matrix as float32, once. */
  static Read read(Path file, NonFinite rule) {
    long[] shape = shape(file);
    Tensor values = Npy.read(file).reshape(Math.toIntExact(shape[0]), Math.toIntExact(shape[1]));
    return clean(values, rule, file.toString());
  }

  /**
   * Reads rows, multiplied by a number, block by block into one array: the file is never in memory
   * twice.
   */
  static Tensor rows(Path file, int[] wanted, double scale) {
    long[] shape = shape(file);
    int width = Math.toIntExact(shape[1]);
    float[] out = new float[Math.multiplyExact(wanted.length, width)];
    if (NpyHeader.read(file).order() == ArrayOrder.FORTRAN) {
      // Rows of such a file lie in pieces; it has to be read whole.
      Tensor all = Npy.read(file).reshape(Math.toIntExact(shape[0]), width);
      scaled(all.rows(wanted).array(), scale, out, 0);
      return Tensor.wrap(out, wanted.length, width);
    }
    int block = Math.max(1, BLOCK_VALUES / width);
    try (NpyRows rows = NpyRows.open(file)) {
      for (int from = 0; from < wanted.length; from += block) {
        int to = Math.min(wanted.length, from + block);
        scaled(rows.read(Arrays.copyOfRange(wanted, from, to)).array(), scale, out, from * width);
      }
    }
    return Tensor.wrap(out, wanted.length, width);
  }

  private static void scaled(float[] in, double scale, float[] out, int at) {
    for (int i = 0; i < in.length; i++) {
      out[at + i] = (float) (in[i] * scale);
    }
  }

  /** Looks for columns that are not finite everywhere and follows the rule for them. */
  static Read clean(Tensor values, NonFinite rule, String name) {
    int columns = values.dim(1);
    BitSet kept = new BitSet(columns);
    kept.set(0, columns);
    float[] in = values.array();
    int bad = 0;
    int first = -1;
    for (int i = 0; i < in.length; i++) {
      if (!Float.isFinite(in[i])) {
        bad++;
        first = first < 0 ? i : first;
        kept.clear(i % columns);
      }
    }
    int broken = columns - kept.cardinality();
    if (broken == 0) {
      return new Read(values, kept, columns, 0);
    }
    if (rule == NonFinite.REFUSE || (broken == columns && rule == NonFinite.DROP)) {
      throw new DataException(
          "reading the responses "
              + name
              + ": "
              + bad
              + " values in "
              + broken
              + " of "
              + columns
              + " columns are NaN or infinite (the first in row "
              + first / columns
              + ", column "
              + first % columns
              + "), expected finite values. Leave those columns out with 'nonFinite: drop', or"
              + " correct the file.");
    }
    if (rule == NonFinite.DROP) {
      return new Read(KeptColumns.select(values, kept.stream().toArray()), kept, columns, broken);
    }
    float[] out = in.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] = kept.get(i % columns) ? out[i] : 0;
    }
    kept.set(0, columns);
    return new Read(Tensor.wrap(out, values.dim(0), columns), kept, columns, broken);
  }
}
