package io.noesis.alignment.geometry;

import io.noesis.run.Check;
import io.noesis.run.DataException;
import io.noesis.tensor.LinearAlgebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * A representational dissimilarity matrix: the distance of every two conditions, kept as the upper
 * triangle row by row (Kriegeskorte et al. 2008, doi:10.3389/neuro.06.004.2008). Symmetric with a
 * zero diagonal by construction; all distances are finite. Immutable.
 */
public final class Rdm {
  private final String name;
  private final List<String> conditions;
  private final double[] pairs;

  private Rdm(String name, List<String> conditions, double[] pairs) {
    this.name = name;
    this.conditions = conditions;
    this.pairs = pairs;
  }

  /**
   * Distances from patterns: {@code 1 - Pearson's r} between the rows.
   *
   * @param name whose distances they are: a subject, a model
   * @param conditions ids of the rows, unique, at least 3
   * @param patterns {@code [conditions, features]}
   * @return the distances
   * @throws DataException when a pattern does not vary, so that it has no correlation
   */
  public static Rdm ofPatterns(String name, List<String> conditions, Tensor patterns) {
    checkConditions(name, conditions);
    Check.size("patterns of " + name, conditions.size(), patterns.dim(0));
    Matrix unit = Matrix.of(patterns);
    int width = unit.columns();
    for (int r = 0; r < unit.rows(); r++) {
      if (!Vectors.standardise(unit.array(), r * width, width)) {
        throw new DataException(
            "computing distances of "
                + name
                + ": the pattern of condition '"
                + conditions.get(r)
                + "' has the same value in all "
                + width
                + " features, so it correlates with nothing; leave it out or give it more features");
      }
    }
    Matrix r = LinearAlgebra.gram(unit);
    int n = conditions.size();
    double[] pairs = new double[n * (n - 1) / 2];
    int at = 0;
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        pairs[at++] = 1 - Math.max(-1, Math.min(1, r.at(i, j)));
      }
    }
    return new Rdm(name, List.copyOf(conditions), checked(name, pairs));
  }

  /**
   * Distances that were measured elsewhere.
   *
   * @param name whose distances they are
   * @param conditions ids of the rows, unique, at least 3
   * @param distances square and symmetric (1e-5 relative), zero on the diagonal; only read
   * @return the distances
   * @throws DataException when it is none
   */
  public static Rdm ofMatrix(String name, List<String> conditions, Matrix distances) {
    checkConditions(name, conditions);
    int n = conditions.size();
    Check.size("rows of the distances of " + name, n, distances.rows());
    Check.size("columns of the distances of " + name, n, distances.columns());
    double[] pairs = new double[n * (n - 1) / 2];
    int at = 0;
    for (int i = 0; i < n; i++) {
      requireEqual(name, i, i, distances.at(i, i), 0);
      for (int j = i + 1; j < n; j++) {
        requireEqual(name, i, j, distances.at(i, j), distances.at(j, i));
        pairs[at++] = distances.at(i, j);
      }
    }
    return new Rdm(name, List.copyOf(conditions), checked(name, pairs));
  }

  /** Whose distances they are. */
  public String name() {
    return name;
  }

  /** The conditions, in the order of rows and columns. */
  public List<String> conditions() {
    return conditions;
  }

  /** How many conditions. */
  public int size() {
    return conditions.size();
  }

  /** The distance of two conditions, 0 of one with itself. */
  public double at(int i, int j) {
    return i == j ? 0 : pairs[pair(Math.min(i, j), Math.max(i, j))];
  }

  /** The upper triangle row by row, in a new array. */
  public double[] pairs() {
    return pairs.clone();
  }

  /**
   * The conditions in another order, or some of them.
   *
   * @param wanted ids that are all here, each once, at least 3
   * @return a new value
   */
  public Rdm select(List<String> wanted) {
    checkConditions(name, wanted);
    int[] from = wanted.stream().mapToInt(conditions::indexOf).toArray();
    for (int i = 0; i < from.length; i++) {
      Check.argument(from[i] >= 0, "no condition '%s' in the distances of %s", wanted.get(i), name);
    }
    return new Rdm(name, List.copyOf(wanted), reordered(from));
  }

  /** The pairs of the conditions {@code from[0], from[1], ...}; a condition may be there twice. */
  double[] reordered(int[] from) {
    double[] out = new double[from.length * (from.length - 1) / 2];
    int at = 0;
    for (int i = 0; i < from.length; i++) {
      for (int j = i + 1; j < from.length; j++) {
        out[at++] = at(from[i], from[j]);
      }
    }
    return out;
  }

  /** One with other distances of the same conditions. */
  Rdm with(String otherName, double[] otherPairs) {
    Check.size("pairs of " + otherName, pairs.length, otherPairs.length);
    return new Rdm(otherName, conditions, otherPairs);
  }

  private int pair(int i, int j) {
    return i * (2 * conditions.size() - i - 1) / 2 + (j - i - 1);
  }

  private static void checkConditions(String name, List<String> conditions) {
    Check.argument(
        conditions.size() >= 3,
        "distances of %s need at least 3 conditions, found %d",
        name,
        conditions.size());
    Check.argument(
        conditions.stream().distinct().count() == conditions.size(),
        "conditions of %s must be unique, found %s",
        name,
        conditions);
  }

  private static void requireEqual(String name, int i, int j, double a, double b) {
    if (Math.abs(a - b) > 1e-5 * Math.max(1, Math.abs(a))) {
      throw new DataException(
          String.format(
              "reading the distances of %s: rows %d and %d should be equally far both ways, and a"
                  + " row at distance 0 from itself; found %f and %f. Give a square symmetric"
                  + " matrix of distances, not of similarities",
              name, i, j, a, b));
    }
  }

  private static double[] checked(String name, double[] pairs) {
    if (!Arrays.stream(pairs).allMatch(Double::isFinite)) {
      throw new DataException(
          "reading the distances of "
              + name
              + ": some are not finite; leave out the conditions that were not measured");
    }
    return pairs;
  }

  @Override
  public String toString() {
    return "Rdm[" + name + ", " + size() + " conditions]";
  }
}
