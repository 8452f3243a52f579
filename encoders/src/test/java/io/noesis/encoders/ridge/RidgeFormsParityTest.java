package io.noesis.encoders.ridge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.Progress;
import io.noesis.run.Seed;
import io.noesis.tensor.DoubleArray;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Npz;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Against scikit-learn, himalaya and fracridge; made by tests/fixtures/make/ridge_forms.py, which
 * states versions and tolerances.
 */
class RidgeFormsParityTest {
  private static final double RELATIVE = 1e-5;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "wide,AUTO",
    "wide,DUAL",
    "wide,PRIMAL",
    "wide,SVD",
    "tall,AUTO",
    "tall,DUAL",
    "tall,PRIMAL",
    "tall,SVD",
    "between,AUTO",
    "between,SVD"
  })
  void leaveOneOutAgreesWithRidgeCvInEveryForm(String name, RidgeForm form) throws IOException {
    try (Npz npz = open("forms-" + name)) {
      Tensor x = npz.read("x");
      Tensor y = npz.read("y");
      RidgeSpec spec =
          new RidgeSpec(list(npz, "alphas"), PenaltyChoice.PER_TARGET, 5)
              .withValidation(Validation.LEAVE_ONE_OUT)
              .withForm(form);
      RidgeModel model = Ridge.fit(x, y, spec);
      assertArrayEquals(npz.readDoubles("loo_alpha").array(), model.penalties(), 1e-9);
      assertRelative(npz.readDoubles("loo_coef").array(), model.weights().array());
      double[] expected = npz.readDoubles("loo_error").array();
      int n = x.dim(0);
      Matrix scores = model.scores();
      double[] found = new double[expected.length];
      for (int t = 0; t < y.dim(1); t++) {
        double mean = Columns.means(y)[t];
        double spread = 0;
        for (int r = 0; r < n; r++) {
          spread += Math.pow((y.at(r, t) - mean) * n / (n - 1), 2);
        }
        for (int a = 0; a < scores.rows(); a++) {
          found[t * scores.rows() + a] = (1 - scores.at(a, t)) * spread / n;
        }
      }
      assertRelative(expected, found);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"wide", "tall", "between"})
  void kernelRidgeAgreesWithScikitLearnAndHimalaya(String name) throws IOException {
    try (Npz npz = open("forms-" + name)) {
      Tensor x = npz.read("x");
      Tensor y = npz.read("y");
      List<Double> alphas = list(npz, "alphas");
      RidgeModel one = Ridge.fit(x, y, RidgeSpec.fixed(alphas.get(3)).withForm(RidgeForm.DUAL));
      assertRelative(
          npz.readDoubles("kernel_predicted").array(), one.predict(npz.read("new")).array());
      double[] chosen = npz.readDoubles("him_alpha").array();
      double[] coef = npz.readDoubles("him_coef").array();
      for (int t = 0; t < chosen.length; t++) {
        double[] expected = new double[x.dim(1)];
        float[] found = new float[x.dim(1)];
        RidgeModel model = Ridge.fit(x, y, RidgeSpec.fixed(chosen[t]));
        for (int c = 0; c < found.length; c++) {
          expected[c] = coef[c * chosen.length + t];
          found[c] = model.weights().at(c, t);
        }
        assertRelative(expected, found);
      }
      if (!name.equals("wide")) {
        // In "wide" himalaya's choice differs: it does not centre anew on what a fold is fitted to.
        RidgeSpec spec = new RidgeSpec(alphas, PenaltyChoice.PER_TARGET, 5);
        assertArrayEquals(chosen, Ridge.fit(x, y, spec).penalties(), 1e-9);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"wide,AUTO", "wide,DUAL", "tall,AUTO", "tall,PRIMAL", "between,AUTO", "between,DUAL"})
  void fractionsAgreeWithFracridge(String name, RidgeForm form) throws IOException {
    try (Npz npz = open("forms-" + name)) {
      Tensor x = npz.read("x");
      Tensor y = npz.read("y");
      List<Double> fractions = list(npz, "fracs");
      DoubleArray coef = npz.readDoubles("frac_coef");
      int targets = y.dim(1);
      for (int f = 0; f < fractions.size(); f++) {
        RidgeSpec spec = RidgeSpec.fixed(1).withFractions(List.of(fractions.get(f))).withForm(form);
        RidgeModel model = Ridge.fit(x, y, spec);
        double[] expected = new double[x.dim(1) * targets];
        for (int i = 0; i < expected.length; i++) {
          int at = i / targets * fractions.size() * targets + f * targets + i % targets;
          expected[i] = coef.array()[at];
        }
        assertRelative(expected, model.weights().array());
        double[] alphas =
            Arrays.copyOfRange(
                npz.readDoubles("frac_alpha").array(), f * targets, (f + 1) * targets);
        assertRelative(alphas, model.penalties());
        assertEquals(targets, model.fractions().length);
      }
    }
  }

  @Test
  void bandedRidgeAgreesWithHimalaya() throws IOException {
    try (Npz npz = open("banded")) {
      List<Tensor> spaces = List.of(npz.read("a"), npz.read("b"), npz.read("c"));
      Tensor y = npz.read("y");
      double[] gammas = npz.readDoubles("gammas").array();
      List<List<Double>> weightings =
          IntStream.range(0, gammas.length / 3)
              .mapToObj(i -> List.of(gammas[3 * i], gammas[3 * i + 1], gammas[3 * i + 2]))
              .toList();
      BandedSpec spec =
          new BandedSpec(
              new RidgeSpec(list(npz, "alphas"), PenaltyChoice.PER_TARGET, 5),
              0,
              List.of(),
              weightings);
      int[] folds = Folds.contiguous(60, 5);
      BandedModel model = BandedRidge.fit(spaces, y, folds, spec, Seed.of(1), Progress.NONE);
      double[] deltas = npz.readDoubles("deltas").array();
      double[] expected = Arrays.stream(deltas).map(d -> Math.exp(-d)).toArray();
      assertArrayEquals(
          expected, model.penalties().array(), 1e-6 * Arrays.stream(expected).max().orElseThrow());
      double[] coefs = npz.readDoubles("coefs").array();
      int at = 0;
      for (Tensor weights : model.weights()) {
        assertRelative(Arrays.copyOfRange(coefs, at, at + weights.size()), weights.array());
        at += weights.size();
      }
      assertRelative(npz.readDoubles("intercept").array(), model.intercept().array());
      Tensor sum = model.predict(spaces);
      List<Tensor> parts = model.contributions(spaces);
      for (int i = 0; i < sum.size(); i++) {
        double total = model.intercept().array()[i % 6];
        for (Tensor part : parts) {
          total += part.array()[i];
        }
        assertEquals(total, sum.array()[i], 1e-5);
      }
    }
  }

  private static List<Double> list(Npz npz, String name) {
    return Arrays.stream(npz.readDoubles(name).array()).boxed().toList();
  }

  private Npz open(String name) throws IOException {
    Path file = folder.resolve(name + ".npz");
    try (InputStream in = RidgeFormsParityTest.class.getResourceAsStream(name + ".npz")) {
      Files.write(file, in.readAllBytes());
    }
    return Npz.open(file);
  }

  private static void assertRelative(double[] expected, float[] found) {
    double[] wide = new double[found.length];
    Arrays.setAll(wide, i -> found[i]);
    assertRelative(expected, wide);
  }

  private static void assertRelative(double[] expected, double[] found) {
    double largest = Math.max(1e-12, Arrays.stream(expected).map(Math::abs).max().orElseThrow());
    double worst = 0;
    for (int k = 0; k < expected.length; k++) {
      worst = Math.max(worst, Math.abs(expected[k] - found[k]));
    }
    assertEquals(expected.length, found.length);
    assertTrue(worst <= RELATIVE * largest, worst / largest + " of the largest " + largest);
  }
}
