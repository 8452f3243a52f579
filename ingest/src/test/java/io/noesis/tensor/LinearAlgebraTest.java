package io.noesis.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.DataException;
import io.noesis.run.Parallel;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinearAlgebraTest {
  private static final double TOLERANCE = 1e-11;

  /** Empty, single, prime, and just past the tile (48), depth (64), panel (320), chunk (2048). */
  @ParameterizedTest
  @CsvSource({
    "0,0,0",
    "0,3,2",
    "2,0,3",
    "3,2,0",
    "1,1,1",
    "1,7,1",
    "5,1,11",
    "2,3,5",
    "13,17,19",
    "47,65,321",
    "49,64,320",
    "51,2049,7",
    "3,4097,641",
    "97,61,331",
    "1,129,5201"
  })
  void productsAgreeWithTheDefinition(int n, int k, int m) {
    Matrix a = random(n, k, "a");
    Matrix b = random(k, m, "b");
    Matrix expected = naive(a, b);
    assertClose(expected, LinearAlgebra.multiply(a, b), 0);
    assertClose(expected, LinearAlgebra.multiplyTransposed(a, b.transpose()), 0);
    assertClose(expected, LinearAlgebra.transposedMultiply(a.transpose(), b), 0);
    assertClose(naive(a, a.transpose()), LinearAlgebra.gram(a), 0);
    if (m < 400) {
      assertClose(naive(b.transpose(), b), LinearAlgebra.transposedGram(b), 0);
    }
  }

  @ParameterizedTest
  @CsvSource({"0,4,3", "1,1,1", "7,512,331", "50,3,1"})
  void floatProductsRoundTheDoubleSumOnce(int n, int k, int m) {
    Tensor a = random(n, k, "a").toTensor();
    Tensor b = random(m, k, "b").toTensor();
    Tensor expected = naive(Matrix.of(a), Matrix.of(b).transpose()).toTensor();
    assertEquals(expected, LinearAlgebra.multiplyTransposed(a, b));
    assertEquals(expected, LinearAlgebra.multiply(a, b.transpose()));
  }

  @Test
  void theNumberOfThreadsChangesNoBit() {
    Matrix a = random(211, 307, "a");
    Matrix b = random(307, 701, "b");
    Matrix one = Parallel.with(1, () -> LinearAlgebra.multiply(a, b));
    Matrix four = Parallel.with(4, () -> LinearAlgebra.multiply(a, b));
    assertArrayEquals(one.array(), four.array());
    assertArrayEquals(
        Parallel.with(1, () -> LinearAlgebra.gram(a)).array(),
        Parallel.with(3, () -> LinearAlgebra.gram(a)).array());
  }

  @Test
  void nanInOneRowStaysInThatRow() {
    Matrix a = random(5, 9, "a");
    a.array()[2 * 9 + 4] = Double.NaN;
    Matrix c = LinearAlgebra.multiply(a, random(9, 4, "b"));
    for (int i = 0; i < c.array().length; i++) {
      assertEquals(i / 4 == 2, Double.isNaN(c.array()[i]), "element " + i);
    }
  }

  @Test
  void sizesThatDoNotFitAreRefusedWithBothSizes() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> LinearAlgebra.multiply(Matrix.zeros(2, 3), Matrix.zeros(4, 5)));
    assertTrue(e.getMessage().contains("expected 3, found 4"), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "2", "7", "53", "130"})
  void eigenvectorsDiagonaliseASymmetricMatrix(int n) {
    Matrix s = symmetric(n);
    SymmetricEigen eigen = LinearAlgebra.symmetricEigen(s);
    double[] values = eigen.values();
    assertEquals(n, values.length);
    for (int i = 1; i < n; i++) {
      assertTrue(values[i - 1] <= values[i], "ascending at " + i);
    }
    Matrix v = eigen.vectors();
    assertClose(identity(n), LinearAlgebra.transposedMultiply(v, v), TOLERANCE);
    Matrix scaled = scaleColumns(v, values);
    assertClose(s, LinearAlgebra.multiplyTransposed(scaled, v), TOLERANCE * Math.max(1, n));
  }

  @Test
  void eigenvaluesOfARankDeficientGramAreZeroWhereTheyMustBe() {
    Matrix x = random(31, 7, "x");
    double[] values = LinearAlgebra.symmetricEigen(LinearAlgebra.gram(x)).values();
    for (int i = 0; i < 24; i++) {
      assertEquals(0, values[i], 1e-11);
    }
    assertTrue(values[24] > 0.1);
  }

  @Test
  void repeatedEigenvaluesAndZeroMatricesAreFine() {
    assertArrayEquals(
        new double[] {3, 3, 3}, LinearAlgebra.symmetricEigen(scaled(identity(3), 3)).values());
    assertArrayEquals(new double[5], LinearAlgebra.symmetricEigen(Matrix.zeros(5, 5)).values());
  }

  @ParameterizedTest
  @CsvSource({"0,2", "1,1", "2,0", "7,3", "61,5"})
  void choleskySolvesAndInverts(int n, int m) {
    Matrix s = positiveDefinite(n);
    Matrix b = random(n, m, "b");
    Matrix x = LinearAlgebra.solveSpd(s, b);
    assertClose(b, LinearAlgebra.multiply(s, x), 1e-9);
    assertClose(identity(n), LinearAlgebra.multiply(s, LinearAlgebra.inverseSpd(s)), 1e-9);
  }

  @Test
  void aSingularSystemIsRefusedWithTheWayOut() {
    DataException e =
        assertThrows(
            DataException.class,
            () -> LinearAlgebra.solveSpd(Matrix.zeros(3, 3), Matrix.zeros(3, 1)));
    assertTrue(e.getMessage().contains("not positive definite"), e.getMessage());
    assertThrows(DataException.class, () -> LinearAlgebra.inverseSpd(scaled(identity(2), -1)));
  }

  @ParameterizedTest
  @CsvSource({"5,3,2", "3,3,1", "97,13,4", "1,1,1", "4,0,2", "0,4,2", "3,7,2"})
  void leastSquaresLeavesAResidualThatIsOrthogonalToTheColumns(int n, int k, int m) {
    Matrix a = random(n, k, "a");
    Matrix b = random(n, m, "b");
    LeastSquares fit = LinearAlgebra.leastSquares(a, b);
    assertEquals(Math.min(n, k), fit.rank());
    Matrix residual = minus(b, LinearAlgebra.multiply(a, fit.solution()));
    assertClose(Matrix.zeros(k, m), LinearAlgebra.transposedMultiply(a, residual), 1e-10);
  }

  @Test
  void rankDeficientLeastSquaresIsTheShortestSolution() {
    Matrix once = random(11, 3, "a");
    Matrix twice = Matrix.zeros(11, 6);
    for (int r = 0; r < 11; r++) {
      for (int c = 0; c < 6; c++) {
        twice.array()[r * 6 + c] = once.at(r, c % 3);
      }
    }
    Matrix b = random(11, 2, "b");
    Matrix x = LinearAlgebra.leastSquares(once, b).solution();
    LeastSquares fit = LinearAlgebra.leastSquares(twice, b);
    assertEquals(3, fit.rank());
    for (int r = 0; r < 6; r++) {
      for (int c = 0; c < 2; c++) {
        assertEquals(x.at(r % 3, c) / 2, fit.solution().at(r, c), 1e-10);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0,3", "3,0", "1,1", "1,5", "5,1", "7,11", "53,17", "17,53"})
  void thinSvdPutsTheMatrixTogetherAgain(int n, int k) {
    Matrix a = random(n, k, "a");
    Svd svd = LinearAlgebra.svd(a);
    int r = Math.min(n, k);
    assertEquals(r, svd.values().length);
    assertEquals(r, svd.u().columns());
    assertEquals(r, svd.v().columns());
    assertClose(identity(r), LinearAlgebra.transposedMultiply(svd.u(), svd.u()), TOLERANCE);
    assertClose(identity(r), LinearAlgebra.transposedMultiply(svd.v(), svd.v()), TOLERANCE);
    double[] values = svd.values();
    for (int i = 1; i < r; i++) {
      assertTrue(values[i - 1] >= values[i] && values[i] >= 0, "descending at " + i);
    }
    assertClose(a, LinearAlgebra.multiplyTransposed(scaleColumns(svd.u(), values), svd.v()), 1e-10);
  }

  @Test
  void decompositionsRefuseNanAndSayWhere() {
    Stream.of(Double.NaN, Double.POSITIVE_INFINITY)
        .forEach(
            bad -> {
              Matrix m = identity(4);
              m.array()[9] = bad;
              for (org.junit.jupiter.api.function.Executable call :
                  new org.junit.jupiter.api.function.Executable[] {
                    () -> LinearAlgebra.symmetricEigen(m),
                    () -> LinearAlgebra.svd(m),
                    () -> LinearAlgebra.leastSquares(m, identity(4)),
                    () -> LinearAlgebra.solveSpd(m, identity(4)),
                    () -> LinearAlgebra.inverseSpd(m)
                  }) {
                DataException e = assertThrows(DataException.class, call);
                assertTrue(e.getMessage().contains("row 2, column 1"), e.getMessage());
              }
            });
  }

  @Test
  void argumentsAreLeftAsTheyWere() {
    Matrix s = positiveDefinite(9);
    Matrix b = random(9, 2, "b");
    double[] before = s.array().clone();
    double[] right = b.array().clone();
    LinearAlgebra.symmetricEigen(s);
    LinearAlgebra.solveSpd(s, b);
    LinearAlgebra.inverseSpd(s);
    LinearAlgebra.svd(s);
    LinearAlgebra.leastSquares(s, b);
    assertArrayEquals(before, s.array());
    assertArrayEquals(right, b.array());
  }

  private static Matrix random(int rows, int columns, String name) {
    PinnedRandom random = Seed.of(rows * 31L + columns).child(name).random();
    Matrix m = Matrix.zeros(rows, columns);
    for (int i = 0; i < m.array().length; i++) {
      m.array()[i] = random.nextGaussian();
    }
    return m;
  }

  private static Matrix symmetric(int n) {
    Matrix m = random(n, n, "s");
    Matrix s = Matrix.zeros(n, n);
    for (int r = 0; r < n; r++) {
      for (int c = 0; c < n; c++) {
        s.array()[r * n + c] = m.at(r, c) + m.at(c, r);
      }
    }
    return s;
  }

  private static Matrix positiveDefinite(int n) {
    Matrix s = LinearAlgebra.gram(random(n, n + 3, "p"));
    for (int i = 0; i < n; i++) {
      s.array()[i * n + i] += 1;
    }
    return s;
  }

  private static Matrix identity(int n) {
    Matrix m = Matrix.zeros(n, n);
    for (int i = 0; i < n; i++) {
      m.array()[i * n + i] = 1;
    }
    return m;
  }

  private static Matrix scaled(Matrix m, double factor) {
    for (int i = 0; i < m.array().length; i++) {
      m.array()[i] *= factor;
    }
    return m;
  }

  /** Eight rows that recur: all but seven eigenvalues are 0, where EJML does not converge. */
  @Test
  void rowsThatRecurHaveTheirDecompositions() {
    Matrix distinct = random(8, 96, "recurring");
    Matrix a = Matrix.zeros(240, 96);
    for (int i = 0; i < a.array().length; i++) {
      a.array()[i] = (float) distinct.array()[i % distinct.array().length];
    }
    for (int c = 0; c < a.columns(); c++) {
      double mean = 0;
      for (int r = 0; r < a.rows(); r++) {
        mean += a.at(r, c) / a.rows();
      }
      for (int r = 0; r < a.rows(); r++) {
        a.array()[r * a.columns() + c] -= mean;
      }
    }
    Matrix gram = LinearAlgebra.gram(a);
    SymmetricEigen eigen = LinearAlgebra.symmetricEigen(gram);
    assertClose(
        gram,
        LinearAlgebra.multiplyTransposed(
            scaleColumns(eigen.vectors(), eigen.values()), eigen.vectors()),
        1e-8);
    Svd svd = LinearAlgebra.svd(a);
    assertClose(
        a, LinearAlgebra.multiplyTransposed(scaleColumns(svd.u(), svd.values()), svd.v()), 1e-10);
  }

  private static Matrix scaleColumns(Matrix m, double[] factors) {
    Matrix out = Matrix.zeros(m.rows(), m.columns());
    for (int i = 0; i < out.array().length; i++) {
      out.array()[i] = m.array()[i] * factors[i % m.columns()];
    }
    return out;
  }

  private static Matrix minus(Matrix a, Matrix b) {
    Matrix out = Matrix.zeros(a.rows(), a.columns());
    for (int i = 0; i < out.array().length; i++) {
      out.array()[i] = a.array()[i] - b.array()[i];
    }
    return out;
  }

  private static Matrix naive(Matrix a, Matrix b) {
    Matrix c = Matrix.zeros(a.rows(), b.columns());
    for (int i = 0; i < c.rows(); i++) {
      for (int j = 0; j < c.columns(); j++) {
        double sum = 0;
        for (int k = 0; k < a.columns(); k++) {
          sum += a.at(i, k) * b.at(k, j);
        }
        c.array()[i * c.columns() + j] = sum;
      }
    }
    return c;
  }

  private static void assertClose(Matrix expected, Matrix found, double tolerance) {
    assertEquals(expected.rows(), found.rows());
    assertEquals(expected.columns(), found.columns());
    assertArrayEquals(expected.array(), found.array(), tolerance);
  }
}
