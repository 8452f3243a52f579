package io.noesis.ingest.format.mat;

import io.noesis.run.UnsupportedDataException;
import io.noesis.tensor.DoubleArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import us.hebi.matlab.mat.types.Array;
import us.hebi.matlab.mat.types.Cell;
import us.hebi.matlab.mat.types.Char;
import us.hebi.matlab.mat.types.MatlabType;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.ObjectStruct;
import us.hebi.matlab.mat.types.Sparse;
import us.hebi.matlab.mat.types.Struct;

/** Turns the reader library's values into ours. */
final class MatConversion {
  /** Elements of one matrix: 64 million numbers are 512 MB. */
  private static final int MAX_ELEMENTS = 1 << 26;

  private MatConversion() {}

  static MatValue of(Array array, String file) {
    List<Integer> size = new ArrayList<>();
    for (int s : array.getDimensions()) {
      size.add(s);
    }
    if (array instanceof Sparse sparse) {
      return sparse(sparse, size, file);
    }
    if (array instanceof Matrix matrix) {
      return numbers(matrix, size, file);
    }
    if (array instanceof Char text) {
      return text(text, size);
    }
    if (array instanceof Cell cell) {
      List<MatValue> cells = new ArrayList<>();
      for (int i = 0; i < cell.getNumElements(); i++) {
        cells.add(of(cell.get(i), file));
      }
      return new MatValue.Cells(size, cells);
    }
    if (array instanceof Struct struct && !(array instanceof ObjectStruct)) {
      return structs(struct, size, file);
    }
    return new MatValue.Unread(size, array.getType().toString());
  }

  private static MatValue structs(Struct struct, List<Integer> size, String file) {
    List<Map<String, MatValue>> elements = new ArrayList<>();
    for (int i = 0; i < struct.getNumElements(); i++) {
      Map<String, MatValue> fields = new LinkedHashMap<>();
      for (String field : struct.getFieldNames()) {
        Array value = struct.get(field, i);
        fields.put(field, of(value, file));
      }
      elements.add(fields);
    }
    return new MatValue.Structs(size, struct.getFieldNames(), elements);
  }

  private static MatValue text(Char text, List<Integer> size) {
    List<String> rows = new ArrayList<>();
    if (size.size() == 2 && text.getNumElements() > 0) {
      for (int r = 0; r < text.getNumRows(); r++) {
        rows.add(text.getRow(r));
      }
    }
    return new MatValue.Text(size, rows);
  }

  private static MatValue numbers(Matrix matrix, List<Integer> size, String file) {
    requireRoom(size, file);
    Optional<DoubleArray> imaginary =
        matrix.isComplex()
            ? Optional.of(rowMajor(size, matrix::getImaginaryDouble))
            : Optional.empty();
    return new MatValue.Numbers(className(matrix), rowMajor(size, matrix::getDouble), imaginary);
  }

  private static MatValue sparse(Sparse sparse, List<Integer> size, String file) {
    requireRoom(size, file);
    double[] real = new double[size.get(0) * size.get(1)];
    double[] imaginary = new double[real.length];
    sparse.forEach(
        (row, column, re, im) -> {
          real[row * size.get(1) + column] = re;
          imaginary[row * size.get(1) + column] = im;
        });
    int[] sizes = {size.get(0), size.get(1)};
    return new MatValue.Numbers(
        "sparse " + (sparse.isLogical() ? "logical" : "double"),
        DoubleArray.wrap(real, sizes),
        sparse.isComplex() ? Optional.of(DoubleArray.wrap(imaginary, sizes)) : Optional.empty());
  }

  private static String className(Matrix matrix) {
    MatlabType type = matrix.getType();
    return matrix.isLogical() ? "logical" : type.name().toLowerCase(Locale.ROOT);
  }

  private static void requireRoom(List<Integer> size, String file) {
    long count = 1;
    for (int s : size) {
      count *= s;
    }
    if (count > MAX_ELEMENTS) {
      throw new UnsupportedDataException(
          "reading "
              + file
              + ": a matrix of "
              + size
              + " has more than "
              + MAX_ELEMENTS
              + " elements. Save the part you need.");
    }
  }

  /** From MATLAB's order, first axis fastest, to ours, last axis fastest. */
  private static DoubleArray rowMajor(List<Integer> size, IntToDoubleFunction byLinearIndex) {
    int[] sizes = size.stream().mapToInt(s -> s).toArray();
    int count = size.stream().reduce(1, (a, b) -> a * b);
    double[] out = new double[count];
    int[] index = new int[sizes.length];
    for (int linear = 0; linear < count; linear++) {
      int at = 0;
      for (int axis = 0; axis < sizes.length; axis++) {
        at = at * sizes[axis] + index[axis];
      }
      out[at] = byLinearIndex.applyAsDouble(linear);
      for (int axis = 0; axis < sizes.length && ++index[axis] == sizes[axis]; axis++) {
        index[axis] = 0;
      }
    }
    return DoubleArray.wrap(out, sizes);
  }
}
