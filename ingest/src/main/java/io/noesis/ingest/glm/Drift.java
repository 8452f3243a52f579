package io.noesis.ingest.glm;

import io.noesis.run.Check;
import java.util.ArrayList;
import java.util.List;

/** Slow drift of the scanner that the design absorbs; a constant column is always added to it. */
public sealed interface Drift {

  /**
   * The drift's columns over a run, without the constant.
   *
   * @param frameTimes when the volumes were sampled, in seconds
   * @return one array per column, owned by the caller
   */
  List<double[]> columns(double[] frameTimes);

  /**
   * The discrete cosines (DCT-II) of the frequencies up to a cut-off, {@code sqrt(2/n) cos(pi/n (t
   * + 1/2) k)} with k = 1 .. floor(2 n TR highPassHz).
   *
   * @param highPassHz the cut-off: 0.01 is a period of 100 s, SPM's default is 1/128
   */
  record Cosine(double highPassHz) implements Drift {
    public Cosine {
      Check.argument(
          highPassHz >= 0 && Double.isFinite(highPassHz),
          "the high-pass frequency of the drift must be at least 0 Hz, found %s",
          highPassHz);
    }

    @Override
    public List<double[]> columns(double[] frameTimes) {
      int n = frameTimes.length;
      double dt = (frameTimes[n - 1] - frameTimes[0]) / (n - 1);
      int order = (int) Math.min(n - 1, Math.floor(2 * n * highPassHz * dt));
      List<double[]> columns = new ArrayList<>();
      for (int k = 1; k <= order; k++) {
        double[] column = new double[n];
        for (int t = 0; t < n; t++) {
          column[t] = Math.sqrt(2.0 / n) * Math.cos(Math.PI / n * (t + 0.5) * k);
        }
        columns.add(column);
      }
      return columns;
    }
  }

  /**
   * Powers of time, {@code (t / t_last)^k}, each made orthogonal to the constant and lower powers.
   *
   * @param order the highest power
   */
  record Polynomial(int order) implements Drift {
    public Polynomial {
      Check.argument(
          order >= 0 && order <= 20,
          "the order of a polynomial drift must be 0 to 20, found %d",
          order);
    }

    @Override
    public List<double[]> columns(double[] frameTimes) {
      int n = frameTimes.length;
      List<double[]> powers = new ArrayList<>();
      for (int k = 0; k <= order; k++) {
        double[] column = new double[n];
        for (int t = 0; t < n; t++) {
          column[t] = Math.pow(frameTimes[t] / frameTimes[n - 1], k);
        }
        // Twice, because one pass leaves rounding of the size of what was taken away.
        for (int pass = 0; pass < 2; pass++) {
          for (double[] earlier : powers) {
            double share = Orthogonal.dot(earlier, column) / Orthogonal.dot(earlier, earlier);
            Orthogonal.add(column, -share, earlier);
          }
        }
        powers.add(column);
      }
      return powers.subList(1, powers.size());
    }
  }

  /** No drift: the constant only. */
  record None() implements Drift {
    @Override
    public List<double[]> columns(double[] frameTimes) {
      return List.of();
    }
  }
}
