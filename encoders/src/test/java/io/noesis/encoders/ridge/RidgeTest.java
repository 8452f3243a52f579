package io.noesis.encoders.ridge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.DataException;
import io.noesis.run.Parallel;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.LinearAlgebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RidgeTest {
  /** One row, one column, one target, square, primes, both forms, more targets than a block. */
  @ParameterizedTest
  @CsvSource({
    "1,1,1,0.5",
    "1,5,2,1",
    "5,1,1,1",
    "7,7,3,0.1",
    "13,29,5,10",
    "29,13,5,10",
    "97,11,1,1e-3",
    "11,97,1,1e-3",
    "6,4,1031,2",
    "4,6,1031,2",
    "9,0,2,1",
    "9,3,0,1"
  })
  void weightsSolveTheNormalEquations(int n, int p, int t, double penalty) {
    Tensor x = random("x", n, p);
    Tensor y = random("y", n, t);
    RidgeModel model = Ridge.fit(x, y, RidgeSpec.fixed(penalty));
    Matrix xc = Columns.less(Columns.means(x), x, range(n), 0, p);
    Matrix yc = Columns.less(Columns.means(y), y, range(n), 0, t);
    Matrix normal = LinearAlgebra.transposedGram(xc);
    for (int i = 0; i < p; i++) {
      normal.array()[i * p + i] += penalty;
    }
    Matrix expected = LinearAlgebra.solveSpd(normal, LinearAlgebra.transposedMultiply(xc, yc));
    assertArrayEquals(expected.toTensor().array(), model.weights().array(), 2e-6f);
    assertEquals(t, model.intercept().size());
    assertEquals(n, model.predict(x).dim(0));
  }

  @Test
  void predictionsOfTheTrainingMeanAreTheTargetMean() {
    Tensor x = random("x", 23, 40).map(v -> v + 1000);
    Tensor y = random("y", 23, 3).map(v -> v - 7);
    RidgeModel model = Ridge.fit(x, y, RidgeSpec.fixed(3));
    Tensor mean = Matrix.wrap(1, 40, Columns.means(x)).toTensor();
    double[] expected = Columns.means(y);
    for (int t = 0; t < 3; t++) {
      assertEquals(expected[t], model.predict(mean).at(0, t), 1e-4);
    }
  }

  @ParameterizedTest
  @CsvSource({"17,5", "5,17"})
  void anInfinitePenaltyLeavesTheMean(int n, int p) {
    Tensor x = random("x", n, p);
    Tensor y = random("y", n, 2);
    RidgeModel model = Ridge.fit(x, y, RidgeSpec.fixed(1e18));
    double[] means = Columns.means(y);
    Tensor predicted = model.predict(random("new", 4, p));
    for (int i = 0; i < predicted.size(); i++) {
      assertEquals(means[i % 2], predicted.array()[i], 1e-6);
    }
  }

  @Test
  void everyRowTwiceEqualsHalfThePenalty() {
    Tensor x = random("x", 19, 31);
    Tensor y = random("y", 19, 4);
    int[] twice = new int[38];
    for (int i = 0; i < 38; i++) {
      twice[i] = i % 19;
    }
    Tensor once = Ridge.fit(x, y, RidgeSpec.fixed(2)).weights();
    Tensor doubled = Ridge.fit(x.rows(twice), y.rows(twice), RidgeSpec.fixed(4)).weights();
    assertArrayEquals(once.array(), doubled.array(), 1e-6f);
  }

  @Test
  void aColumnTwiceSharesItsWeight() {
    Tensor x = random("x", 19, 1);
    Tensor y = random("y", 19, 1);
    float[] both = new float[38];
    for (int i = 0; i < 38; i++) {
      both[i] = x.array()[i / 2];
    }
    float w = Ridge.fit(x, y, RidgeSpec.fixed(1)).weights().at(0, 0);
    Tensor shared = Ridge.fit(Tensor.wrap(both, 19, 2), y, RidgeSpec.fixed(2)).weights();
    assertEquals(w, shared.at(0, 0) + shared.at(1, 0), 1e-6);
    assertEquals(shared.at(0, 0), shared.at(1, 0), 1e-7);
  }

  @Test
  void columnsOfZerosSwitchToTheDualFormWithoutChangingTheModel() {
    Planted study = new Planted(30, 11, 3, 1.0);
    float[] padded = new float[30 * 60];
    for (int r = 0; r < 30; r++) {
      System.arraycopy(study.x.array(), r * 11, padded, r * 60, 11);
    }
    RidgeModel primal = Ridge.fit(study.x, study.y, study.groups, RidgeSpec.defaults());
    RidgeModel dual =
        Ridge.fit(Tensor.wrap(padded, 30, 60), study.y, study.groups, RidgeSpec.defaults());
    assertArrayEquals(primal.penalties(), dual.penalties());
    assertArrayEquals(primal.scores().array(), dual.scores().array(), 1e-8);
    for (int r = 0; r < 60; r++) {
      for (int t = 0; t < 3; t++) {
        double expected = r < 11 ? primal.weights().at(r, t) : 0;
        assertEquals(expected, dual.weights().at(r, t), 1e-6);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"SHARED,40,12", "PER_TARGET,40,12", "SHARED,40,90", "PER_TARGET,40,90"})
  void theOrderOfRowsDoesNotMatter(PenaltyChoice choice, int n, int p) {
    Planted study = new Planted(n, p, 4, 2.0);
    RidgeSpec spec = RidgeSpec.defaults().withChoice(choice);
    int[] order = Seed.of(3).random().permutation(n);
    int[] groups = Arrays.stream(order).map(i -> study.groups[i]).toArray();
    RidgeModel one = Ridge.fit(study.x, study.y, study.groups, spec);
    RidgeModel other = Ridge.fit(study.x.rows(order), study.y.rows(order), groups, spec);
    assertArrayEquals(one.penalties(), other.penalties());
    assertArrayEquals(one.weights().array(), other.weights().array(), 1e-6f);
  }

  @Test
  void theNumberOfThreadsChangesNoBit() {
    Planted study = new Planted(60, 130, 40, 1.0);
    RidgeModel one =
        Parallel.with(1, () -> Ridge.fit(study.x, study.y, study.groups, RidgeSpec.defaults()));
    RidgeModel four =
        Parallel.with(4, () -> Ridge.fit(study.x, study.y, study.groups, RidgeSpec.defaults()));
    assertEquals(one.weights(), four.weights());
    assertArrayEquals(one.scores().array(), four.scores().array());
    assertEquals(one.predict(study.x), four.predict(study.x));
  }

  @Test
  void scoresAreThoseOfFitsWithoutTheGroup() {
    for (int p : new int[] {6, 50}) {
      Planted study = new Planted(24, p, 3, 1.5);
      RidgeSpec spec = RidgeSpec.defaults().withPenalties(List.of(0.3, 5.0, 200.0));
      Matrix scores = Ridge.fit(study.x, study.y, study.groups, spec).scores();
      for (int i = 0; i < 3; i++) {
        double[] errors = new double[3];
        double[] spread = new double[3];
        for (int group = 0; group < 4; group++) {
          int left = group;
          int[] train = where(study.groups, g -> g != left);
          int[] test = where(study.groups, g -> g == left);
          RidgeModel model =
              Ridge.fit(
                  study.x.rows(train),
                  study.y.rows(train),
                  RidgeSpec.fixed(spec.penalties().get(i)));
          Tensor predicted = model.predict(study.x.rows(test));
          double[] means = Columns.means(study.y.rows(train));
          for (int r = 0; r < test.length; r++) {
            for (int t = 0; t < 3; t++) {
              double truth = study.y.at(test[r], t);
              errors[t] += Math.pow(truth - predicted.at(r, t), 2);
              spread[t] += Math.pow(truth - means[t], 2);
            }
          }
        }
        for (int t = 0; t < 3; t++) {
          assertEquals(1 - errors[t] / spread[t], scores.at(i, t), 1e-5);
        }
      }
    }
  }

  @Test
  void aNoisyTargetGetsALargerPenaltyOfItsOwn() {
    Planted clean = new Planted(120, 20, 1, 0.05);
    Tensor noise = random("noise", 120, 1);
    float[] both = new float[240];
    for (int i = 0; i < 120; i++) {
      both[2 * i] = clean.y.array()[i];
      both[2 * i + 1] = noise.array()[i];
    }
    RidgeModel model =
        Ridge.fit(
            clean.x,
            Tensor.wrap(both, 120, 2),
            clean.groups,
            RidgeSpec.defaults().withChoice(PenaltyChoice.PER_TARGET));
    assertTrue(model.penalties()[0] < 10, Arrays.toString(model.penalties()));
    assertTrue(model.penalties()[1] >= 100, Arrays.toString(model.penalties()));
    RidgeModel shared = Ridge.fit(clean.x, Tensor.wrap(both, 120, 2), RidgeSpec.defaults());
    assertEquals(shared.penalties()[0], shared.penalties()[1]);
  }

  @Test
  void shuffledTargetsScoreNoBetterThanTheirMean() {
    Planted study = new Planted(80, 200, 10, 0.1);
    int[] order = Seed.of(5).child("shuffle").random().permutation(80);
    RidgeModel honest = Ridge.fit(study.x, study.y, study.groups, RidgeSpec.defaults());
    RidgeModel shuffled =
        Ridge.fit(study.x, study.y.rows(order), study.groups, RidgeSpec.defaults());
    assertTrue(honest.meanScores().stream().max(Double::compare).orElseThrow() > 0.2);
    assertTrue(shuffled.meanScores().stream().max(Double::compare).orElseThrow() < 0.02);
    assertEquals(10, shuffled.targetsAtGridEdge());
  }

  @Test
  void aConstantTargetIsPredictedAndDoesNotMoveTheChoice() {
    Planted study = new Planted(40, 8, 2, 0.5);
    float[] with = new float[120];
    for (int r = 0; r < 40; r++) {
      with[3 * r] = study.y.at(r, 0);
      with[3 * r + 1] = study.y.at(r, 1);
      with[3 * r + 2] = 0.1f;
    }
    RidgeModel model =
        Ridge.fit(study.x, Tensor.wrap(with, 40, 3), study.groups, RidgeSpec.defaults());
    RidgeModel without = Ridge.fit(study.x, study.y, study.groups, RidgeSpec.defaults());
    assertEquals(without.penalties()[0], model.penalties()[0]);
    assertEquals(0, model.scores().at(4, 2));
    assertEquals(0.1f, model.predict(study.x).at(7, 2), 1e-6);
  }

  @Test
  void groupsStayWholeAndFoldsBalanced() {
    int[] groups = {9, 9, 9, 9, 4, 4, 4, 1, 1, 7, 2, 2};
    Folds folds = Folds.of(groups, 3);
    assertEquals(3, folds.count());
    int[] seen = new int[12];
    for (int f = 0; f < 3; f++) {
      assertEquals(4, folds.test(f).length);
      for (int test : folds.test(f)) {
        seen[test]++;
        for (int train : folds.train(f)) {
          assertTrue(groups[train] != groups[test]);
        }
      }
    }
    assertArrayEquals(new int[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, seen);
    assertEquals(5, Folds.of(groups, 10).count());
    assertArrayEquals(new int[] {0, 0, 0, 1, 1, 2, 2}, Folds.contiguous(7, 3));
  }

  @Test
  void valuesThatAreNotFiniteAreNamed() {
    Tensor x = random("x", 6, 4);
    x.array()[3 * 4 + 2] = Float.NaN;
    DataException e =
        assertThrows(
            DataException.class, () -> Ridge.fit(x, random("y", 6, 1), RidgeSpec.fixed(1)));
    assertTrue(e.getMessage().contains("row 3, column 2 of the responses"), e.getMessage());
    Tensor y = random("y", 6, 2);
    y.array()[11] = Float.NEGATIVE_INFINITY;
    e =
        assertThrows(
            DataException.class, () -> Ridge.fit(random("x", 6, 4), y, RidgeSpec.fixed(1)));
    assertTrue(e.getMessage().contains("row 5, column 1 of the targets"), e.getMessage());
  }

  @Test
  void whatCannotBeChosenOrDoesNotFitIsRefused() {
    Tensor x = random("x", 6, 4);
    Tensor y = random("y", 6, 2);
    DataException e =
        assertThrows(DataException.class, () -> Ridge.fit(x, y, new int[6], RidgeSpec.defaults()));
    assertTrue(e.getMessage().contains("1 group(s)"), e.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> Ridge.fit(x, y, new int[5], RidgeSpec.defaults()));
    assertThrows(
        IllegalArgumentException.class,
        () -> Ridge.fit(x, random("y", 5, 2), RidgeSpec.defaults()));
    assertThrows(
        DataException.class,
        () -> Ridge.fit(random("x", 0, 3), random("y", 0, 1), RidgeSpec.fixed(1)));
    RidgeModel model = Ridge.fit(x, y, RidgeSpec.fixed(1));
    assertThrows(IllegalArgumentException.class, () -> model.predict(random("x", 2, 5)));
    assertThrows(IllegalArgumentException.class, () -> RidgeSpec.fixed(0));
    assertThrows(IllegalArgumentException.class, () -> RidgeSpec.fixed(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> RidgeSpec.logSpaced(0, 1, 3));
  }

  @Test
  void logSpacedPenaltiesHaveEqualRatios() {
    assertArrayEquals(
        new double[] {0.1, 1, 10},
        RidgeSpec.logSpaced(0.1, 10, 3).stream().mapToDouble(v -> v).toArray(),
        1e-15);
    assertEquals(
        List.of(5.0),
        RidgeSpec.logSpaced(5, 9, 1).stream().map(v -> (double) Math.round(v)).toList());
    assertEquals(
        List.of(1.0, 2.0), RidgeSpec.defaults().withPenalties(List.of(2.0, 1.0, 2.0)).penalties());
  }

  private static int[] where(int[] groups, java.util.function.IntPredicate wanted) {
    return java.util.stream.IntStream.range(0, groups.length)
        .filter(i -> wanted.test(groups[i]))
        .toArray();
  }

  private static int[] range(int n) {
    return java.util.stream.IntStream.range(0, n).toArray();
  }

  private static Tensor random(String name, int rows, int columns) {
    PinnedRandom random = Seed.of(rows * 1009L + columns).child(name).random();
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.wrap(values, rows, columns);
  }

  /** Targets that are a linear map of the responses plus noise, in four groups of rows. */
  private static final class Planted {
    final Tensor x;
    final Tensor y;
    final int[] groups;

    Planted(int n, int p, int t, double noise) {
      x = random("x", n, p);
      Tensor w = random("w", p, t);
      Tensor e = random("e", n, t);
      float[] values = LinearAlgebra.multiply(x, w).array();
      for (int i = 0; i < values.length; i++) {
        values[i] += (float) (noise * e.array()[i] * Math.sqrt(p));
      }
      y = Tensor.wrap(values, n, t);
      groups = Folds.contiguous(n, 4);
    }
  }
}
