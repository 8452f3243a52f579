package io.noesis.encoders.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.noesis.run.DataException;
import io.noesis.run.Parallel;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Algebra;
import io.noesis.tensor.LinearAlgebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Svd;
import io.noesis.tensor.SymmetricEigen;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the same operations in Java, at sizes that straddle the tiles. */
class NativeAlgebraTest {
  private static final Algebra NATIVE = new NativeAlgebra(Precision.FLOAT64);
  private static final Algebra SINGLE = new NativeAlgebra(Precision.FLOAT32);
  private static final Algebra JAVA = Algebra.inJava();

  @ParameterizedTest
  @CsvSource({"1,1,1", "3,0,2", "0,3,2", "385,7,513", "400,61,30", "5,130,1100"})
  void productsAgreeWithJava(int n, int k, int m) {
    Matrix a = random("a", n, k);
    Matrix b = random("b", k, m);
    Matrix expected = JAVA.multiply(a, b);
    close(expected, NATIVE.multiply(a, b), 1e-12);
    close(expected, SINGLE.multiply(a, b), 1e-4);
    close(expected, NATIVE.transposedMultiply(a.transpose(), b), 1e-12);
    close(expected, NATIVE.multiplyTransposed(a, b.transpose()), 1e-12);
    close(JAVA.multiply(a.toTensor(), b), NATIVE.multiply(a.toTensor(), b), 1e-12);
    Tensor tall = a.transpose().toTensor();
    close(JAVA.transposedMultiply(tall, b), NATIVE.transposedMultiply(tall, b), 1e-12);
    for (Algebra algebra : new Algebra[] {NATIVE, SINGLE, JAVA}) {
      assertArrayEquals(
          algebra.multiply(a, b).toTensor().array(), algebra.multiplyRounded(a, b).array());
      assertArrayEquals(
          algebra.transposedMultiply(tall, b).toTensor().array(),
          algebra.transposedMultiplyRounded(tall, b).array());
    }
    assertArrayEquals(
        JAVA.columnSquares(List.of(a), b)[0], NATIVE.columnSquares(List.of(a), b)[0], 1e-8);
  }

  @ParameterizedTest
  @CsvSource({"1,1", "5,900", "900,5", "530,40"})
  void gramsAgreeWithJavaAndAreSymmetric(int n, int k) {
    Tensor a = random("a", n, k).toTensor();
    close(JAVA.gram(a), NATIVE.gram(a), 1e-10);
    close(JAVA.transposedGram(a), NATIVE.transposedGram(a), 1e-10);
    close(JAVA.gram(Matrix.of(a)), NATIVE.gram(Matrix.of(a)), 1e-10);
    Matrix gram = SINGLE.gram(a);
    assertArrayEquals(gram.array(), gram.transpose().array());
  }

