package io.noesis.ingest.glm;

import io.noesis.run.DataException;
import io.noesis.tensor.Matrix;
import java.util.List;

/**
 * Extra columns that the design explains away: head motion, physiology.
 *
 * @param names one per column
 * @param values {@code [volumes, columns]}, finite; not copied, not modified
 */
public record Confounds(List<String> names, Matrix values) {

  public Confounds {
    names = List.copyOf(names);
    if (names.size() != values.columns()) {
      throw new DataException(
          "reading confounds: "
              + names.size()
              + " names for "
              + values.columns()
              + " columns, expected one each.");
    }
    for (int v = 0; v < values.rows(); v++) {
      for (int c = 0; c < values.columns(); c++) {
        if (!Double.isFinite(values.at(v, c))) {
          throw new DataException(
              "reading confounds: column '"
                  + names.get(c)
                  + "' is "
                  + values.at(v, c)
                  + " at volume "
                  + v
                  + ", expected a number. Leave the column out, or replace the value (derivatives are "
                  + "undefined at the first volume; 0 is the usual choice).");
        }
      }
    }
  }

  /**
   * No confounds.
   *
   * @param volumes of the run
   * @return a table without columns
   */
  public static Confounds none(int volumes) {
    return new Confounds(List.of(), Matrix.zeros(volumes, 0));
  }
}
