package io.noesis.encoders.ridge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.torch.NativeAlgebra;
import io.noesis.encoders.torch.Precision;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import io.noesis.tensor.Algebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Npy;
import io.noesis.tensor.NpyRows;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The closed forms against fits without the rows, in Java and natively. */
class LeftOutTest {
  /** More and fewer targets than rows, more and fewer columns, folds and single rows. */
  @ParameterizedTest
  @CsvSource({
    "24,50,5,4",
    "24,50,31,4",
    "24,6,5,4",
    "24,6,31,4",
    "24,21,31,4",
    "24,50,5,24",
    "24,50,31,24",
    "24,6,31,24",
    "2,3,1,2"
  })
  void errorsAreThoseOfFitsWithoutTheRows(int n, int p, int t, int parts) {
    Tensor x = random("x", n, p);
    Tensor y = random("y", n, t);
    Folds folds = Folds.of(Folds.contiguous(n, parts), parts);
    Matrix centred = Columns.centred(y);
    List<Algebra> all =
        List.of(
            Algebra.inJava(),
            new NativeAlgebra(Precision.FLOAT64),
            new NativeAlgebra(Precision.FLOAT32));
    for (double penalty : new double[] {0.05, 3, 700}) {
      double[] expected = new double[t];
      for (int f = 0; f < folds.count(); f++) {
        addErrors(x, y, folds, f, penalty, expected);
      }
      for (Algebra algebra : all) {
        KernelSystem kernel = new KernelSystem(x, algebra, t);
        Matrix map = kernel.leftOut(folds, penalty);
        double[] direct = algebra.columnSquares(List.of(map), centred)[0];
        for (int i = 0; i < t; i++) {
          double share = algebra == all.get(2) ? 2e-3 : 1e-5;
          assertEquals(expected[i], direct[i], expected[i] * share, "kernel " + penalty);
        }
        double total = Arrays.stream(expected).sum();
        double traced =
            kernel.errors(
                folds, penalty, KernelSystem.FactoredProducts.of(algebra.gram(centred), algebra));
        assertEquals(total, traced, total * (algebra == all.get(2) ? 2e-3 : 1e-5), "trace");
        for (RidgeForm form : RidgeForm.values()) {
          if (form == RidgeForm.PRIMAL && p > n - n / parts) {
            continue; // Cancels digits there by nature; AUTO never takes it.
          }
          CentredSystem system = CentredSystem.of(x, form, algebra);
          double[] found =
              new LeftOut(system, folds).errors(centred, system.project(centred), penalty);
          boolean single = algebra == all.get(2);
          for (int i = 0; i < t; i++) {
            assertEquals(
                expected[i], found[i], expected[i] * (single ? 2e-3 : 1e-5), form + " " + penalty);
          }
        }
      }
    }
  }

  private static void addErrors(
      Tensor x, Tensor y, Folds folds, int f, double penalty, double[] sums) {
    RidgeModel model =
        Ridge.fit(x.rows(folds.train(f)), y.rows(folds.train(f)), RidgeSpec.fixed(penalty));
    Tensor predicted = model.predict(x.rows(folds.test(f)));
    Tensor truth = y.rows(folds.test(f));
    for (int i = 0; i < truth.size(); i++) {
      sums[i % sums.length] += Math.pow(truth.array()[i] - predicted.array()[i], 2);
    }
  }

  @Test
  void largeProblemsAreSolvedByCholeskyAndAgreeWithTheOtherForms() {
    Tensor wide = random("x", 120, 300);
    solvedByCholesky(wide, planted(wide, 0.7, 50));
    Tensor narrow = random("n", 120, 110); // Fewer columns than targets.
    solvedByCholesky(narrow, planted(narrow, 0.7, 130));
  }

