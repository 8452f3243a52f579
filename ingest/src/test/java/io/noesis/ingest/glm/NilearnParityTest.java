package io.noesis.ingest.glm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Designs, betas and variances against nilearn 0.14 and numpy: {@code fixtures/make/glm.py}. */
class NilearnParityTest {

  @ParameterizedTest
  @ValueSource(strings = {"spm", "glover"})
  void designEqualsNilearn(String name) {
    Fixture fixture = Fixture.read(name);
    Matrix found = fixture.design().matrix();
    Matrix expected = fixture.array("design", found.rows(), found.columns());
    assertArrayEquals(expected.array(), found.array(), 1e-10);
  }

  @ParameterizedTest
  @ValueSource(strings = {"spm", "glover"})
  void betasEqualNilearn(String name) {
    Fixture fixture = Fixture.read(name);
    assertBetas(fixture, "ols", BetaSpec.DEFAULT);
    assertBetas(fixture, "ols2", BetaSpec.DEFAULT.withUnit(BetaUnit.PERCENT_OF_MEAN));
    assertBetas(fixture, "ar1", BetaSpec.DEFAULT.withNoise(NoiseModel.AUTOREGRESSIVE));
    assertBetas(fixture, "lss", BetaSpec.DEFAULT.withModel(TrialModel.LEAST_SQUARES_SEPARATE));
  }

  private static void assertBetas(Fixture fixture, String what, BetaSpec spec) {
    Tensor found = SingleTrialBetas.estimate(fixture.design(), fixture.bold(), spec).betas();
    Matrix expected = fixture.array(what, found.dim(0), found.dim(1));
    double error = Fixture.relativeError(expected.array(), found.array());
    assertTrue(error < 1e-6, () -> fixture.name() + " " + what + " differs by " + error);
  }

  @ParameterizedTest
  @ValueSource(strings = {"spm", "glover"})
  void residualVarianceAndRhoEqualNilearn(String name) {
    Fixture fixture = Fixture.read(name);
    SingleTrialBetas found =
        SingleTrialBetas.estimate(fixture.design(), fixture.bold(), BetaSpec.DEFAULT);
    double[] expected = fixture.vector("residual", 17);
    assertTrue(Fixture.relativeError(expected, found.residualVariance().array()) < 1e-6);
    SingleTrialBetas auto =
        SingleTrialBetas.estimate(
            fixture.design(),
            fixture.bold(),
            BetaSpec.DEFAULT.withNoise(NoiseModel.AUTOREGRESSIVE));
    assertArrayEquals(
        Matrix.wrap(1, 17, fixture.vector("ar1rho", 17)).toTensor().array(), auto.rho().array());
  }

  @ParameterizedTest
  @ValueSource(strings = {"spm", "glover"})
  void noiseVarianceEqualsTheMatrixFormula(String name) {
    Fixture fixture = Fixture.read(name);
    DesignMatrix design = fixture.design();
    assertVariance(fixture, "sandwich", design.betaNoiseVariance(BetaSpec.DEFAULT, 2.5, 0.35));
    assertVariance(
        fixture,
        "sandwichgls",
        design.betaNoiseVariance(BetaSpec.DEFAULT.withNoise(NoiseModel.AUTOREGRESSIVE), 2.5, 0.35));
  }

  private static void assertVariance(Fixture fixture, String what, double[] found) {
    double[] expected = fixture.vector(what, found.length);
    for (int k = 0; k < found.length; k++) {
      assertEquals(1, found[k] / expected[k], 1e-9);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"spm", "glover"})
  void conditionNumberEqualsNumpy(String name) {
    Fixture fixture = Fixture.read(name);
    assertEquals(1, fixture.design().conditionNumber() / fixture.vector("condition", 1)[0], 1e-6);
  }
}
