package io.noesis.ingest.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.glm.BetaSpec;
import io.noesis.ingest.glm.NoiseCeiling;
import io.noesis.ingest.glm.SingleTrialBetas;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the GLM finds in a simulated study against what the study was made of. */
class KnownTruthTest {
  private static SimulatedStudy study;
  private static SimulatedSubject subject;
  private static Tensor truth;
  private static Tensor found;

  @BeforeAll
  static void estimate() {
    SimulationSpec spec =
        SimulationSpec.defaults()
            .withSize(1, 400)
            .withSignal(new SignalPlan(0.35, 0.15, 0.3, 1))
            .withPictures(new PicturePlan(240, 1, 120, 4, 16));
    study = SimulatedStudy.of(spec, Seed.of(20));
    subject = study.subjects().get(0);
    truth = subject.trueBetas();
    found = estimated(subject);
  }

  private static Tensor estimated(SimulatedSubject of) {
    List<Tensor> parts = new ArrayList<>();
    for (PlannedRun run : of.runs()) {
      parts.add(SingleTrialBetas.estimate(run.design(), of.bold(run), BetaSpec.DEFAULT).betas());
    }
    return Tensor.concatenate(parts.toArray(new Tensor[0]));
  }

  @Test
  void noiseOfBetasIsAsComputed() {
    double all = 0;
    double within = 0;
    int voxels = subject.voxels();
    for (int v = 0; v < voxels; v++) {
      VoxelTruth voxel = subject.model().voxels().get(v);
      double square = 0;
      double squareWithin = 0;
      int row = 0;
      for (PlannedRun run : subject.runs()) {
        double[] error = new double[run.trials().size()];
        double mean = 0;
        for (int k = 0; k < error.length; k++, row++) {
          error[k] = found.at(row, v) - truth.at(row, v);
          mean += error[k] / error.length;
          square += error[k] * error[k];
        }
        for (double e : error) {
          squareWithin += (e - mean) * (e - mean);
        }
      }
      double trials = truth.dim(0);
      all += square / trials / (voxel.betaNoiseSd() * voxel.betaNoiseSd()) / voxels;
      double sd = voxel.betaNoiseSdWithinRun();
      within += squareWithin / trials / (sd * sd) / voxels;
    }
    // 400 voxels x 720 trials: the standard error is far below 1 %.
    assertEquals(1, all, 0.02);
    assertEquals(1, within, 0.02);
  }

  @Test
  void betasCorrelateWithTheTruthAsTheCeilingSays() {
    double mean = 0;
    double expected = 0;
    int n = 0;
    for (int v = 0; v < subject.voxels(); v++) {
      double ceiling = subject.model().voxels().get(v).ceiling();
      if (ceiling > 0) {
        mean += correlation(v);
        expected += Math.sqrt(ceiling);
        n++;
      }
    }
    assertEquals(1, mean / expected, 0.03, mean / n + " against " + expected / n);
  }

  private static double correlation(int v) {
    int n = truth.dim(0);
    double a = 0;
    double b = 0;
    for (int t = 0; t < n; t++) {
      a += truth.at(t, v) / n;
      b += found.at(t, v) / n;
    }
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int t = 0; t < n; t++) {
      ab += (truth.at(t, v) - a) * (found.at(t, v) - b);
      aa += (truth.at(t, v) - a) * (truth.at(t, v) - a);
      bb += (found.at(t, v) - b) * (found.at(t, v) - b);
    }
    return ab / Math.sqrt(aa * bb);
  }

  @Test
  void ceilingMeasuredFromRepetitionsIsTheAnalyticOne() {
    List<Integer> rows = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    List<String> sessions = new ArrayList<>();
    int row = 0;
    for (PlannedRun run : subject.runs()) {
      for (PlannedTrial trial : run.trials()) {
        if (trial.part().equals("test")) {
          rows.add(row);
          ids.add(study.stimuli().get(trial.stimulus()).id());
          sessions.add(run.session());
        }
        row++;
      }
    }
    Tensor test = found.rows(rows.stream().mapToInt(i -> i).toArray());
    Tensor measured = NoiseCeiling.measure(test, ids, sessions).percent(1);
    double mean = 0;
    double expected = 0;
    double silent = 0;
    int n = 0;
    for (int v = 0; v < subject.voxels(); v++) {
      double ceiling = subject.model().voxels().get(v).ceiling();
      mean += ceiling > 0 ? measured.at(v) : 0;
      silent += ceiling > 0 ? 0 : measured.at(v);
      expected += 100 * ceiling;
      n += ceiling > 0 ? 1 : 0;
    }
    // 120 pictures are a sample of the responses: their signal variance varies by some percent.
    assertEquals(1, mean / expected, 0.08, mean / n + " against " + expected / n);
    // Of silent voxels only the positive half of the sampling error is left.
    assertTrue(silent / (subject.voxels() - n) < 4, "silent voxels: " + silent);
  }

  @Test
  void plannedCeilingIsTheMeanOverVoxelsWithSignal() {
    double[] ceilings =
        subject.model().voxels().stream()
            .mapToDouble(VoxelTruth::ceiling)
            .filter(c -> c > 0)
            .toArray();
    assertEquals(0.35, java.util.Arrays.stream(ceilings).average().orElseThrow(), 0.02);
  }

  @Test
  void powerPlanSaysWhatTheStudyHas() {
    PowerPlan plan = PowerPlan.of(study.spec(), Seed.of(20));
    VoxelTruth voxel = subject.model().voxels().get(0);
    double gain = voxel.betaNoiseSd() * voxel.betaNoiseSd() / (voxel.noiseSd() * voxel.noiseSd());
    assertEquals(gain, plan.noiseGain(), 1e-9);
    assertEquals(truth.dim(0), plan.trials());
    assertEquals(
        subject.runs().stream().mapToInt(run -> run.timing().volumes()).sum(), plan.volumes());
    assertEquals(35, plan.ceilingPercent(1), 1e-9);
    assertEquals(100 * 0.35 / (0.35 + 0.65 / 4), plan.ceilingPercent(4), 1e-9);
    assertEquals(voxel.ceiling(), plan.ceilingOf(voxel.betaSignalSd(), voxel.noiseSd()), 1e-9);
    assertEquals(4, plan.lines().size());
  }

  @Test
  void blanksMakeTheTimingMoreEfficient() {
    TimingPlan t = TimingPlan.defaults();
    double without =
        PowerPlan.of(study.spec().withTiming(new TimingPlan(2, 72, 2, 4, 1.5, 2, 0, 0)), Seed.of(1))
            .noiseGain();
    double with = PowerPlan.of(study.spec().withTiming(t), Seed.of(1)).noiseGain();
    assertTrue(with < 0.7 * without, with + " with blanks, " + without + " without");
  }
}