  private static void solvedByCholesky(Tensor x, Tensor y) {
    int[] groups = Folds.contiguous(120, 5);
    for (PenaltyChoice choice : PenaltyChoice.values()) {
      RidgeSpec spec = new RidgeSpec(RidgeSpec.logSpaced(1, 1e4, 9), choice, 5);
      RidgeModel expected = Ridge.fit(x, y, groups, spec);
      for (Precision precision : Precision.values()) {
        RidgeFit fit =
            new RidgeFit(x, TargetSource.of(y), groups, spec, new NativeAlgebra(precision));
        Scores scores = fit.scores(Progress.NONE);
        double single = precision == Precision.FLOAT32 ? 1e-4 : 1e-9;
        double[] wanted = expected.meanScores().stream().mapToDouble(m -> m).toArray();
        assertArrayEquals(wanted, scores.means(), single);
        assertEquals(choice == PenaltyChoice.SHARED ? 0 : 9, scores.each().rows());
        if (choice == PenaltyChoice.PER_TARGET) {
          assertArrayEquals(expected.scores().array(), scores.each().array(), single);
        }
        double[] chosen = Selection.of(scores, spec, y.dim(1)).chosen();
        assertArrayEquals(expected.penalties(), chosen);
        fit.solve(
            chosen,
            (from, weights, means) ->
                assertArrayEquals(expected.weights().array(), weights.array(), 1e-5f));
      }
    }
  }

  @Test
  void penaltiesFarBelowRoundingAreStillScored() {
    Tensor x = random("x", 30, 60).map(v -> 1e7 * v);
    RidgeSpec spec = new RidgeSpec(List.of(1e-9, 1e-2, 1e16), PenaltyChoice.SHARED, 5);
    for (Validation validation : Validation.values()) {
      Matrix scores = Ridge.fit(x, random("y", 30, 40), spec.withValidation(validation)).scores();
      assertTrue(Arrays.stream(scores.array()).allMatch(Double::isFinite));
    }
  }

  @Test
  void leavingOneOutIsFoldsOfOneRow() {
    Tensor x = random("x", 19, 33);
    Tensor y = random("y", 19, 4);
    RidgeSpec spec = RidgeSpec.defaults().withPenalties(List.of(1.0, 10.0));
    int[] own = IntStream.range(0, 19).toArray();
    RidgeSpec folds = new RidgeSpec(spec.penalties(), PenaltyChoice.SHARED, 19);
    double[] expected = Ridge.fit(x, y, own, folds).scores().array();
    RidgeSpec alone = spec.withValidation(Validation.LEAVE_ONE_OUT);
    assertArrayEquals(expected, Ridge.fit(x, y, new int[19], alone).scores().array(), 1e-12);
    assertNotEquals(expected[0], Ridge.fit(x, y, own, spec).scores().array()[0], 1e-3);
  }

  @Test
  void fractionsAreChosenByFitsWithoutTheFold() {
    Tensor x = random("x", 40, 12);
    Tensor y = planted(x, 0.3, 6);
    RidgeSpec spec = RidgeSpec.defaults().withFractions(List.of(0.1, 0.5, 0.9));
    RidgeModel model = Ridge.fit(x, y, spec);
    assertEquals(List.of(0.9, 0.5, 0.1), model.grid());
    double[] expected = new double[3];
    double[] spread = new double[6];
    Folds folds = Folds.of(Folds.contiguous(40, 5), 5);
    for (int i = 0; i < 3; i++) {
      double[] errors = new double[6];
      spread = new double[6];
      for (int f = 0; f < 5; f++) {
        Tensor train = y.rows(folds.train(f));
        RidgeModel fold =
            Ridge.fit(
                x.rows(folds.train(f)), train, spec.withFractions(List.of(model.grid().get(i))));
        Tensor predicted = fold.predict(x.rows(folds.test(f)));
        Tensor truth = y.rows(folds.test(f));
        for (int k = 0; k < truth.size(); k++) {
          errors[k % 6] += Math.pow(truth.array()[k] - predicted.array()[k], 2);
          spread[k % 6] += Math.pow(truth.array()[k] - Columns.means(train)[k % 6], 2);
        }
      }
      for (int t = 0; t < 6; t++) {
        expected[i] += (1 - errors[t] / spread[t]) / 6;
      }
      assertEquals(expected[i], model.meanScores().get(i), 1e-5);
    }
    assertEquals(0.9, model.fractions()[0]);
    assertTrue(expected[0] > expected[1]);
  }

