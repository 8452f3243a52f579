package io.noesis.encoders.ridge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.tensor.DoubleArray;
import io.noesis.tensor.Npz;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against scikit-learn's Ridge and GridSearchCV; made by tests/fixtures/make/ridge.py. */
class RidgeParityTest {
  private static final double RELATIVE = 1e-5;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"wide", "tall", "one-target", "square", "offset", "wide-offset"})
  void fitsAgreeWithScikitLearn(String name) throws IOException {
    try (Npz npz = open(name)) {
      Tensor x = npz.read("x");
      Tensor y = npz.read("y");
      double[] alphas = npz.readDoubles("alphas").array();
      DoubleArray coef = npz.readDoubles("coef");
      DoubleArray predicted = npz.readDoubles("predicted");
      for (int i = 0; i < coef.shape().dim(0); i++) {
        RidgeModel model = Ridge.fit(x, y, RidgeSpec.fixed(alphas[5 * i]));
        assertRelative(coef, i, model.weights());
        assertRelative(predicted, i, model.predict(npz.read("new")));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"wide", "tall", "one-target", "square", "offset", "wide-offset"})
  void theSamePenaltyIsChosen(String name) throws IOException {
    try (Npz npz = open(name)) {
      long[] labels = npz.readLongs("groups").array();
      int[] groups = Arrays.stream(labels).mapToInt(Math::toIntExact).toArray();
      List<Double> alphas = Arrays.stream(npz.readDoubles("alphas").array()).boxed().toList();
      RidgeSpec spec = new RidgeSpec(alphas, PenaltyChoice.SHARED, 1000);
      RidgeModel shared = Ridge.fit(npz.read("x"), npz.read("y"), groups, spec);
      assertArrayEquals(npz.readDoubles("scores").array(), shared.scores().array(), 1e-6);
      assertEquals(npz.readDoubles("best").array()[0], shared.penalties()[0]);
      if (npz.names().contains("best_grid")) {
        // GridSearchCV averages the r2 of groups, we pool them; a flat top may differ by one step.
        double ratio = npz.readDoubles("best_grid").array()[0] / shared.penalties()[0];
        assertEquals(name.equals("square") ? Math.sqrt(10) : 1, ratio, 1e-9);
      }
      RidgeModel each =
          Ridge.fit(
              npz.read("x"), npz.read("y"), groups, spec.withChoice(PenaltyChoice.PER_TARGET));
      assertArrayEquals(npz.readDoubles("best_each").array(), each.penalties());
    }
  }

  private Npz open(String name) throws IOException {
    Path file = folder.resolve(name + ".npz");
    try (InputStream in = RidgeParityTest.class.getResourceAsStream("ridge-" + name + ".npz")) {
      Files.write(file, in.readAllBytes());
    }
    return Npz.open(file);
  }

  private static void assertRelative(DoubleArray all, int i, Tensor found) {
    int size = found.size();
    double[] expected = Arrays.copyOfRange(all.array(), i * size, (i + 1) * size);
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    double worst = 0;
    for (int k = 0; k < size; k++) {
      worst = Math.max(worst, Math.abs(expected[k] - found.array()[k]));
    }
    assertTrue(worst <= RELATIVE * largest, worst / largest + " of the largest");
  }
}
