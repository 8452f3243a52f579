package io.noesis.experiment.geometry;

import io.noesis.ingest.format.mat.MatFile;
import io.noesis.ingest.format.mat.MatValue;
import io.noesis.run.DataException;
import io.noesis.run.UnsupportedDataException;
import io.noesis.tensor.DoubleArray;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Npy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Matrices of distances in a {@code .npy} file or in a variable of a {@code .mat} file (version 5).
 * An array holds one square matrix, several ({@code [k, n, n]} or {@code [n, n, k]}), or upper
 * triangles row by row ({@code [k, n (n - 1) / 2]}); a MATLAB struct array holds one matrix per
 * element.
 */
final class DistanceFile {
  /** Above this, squares of the count no longer fit where they are kept. */
  private static final int MOST_CONDITIONS = 20_000;

  private DistanceFile() {}

  /**
   * One matrix.
   *
   * @param label what the file calls it; empty when it gives no names
   * @param square {@code [conditions, conditions]}
   */
  record Entry(String label, Matrix square) {}

  /**
   * What to read of a struct array.
   *
   * @param matrix the field with the distances
   * @param label the field with the name
   */
  record Fields(String matrix, String label) {
    static final Fields USUAL = new Fields("RDM", "name");
  }

  static List<Entry> read(Path file, Optional<String> variable, Fields fields) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".npy")) {
      if (variable.isPresent()) {
        throw new DataException(
            "reading distances from "
                + file
                + ": a .npy file has no variables, found variable '"
                + variable.get()
                + "'. Leave it out.");
      }
      return array(Npy.readDoubles(file), file.toString());
    }
    if (name.endsWith(".mat")) {
      return variable(MatFile.read(file), file, variable, fields);
    }
    throw new UnsupportedDataException(
        "reading distances from " + file + ": expected a file ending in .npy or .mat. Convert it.");
  }

  private static List<Entry> variable(
      MatFile content, Path file, Optional<String> variable, Fields fields) {
    if (variable.isEmpty() && content.names().size() != 1) {
      throw new DataException(
          "reading distances from "
              + file
              + ": it has the variables "
              + String.join(", ", content.names())
              + ", and none is named. Name one (variable: NAME).");
    }
    String chosen = variable.orElseGet(() -> content.names().iterator().next());
    if (content.get(chosen) instanceof MatValue.Structs structs) {
      return structs(structs, file + ", variable " + chosen, fields);
    }
    return array(content.numbers(chosen).values(), file + ", variable " + chosen);
  }

  private static List<Entry> structs(MatValue.Structs structs, String where, Fields fields) {
    if (!structs.fields().contains(fields.matrix())) {
      throw new DataException(
          "reading distances from "
              + where
              + ": it is "
              + structs.describe()
              + ", expected a field '"
              + fields.matrix()
              + "'. Name the field with the distances (field: NAME).");
    }
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < structs.count(); i++) {
      String label =
          structs.fields().contains(fields.label())
                  && structs.get(i, fields.label()) instanceof MatValue.Text text
              ? text.text().strip()
              : "";
      MatValue value = structs.get(i, fields.matrix());
      if (!(value instanceof MatValue.Numbers numbers)) {
        throw new DataException(
            "reading distances from "
                + where
                + ": element "
                + (i + 1)
                + " is "
                + value.describe()
                + ", expected numbers.");
      }
      List<Entry> one = array(numbers.values(), where + ", element " + (i + 1));
      if (one.size() != 1) {
        throw new DataException(
            "reading distances from "
                + where
                + ": element "
                + (i + 1)
                + " holds "
                + one.size()
                + " matrices, expected one.");
      }
      entries.add(new Entry(label, one.get(0).square()));
    }
    return entries;
  }

  /** The matrices of an array; the shapes are told apart by which axes are equal. */
  static List<Entry> array(DoubleArray array, String where) {
    int[] shape = array.shape().toArray();
    if (shape.length == 2 && shape[0] == shape[1]) {
      return squares(array, 1, shape[0], new Steps(1, 0));
    }
    if (shape.length == 3 && shape[1] == shape[2]) {
      return squares(array, shape[0], shape[1], new Steps(1, shape[1] * shape[2]));
    }
    if (shape.length == 3 && shape[0] == shape[1]) {
      return squares(array, shape[2], shape[0], new Steps(shape[2], 1));
    }
    int pairs = shape.length == 2 && shape[1] == 1 ? shape[0] : shape[shape.length - 1];
    int conditions = (int) Math.round((1 + Math.sqrt(1 + 8.0 * pairs)) / 2);
    boolean triangle =
        shape.length <= 2
            && conditions <= MOST_CONDITIONS
            && (long) conditions * (conditions - 1) / 2 == pairs;
    if (!triangle) {
      throw new DataException(
          "reading distances from "
              + where
              + ": its shape is "
              + array.shape()
              + ", expected square matrices [n, n], [k, n, n] or [n, n, k], or upper triangles"
              + " [k, n (n - 1) / 2].");
    }
    return triangles(array, pairs, conditions);
  }

  /** How far elements of one matrix, and one element of neighbouring matrices, lie apart. */
  private record Steps(int element, int matrix) {}

  private static List<Entry> squares(DoubleArray array, int count, int conditions, Steps steps) {
    List<Entry> entries = new ArrayList<>();
    int size = conditions * conditions;
    for (int m = 0; m < count; m++) {
      double[] square = new double[size];
      for (int e = 0; e < size; e++) {
        square[e] = array.array()[m * steps.matrix() + e * steps.element()];
      }
      entries.add(new Entry("", Matrix.wrap(conditions, conditions, square)));
    }
    return entries;
  }

  private static List<Entry> triangles(DoubleArray array, int pairs, int conditions) {
    List<Entry> entries = new ArrayList<>();
    for (int m = 0; m < array.array().length / pairs; m++) {
      double[] square = new double[conditions * conditions];
      int at = m * pairs;
      for (int i = 0; i < conditions; i++) {
        for (int j = i + 1; j < conditions; j++) {
          square[i * conditions + j] = array.array()[at];
          square[j * conditions + i] = array.array()[at++];
        }
      }
      entries.add(new Entry("", Matrix.wrap(conditions, conditions, square)));
    }
    return entries;
  }
}
