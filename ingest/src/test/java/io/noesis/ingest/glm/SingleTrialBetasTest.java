package io.noesis.ingest.glm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.DataException;
import io.noesis.run.Parallel;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SingleTrialBetasTest {

  private static List<TrialTiming> jittered(int n, PinnedRandom random) {
    List<TrialTiming> trials = new ArrayList<>();
    double onset = 2;
    for (int k = 0; k < n; k++) {
      trials.add(new TrialTiming("trial-" + k, onset, 1));
      onset += 4 + 2 * random.nextDouble();
    }
    return trials;
  }

  private static Tensor planted(DesignMatrix design, double[][] betas, double baseline) {
    Matrix x = design.matrix();
    int voxels = betas[0].length;
    float[] out = new float[x.rows() * voxels];
    for (int t = 0; t < x.rows(); t++) {
      for (int v = 0; v < voxels; v++) {
        double sum = baseline;
        for (int k = 0; k < betas.length; k++) {
          sum += x.at(t, k) * betas[k][v];
        }
        out[t * voxels + v] = (float) sum;
      }
    }
    return Tensor.wrap(out, x.rows(), voxels);
  }

  private static double[][] gaussian(int rows, int columns, PinnedRandom random) {
    double[][] out = new double[rows][columns];
    for (double[] row : out) {
      Arrays.setAll(row, i -> random.nextGaussian());
    }
    return out;
  }

  @Property(tries = 25)
  void plantedBetasComeBack(
      @ForAll @IntRange(min = 2, max = 30) int n,
      @ForAll @DoubleRange(min = 0.7, max = 2.5) double tr,
      @ForAll @DoubleRange(min = 0, max = 1) double start,
      @ForAll long seed) {
    PinnedRandom random = Seed.of(seed).random();
    List<TrialTiming> trials = jittered(n, random);
    RunTiming timing = new RunTiming((int) ((6 * n + 30) / tr), tr, start);
    DesignMatrix design = DesignMatrix.of(timing, trials, DesignSpec.DEFAULT);
    double[][] betas = gaussian(n, 5, random);
    Tensor found =
        SingleTrialBetas.estimate(design, planted(design, betas, 0), BetaSpec.DEFAULT).betas();
    double[] flat = Arrays.stream(betas).flatMapToDouble(Arrays::stream).toArray();
    assertTrue(Fixture.relativeError(flat, found.array()) < 1e-6 * design.conditionNumber());
  }

  @Property(tries = 20)
  void betasScaleWithTheSignalAndIgnoreTheBaseline(
      @ForAll @DoubleRange(min = 0.01, max = 100) double factor, @ForAll long seed) {
    PinnedRandom random = Seed.of(seed).random();
    DesignMatrix design =
        DesignMatrix.of(RunTiming.of(80, 2), jittered(20, random), DesignSpec.DEFAULT);
    double[][] noise = gaussian(80, 3, random);
    float[] plain = new float[240];
    float[] scaled = new float[240];
    for (int i = 0; i < 240; i++) {
      plain[i] = (float) noise[i / 3][i % 3];
      scaled[i] = (float) (factor * (plain[i] + 5));
    }
    for (NoiseModel model : NoiseModel.values()) {
      BetaSpec spec = BetaSpec.DEFAULT.withNoise(model);
      double[] expected =
          Matrix.of(
                  SingleTrialBetas.estimate(design, Tensor.wrap(plain, 80, 3), spec)
                      .betas()
                      .map(b -> b * factor))
              .array();
      assertTrue(
          Fixture.relativeError(
                  expected,
                  SingleTrialBetas.estimate(design, Tensor.wrap(scaled, 80, 3), spec)
                      .betas()
                      .array())
              < 2e-5);
    }
  }

  @Property(tries = 20)
  void theOrderOfTrialsOnlyOrdersTheBetas(@ForAll long seed) {
    PinnedRandom random = Seed.of(seed).random();
    List<TrialTiming> trials = jittered(15, random);
    int[] order = random.permutation(15);
    List<TrialTiming> shuffled = new ArrayList<>();
    for (int k : order) {
      shuffled.add(trials.get(k));
    }
    RunTiming timing = RunTiming.of(70, 1.6);
    DesignMatrix design = DesignMatrix.of(timing, trials, DesignSpec.DEFAULT);
    Tensor bold = planted(design, gaussian(15, 4, random), 100);
    for (TrialModel model : TrialModel.values()) {
      BetaSpec spec = BetaSpec.DEFAULT.withModel(model);
      Tensor one = SingleTrialBetas.estimate(design, bold, spec).betas().rows(order);
      Tensor two =
          SingleTrialBetas.estimate(
                  DesignMatrix.of(timing, shuffled, DesignSpec.DEFAULT), bold, spec)
              .betas();
      assertTrue(Fixture.relativeError(Matrix.of(one).array(), two.array()) < 1e-5);
    }
  }

  @Test
  void oneAndFourThreadsGiveTheSameBits() {
    PinnedRandom random = Seed.of(4).random();
    DesignMatrix design =
        DesignMatrix.of(RunTiming.of(120, 1.6), jittered(30, random), DesignSpec.DEFAULT);
    Tensor bold = planted(design, gaussian(30, 500, random), 1000);
    for (NoiseModel model : NoiseModel.values()) {
      BetaSpec spec = BetaSpec.DEFAULT.withNoise(model);
      SingleTrialBetas one = Parallel.with(1, () -> SingleTrialBetas.estimate(design, bold, spec));
      assertEquals(one, Parallel.with(4, () -> SingleTrialBetas.estimate(design, bold, spec)));
    }
  }

  @Test
  void betaVarianceOfSimulatedNoiseIsAsComputed() {
    PinnedRandom random = Seed.of(11).random();
    DesignMatrix design =
        DesignMatrix.of(RunTiming.of(90, 2), jittered(25, random), DesignSpec.DEFAULT);
    double rho = 0.4;
    int voxels = 4000;
    float[] bold = new float[90 * voxels];
    for (int v = 0; v < voxels; v++) {
      double state = random.nextGaussian();
      for (int t = 0; t < 90; t++) {
        bold[t * voxels + v] = (float) (1000 + 3 * state);
        state = rho * state + Math.sqrt(1 - rho * rho) * random.nextGaussian();
      }
    }
    for (TrialModel model : TrialModel.values()) {
      BetaSpec spec = BetaSpec.DEFAULT.withModel(model);
      double[] expected = design.betaNoiseVariance(spec, 3, rho);
      Tensor betas = SingleTrialBetas.estimate(design, Tensor.wrap(bold, 90, voxels), spec).betas();
      for (int k = 0; k < 25; k++) {
        double square = 0;
        for (float b : betas.row(k)) {
          square += (double) b * b / voxels;
        }
        // 4000 squares of normal draws: standard error 2.2 %, 25 trials, two models.
        assertEquals(1, square / expected[k], 0.09);
      }
    }
  }

  @Test
  void valuesThatAreNotNumbersAreRefused() {
    DesignMatrix design =
        DesignMatrix.of(RunTiming.of(40, 2), jittered(5, Seed.of(1).random()), DesignSpec.DEFAULT);
    float[] bold = new float[80];
    bold[7] = Float.NaN;
    DataException e =
        assertThrows(
            DataException.class,
            () -> SingleTrialBetas.estimate(design, Tensor.wrap(bold, 40, 2), BetaSpec.DEFAULT));
    assertTrue(e.getMessage().contains("volume 3, voxel 1"), e.getMessage());
    assertThrows(
        DataException.class,
        () -> SingleTrialBetas.estimate(design, Tensor.zeros(39, 2), BetaSpec.DEFAULT));
    e =
        assertThrows(
            DataException.class,
            () ->
                SingleTrialBetas.estimate(
                    design,
                    Tensor.zeros(40, 2),
                    BetaSpec.DEFAULT.withUnit(BetaUnit.PERCENT_OF_MEAN)));
    assertTrue(e.getMessage().contains("mean 0.0"), e.getMessage());
  }
}