  @Test
  void bandedRidgeFindsTheSpaceThatMatters() {
    Tensor good = random("good", 80, 10);
    Tensor noise = random("noise", 80, 60);
    Tensor y = planted(good, 0.4, 5);
    BandedSpec few =
        new BandedSpec(
            BandedSpec.defaults().ridge(), 20, List.of(0.1, 1.0), List.of(List.of(1.0, 1.0)));
    List<Tensor> spaces = List.of(good, noise);
    int[] groups = Folds.contiguous(80, 5);
    BandedModel model = BandedRidge.fit(spaces, y, groups, few, Seed.of(3), Progress.NONE);
    for (int t = 0; t < 5; t++) {
      assertTrue(model.penalties().at(0, t) < model.penalties().at(1, t));
      assertTrue(model.scores()[t] > 0.5, "" + model.scores()[t]);
    }
    double equal = model.history()[0];
    assertTrue(Arrays.stream(model.scores()).average().orElse(0) > equal);
    BandedModel again = BandedRidge.fit(spaces, y, groups, few, Seed.of(3), Progress.NONE);
    assertArrayEquals(model.history(), again.history());
    BandedModel other = BandedRidge.fit(spaces, y, groups, few, Seed.of(4), Progress.NONE);
    assertEquals(equal, other.history()[0]);
    assertNotEquals(model.history()[2], other.history()[2]);
    BandedSpec shared =
        new BandedSpec(few.ridge().withChoice(PenaltyChoice.SHARED), 5, List.of(1.0), List.of());
    double[] penalties =
        BandedRidge.fit(spaces, y, groups, shared, Seed.of(3), Progress.NONE).penalties().array();
    assertEquals(2, Arrays.stream(penalties).distinct().count());
  }

  @Test
  void streamedTargetsGiveTheSameModel(@TempDir Path folder) {
    Tensor x = random("x", 30, 44);
    Tensor y = planted(x, 0.5, 9);
    Npy.write(folder.resolve("y.npy"), y);
    int[] groups = Folds.contiguous(30, 5);
    for (PenaltyChoice choice : PenaltyChoice.values()) {
      RidgeSpec spec = RidgeSpec.defaults().withChoice(choice);
      RidgeModel expected = Ridge.fit(x, y, groups, spec);
      try (NpyRows rows = NpyRows.open(folder.resolve("y.npy"));
          StreamedModel model =
              StreamedRidge.fit(
                  x,
                  TargetSource.of(rows),
                  groups,
                  spec,
                  new StreamedRidge.Output(folder.resolve(choice.name()), Progress.NONE))) {
        assertArrayEquals(expected.penalties(), model.penalties());
        assertArrayEquals(
            Matrix.of(expected.weights()).transpose().toTensor().array(),
            model.weights(0, 9).array());
        model.predict(
            x,
            (from, block) -> assertArrayEquals(expected.predict(x).array(), block.array(), 1e-6f));
        assertEquals(9, model.targets());
      }
    }
    Tensor half = TargetSource.of(y).read(3, 5);
    try (NpyRows rows = NpyRows.open(folder.resolve("y.npy"))) {
      assertArrayEquals(half.array(), TargetSource.of(rows).read(3, 5).array());
    }
  }

  private static Tensor planted(Tensor x, double noise, int targets) {
    float[] values =
        io.noesis.tensor.LinearAlgebra.multiply(x, random("w", x.dim(1), targets)).array();
    float[] e = random("e", x.dim(0), targets).array();
    for (int i = 0; i < values.length; i++) {
      values[i] += (float) (noise * e[i] * Math.sqrt(x.dim(1)));
    }
    return Tensor.wrap(values, x.dim(0), targets);
  }

  private static Tensor random(String name, int rows, int columns) {
    PinnedRandom random = Seed.of(rows * 1009L + columns).child(name).random();
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.wrap(values, rows, columns);
  }
}
