package io.noesis.experiment.convert;

import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.run.AtomicFile;
import io.noesis.run.DataException;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Shape;
import java.io.BufferedWriter;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Writes an array of one or two axes as a table, row by row. */
final class NumberTable {
  /** As many as our own reader takes. */
  private static final int MAX_COLUMNS = 10_000;

  private NumberTable() {}

  /**
   * Writes a table whole or not at all; NaN becomes {@code n/a}.
   *
   * @param file the table
   * @param numbers {@code [rows]} or {@code [rows, columns]}
   * @param column what a column is, {@code voxel}: columns are named {@code voxel_0}, ...
   * @throws RecipeException when it has other axes, or too many columns for a table
   * @throws DataException when a value is infinite, which tables cannot say
   */
  static void write(Path file, Numbers numbers, String column) {
    Shape shape = numbers.shape();
    int rank = shape.rank();
    int columns = rank == 2 ? shape.dim(1) : 1;
    if (rank == 0 || rank > 2 || columns == 0 || columns > MAX_COLUMNS) {
      throw new RecipeException(
          "converting to the table "
              + file
              + ": the array has shape "
              + shape
              + ", expected one or two axes and 1 to "
              + MAX_COLUMNS
              + " columns. Write .npy instead.");
    }
    AtomicFile.write(
        file,
        out -> {
          BufferedWriter text =
              new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
          for (int c = 0; c < columns; c++) {
            text.append(c == 0 ? "" : "\t").append(column).append('_').append(String.valueOf(c));
          }
          text.append('\n');
          for (int i = 0; i < shape.size(); i++) {
            text.append(i % columns == 0 ? "" : "\t").append(cell(file, numbers.text(i), i, shape));
            text.append(i % columns == columns - 1 ? "\n" : "");
          }
          text.flush();
        });
  }

  private static String cell(Path file, String text, int index, Shape shape) {
    if (text.endsWith("Infinity")) {
      throw new DataException(
          "converting to the table "
              + file
              + ": element "
              + index
              + " of shape "
              + shape
              + " is infinite, which a table cannot say. Write .npy instead.");
    }
    return text.equals("NaN") ? Tsv.MISSING : text;
  }
}
