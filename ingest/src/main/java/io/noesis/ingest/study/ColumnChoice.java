package io.noesis.ingest.study;

import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * Some columns of a subject's responses, as ROIs leave them.
 *
 * @param columns numbers from 0, rising; at least one
 * @param of how many columns there were
 * @param words of which ROIs and by which atlas
 */
public record ColumnChoice(List<Integer> columns, int of, String words) {
  /** Checks the numbers and copies the list. */
  public ColumnChoice {
    columns = List.copyOf(columns);
    Check.argument(!columns.isEmpty(), "columns: expected at least one of %d", of);
    int before = -1;
    for (int column : columns) {
      Check.argument(
          column > before && column < of,
          "columns: expected rising numbers from 0 to %d, found %d after %d",
          of - 1,
          column,
          before);
      before = column;
    }
  }

  /**
   * The columns that were chosen.
   *
   * @param rows {@code [rows, of]}
   * @return {@code [rows, columns]}, copied
   */
  public Tensor of(Tensor rows) {
    Check.size("columns to choose from", of, rows.dim(1));
    float[] out = new float[Math.multiplyExact(rows.dim(0), columns.size())];
    int at = 0;
    for (int row = 0; row < rows.dim(0); row++) {
      for (int column : columns) {
        out[at++] = rows.array()[row * of + column];
      }
    }
    return Tensor.wrap(out, rows.dim(0), columns.size());
  }

  /** For data cards and provenance: how many of how many, and which. */
  public String inWords() {
    return columns.size() + " of " + of + ": " + words;
  }
}