  @ParameterizedTest
  @CsvSource({"1,1", "3,600", "500,1100"})
  void productsWithATriangleAreSquaredAsInJava(int n, int k) {
    Matrix lower = random("l", k, k);
    for (int r = 0; r < k; r++) {
      Arrays.fill(lower.array(), r * k + r + 1, (r + 1) * k, 0);
    }
    Matrix a = random("a", n, k);
    double expected = JAVA.triangularSquares(a, lower);
    assertEquals(expected, NATIVE.triangularSquares(a, lower), 1e-10 * expected);
    assertEquals(expected, SINGLE.triangularSquares(a, lower), 1e-5 * expected);
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "90"})
  void decompositionsRebuildTheirMatrix(int n) {
    Matrix s = LinearAlgebra.gram(random("s", n, n + 3));
    SymmetricEigen eigen = NATIVE.symmetricEigen(s);
    assertArrayEquals(JAVA.symmetricEigen(s).values(), eigen.values(), 1e-9);
    Matrix scaled = Matrix.zeros(n, n);
    for (int i = 0; i < n * n; i++) {
      scaled.array()[i] = eigen.vectors().array()[i] * eigen.values()[i % n];
    }
    close(s, LinearAlgebra.multiplyTransposed(scaled, eigen.vectors()), 1e-9);
    Matrix b = random("b", n, 4);
    close(b, LinearAlgebra.multiply(s, NATIVE.solveSpd(s, b)), 1e-6);
    close(JAVA.inverseSpd(s), NATIVE.inverseSpd(s), 1e-6);
    Matrix factor = NATIVE.cholesky(s);
    close(JAVA.cholesky(s), factor, 1e-9);
    close(s, LinearAlgebra.multiplyTransposed(factor, factor), 1e-9);
  }

  @ParameterizedTest
  @CsvSource({"1,1", "7,31", "31,7", "12,12", "0,4"})
  void singularValuesRebuildTheirMatrix(int n, int k) {
    Matrix a = random("a", n, k);
    Svd svd = NATIVE.svd(a);
    assertArrayEquals(JAVA.svd(a).values(), svd.values(), 1e-11);
    int r = svd.values().length;
    Matrix scaled = Matrix.zeros(n, r);
    for (int i = 0; i < n * r; i++) {
      scaled.array()[i] = svd.u().array()[i] * svd.values()[i % r];
    }
    close(a, LinearAlgebra.multiplyTransposed(scaled, svd.v()), 1e-11);
  }

  @Test
  void theNumberOfThreadsChangesNoBit() {
    Matrix a = random("a", 800, 90);
    Matrix b = random("b", 90, 1100);
    Matrix s = LinearAlgebra.gram(a);
    int before = Libtorch.threads();
    for (Algebra algebra : new Algebra[] {NATIVE, SINGLE}) {
      double[] product = algebra.multiply(a, b).array();
      double[] squares = algebra.columnSquares(List.of(a), b)[0];
      double[] vectors = algebra.symmetricEigen(s).vectors().array();
      for (int threads : new int[] {1, 2, 3}) {
        Libtorch.useThreads(threads);
        assertArrayEquals(product, Parallel.with(threads, () -> algebra.multiply(a, b)).array());
        assertArrayEquals(
            squares, Parallel.with(threads, () -> algebra.columnSquares(List.of(a), b)[0]));
        assertArrayEquals(
            vectors, Parallel.with(threads, () -> algebra.symmetricEigen(s)).vectors().array());
      }
    }
    Libtorch.useThreads(before);
    assertEquals(before, Libtorch.threads());
  }

  @ParameterizedTest
  @CsvSource({"255", "256", "257", "700"})
  void choleskyInTilesRebuildsItsMatrixOnAnyNumberOfThreads(int n) {
    Matrix s = LinearAlgebra.gram(random("s", n, n + 40));
    Matrix factor = NATIVE.cholesky(s);
    close(s, NATIVE.multiplyTransposed(factor, factor), 1e-9);
    for (int r = 0; r < n; r++) {
      for (int c = r + 1; c < n; c++) {
        assertEquals(0, factor.at(r, c));
      }
    }
    Matrix inverse = NATIVE.inverseSpd(s);
    close(identity(n), NATIVE.multiply(s, inverse), 1e-8);
    for (int threads : new int[] {1, 3}) {
      assertArrayEquals(factor.array(), Parallel.with(threads, () -> NATIVE.cholesky(s)).array());
      assertArrayEquals(
          inverse.array(), Parallel.with(threads, () -> NATIVE.inverseSpd(s)).array());
    }
  }

  @Test
  void whatIsIndefiniteInItsLastTileIsRefused() {
    Matrix s = identity(600);
    s.array()[600 * 600 - 1] = -1;
    assertThrows(DataException.class, () -> NATIVE.cholesky(s));
    assertThrows(DataException.class, () -> NATIVE.inverseSpd(s));
  }

  @Test
  void whatCannotBeSolvedIsRefused() {
    Matrix indefinite = Matrix.wrap(2, 2, new double[] {1, 2, 2, 1});
    Matrix one = Matrix.zeros(2, 1);
    assertThrows(DataException.class, () -> NATIVE.solveSpd(indefinite, one));
    assertThrows(DataException.class, () -> NATIVE.inverseSpd(indefinite));
    Matrix broken = Matrix.wrap(1, 1, new double[] {Double.NaN});
    assertThrows(IllegalArgumentException.class, () -> NATIVE.symmetricEigen(broken));
    assertThrows(IllegalArgumentException.class, () -> NATIVE.multiply(indefinite, broken));
  }

  private static Matrix identity(int n) {
    Matrix out = Matrix.zeros(n, n);
    for (int i = 0; i < n; i++) {
      out.array()[i * n + i] = 1;
    }
    return out;
  }

  private static Matrix random(String name, int rows, int columns) {
    PinnedRandom random = Seed.of(7).child(name).random();
    double[] values = new double[rows * columns];
    Arrays.setAll(values, i -> (float) random.nextGaussian());
    return Matrix.wrap(rows, columns, values);
  }

  private static void close(Matrix expected, Matrix found, double tolerance) {
    assertEquals(expected.toString(), found.toString());
    double largest = Arrays.stream(expected.array()).map(Math::abs).max().orElse(1);
    assertArrayEquals(expected.array(), found.array(), tolerance * Math.max(1, largest));
  }
}
