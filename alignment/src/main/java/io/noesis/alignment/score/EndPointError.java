package io.noesis.alignment.score;

import io.noesis.alignment.embedding.ArrayTargets;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/**
 * The mean distance between decoded and true flow over the places of a grid, then over rows (Otte
 * and Nagel 1994, doi:10.1007/3-540-57956-7_5), in the unit of the flow. For targets of {@code
 * flow} alone.
 */
record EndPointError() implements Metric {
  static final String NAME = "end_point_error";
  static final String WORDS =
      "Mean distance between decoded and true flow, over places and rows; of targets 'flow'.";

  @Override
  public String name(DecodingTables tables) {
    return NAME;
  }

  @Override
  public Score.Direction direction() {
    return Score.Direction.LOWER;
  }

  @Override
  public Optional<String> undefinedFor(DecodingTables tables) {
    return tables.decoding().decoded().space().model().equals(ArrayTargets.FLOW)
        ? Optional.empty()
        : Optional.of("the targets are no optical flow");
  }

  @Override
  public Pairings pairings(DecodingTables tables) {
    Tensor decoded = tables.decoding().decoded().values();
    Tensor pool = tables.decoding().pool().values();
    Units units = tables.units();
    double[][] known = new double[decoded.dim(0)][units.size()];
    for (double[] row : known) {
      Arrays.fill(row, Double.NaN);
    }
    // Several threads may compute the same one: to the same number.
    return new Pairings(
        tables.rows(),
        (row, unit) -> {
          double error = known[row][unit];
          if (Double.isNaN(error)) {
            error = between(decoded, row, pool, units.truth(unit));
            known[row][unit] = error;
          }
          return error;
        },
        Statistic.MEAN);
  }

  private static double between(Tensor decoded, int row, Tensor pool, int truth) {
    int dim = decoded.dim(1);
    float[] found = decoded.array();
    float[] wanted = pool.array();
    double sum = 0;
    for (int i = 0; i < dim; i += 2) {
      double x = found[row * dim + i] - (double) wanted[truth * dim + i];
      double y = found[row * dim + i + 1] - (double) wanted[truth * dim + i + 1];
      sum += Math.sqrt(x * x + y * y);
    }
    return 2 * sum / dim;
  }

  @Override
  public double chance(DecodingTables tables, Pairings pairings) {
    return pairings.expectedMean();
  }
}
