package io.noesis.alignment.geometry;

import io.noesis.run.Check;
import io.noesis.run.DataException;

/**
 * How two vectors of distances are compared. Each is 1 for equal geometries; all but the cosine are
 * expected to be 0 when the conditions of one are shuffled.
 */
public enum RdmComparison {
  /** Pearson's r of average ranks. */
  SPEARMAN("spearman") {
    @Override
    double[] prepared(double[] pairs) {
      return unitOrNothing(Vectors.averageRanks(pairs));
    }
  },
  /** Pearson's r of the distances. */
  PEARSON("pearson") {
    @Override
    double[] prepared(double[] pairs) {
      return unitOrNothing(pairs.clone());
    }
  },
  /** Cosine of the distances. */
  COSINE("cosine") {
    @Override
    double[] prepared(double[] pairs) {
      double length = Math.sqrt(Vectors.dot(pairs, pairs));
      double[] out = pairs.clone();
      for (int i = 0; i < out.length; i++) {
        out[i] = length == 0 ? 0 : out[i] / length;
      }
      return out;
    }
  },
  /**
   * Kendall's tau-a, {@code (concordant - discordant) / all}: for models that predict ties (Nili et
   * al. 2014, doi:10.1371/journal.pcbi.1003553).
   */
  KENDALL_TAU_A("kendall_tau_a") {
    @Override
    double[] prepared(double[] pairs) {
      return pairs;
    }

    @Override
    double ofPrepared(double[] a, double[] b) {
      double all = (double) a.length * (a.length - 1) / 2;
      return Vectors.concordance(a, b) / all;
    }
  },
  /**
   * The expectation of Spearman's rho over random orders of ties, {@code 12 sum(centred ranks
   * product) / (n^3 - n)}; n counts pairs of conditions (Schuett et al. 2023,
   * doi:10.7554/eLife.82566).
   */
  RHO_A("rho_a") {
    @Override
    double[] prepared(double[] pairs) {
      double n = pairs.length;
      double scale = Math.sqrt(12 / (n * n * n - n));
      double[] out = Vectors.averageRanks(pairs);
      for (int i = 0; i < out.length; i++) {
        out[i] = (out[i] - (n + 1) / 2) * scale;
      }
      return out;
    }
  };

  private final String words;

  RdmComparison(String words) {
    this.words = words;
  }

  /** Its name in scores and recipes. */
  public String words() {
    return words;
  }

  /**
   * Compares two geometries of the same conditions in the same order.
   *
   * @param a one
   * @param b the other
   * @return their agreement; 0 when one of them does not vary
   * @throws DataException when the conditions differ
   */
  public double of(Rdm a, Rdm b) {
    requireSameConditions(a, b);
    return ofPrepared(prepared(a.pairs()), prepared(b.pairs()));
  }

  /** What is needed of one side; it commutes with any order of the pairs. */
  abstract double[] prepared(double[] pairs);

  double ofPrepared(double[] a, double[] b) {
    Check.size("pairs of conditions", a.length, b.length);
    return Vectors.dot(a, b);
  }

  static void requireSameConditions(Rdm a, Rdm b) {
    if (!a.conditions().equals(b.conditions())) {
      throw new DataException(
          "comparing the geometries of "
              + a.name()
              + " and "
              + b.name()
              + ": their conditions differ ("
              + a.size()
              + " and "
              + b.size()
              + ", or in another order); select the common ones in one order first");
    }
  }

  private static double[] unitOrNothing(double[] values) {
    return Vectors.standardise(values, 0, values.length) ? values : new double[values.length];
  }
}
