package io.noesis.ingest.simulate;

import io.noesis.ingest.glm.DesignSpec;
import io.noesis.ingest.glm.Drift;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * One simulated subject: a brain, a forward model and runs. BOLD is made per run on demand.
 *
 * @param label without {@code sub-}
 * @param brain where the voxels lie
 * @param model how they respond
 * @param runs in order of recording
 * @param signal the plan of noise and drift
 * @param seed of this subject
 */
public record SimulatedSubject(
    String label,
    SimulatedBrain brain,
    ForwardModel model,
    List<PlannedRun> runs,
    SignalPlan signal,
    Seed seed) {

  public SimulatedSubject {
    runs = List.copyOf(runs);
  }

  /** How many voxels. */
  public int voxels() {
    return brain.rois().size();
  }

  /** The true betas {@code [trials, voxels]} of all runs below each other. */
  public Tensor trueBetas() {
    List<Tensor> parts = new ArrayList<>();
    runs.forEach(run -> parts.add(trueBetas(run)));
    return Tensor.concatenate(parts.toArray(new Tensor[0]));
  }

  /** The true betas {@code [trials, voxels]} of one run. */
  public Tensor trueBetas(PlannedRun run) {
    return model.responses().rows(run.trials().stream().mapToInt(PlannedTrial::stimulus).toArray());
  }

  /**
   * The BOLD of one run: baseline, responses by the run's design, first-order autoregressive noise,
   * and drift made of the slow cosines that the default design absorbs.
   *
   * @param run one of the subject's runs
   * @return {@code [volumes, voxels]}, scanner units
   */
  public Tensor bold(PlannedRun run) {
    int volumes = run.timing().volumes();
    int voxels = voxels();
    Matrix design = run.design().matrix();
    Tensor betas = trueBetas(run);
    List<double[]> cosines = slow(run);
    Seed runSeed = seed.child("run" + run.entities());
    PinnedRandom noise = runSeed.child("noise").random();
    PinnedRandom slow = runSeed.child("drift").random();
    float[] out = new float[Math.multiplyExact(volumes, voxels)];
    double[] series = new double[volumes];
    for (int v = 0; v < voxels; v++) {
      VoxelTruth truth = model.voxels().get(v);
      autoregressive(series, truth.noiseSd(), noise);
      addDrift(series, cosines, signal.driftPercent() / 100 * truth.baseline(), slow);
      for (int t = 0; t < volumes; t++) {
        double sum = truth.baseline() + series[t];
        for (int k = 0; k < betas.dim(0); k++) {
          sum += design.at(t, k) * betas.array()[k * voxels + v];
        }
        out[t * voxels + v] = (float) sum;
      }
    }
    return Tensor.wrap(out, volumes, voxels);
  }

  private static List<double[]> slow(PlannedRun run) {
    Drift drift = DesignSpec.DEFAULT.drift();
    List<double[]> columns = drift.columns(run.timing().frameTimes());
    for (double[] column : columns) {
      for (int t = 0; t < column.length; t++) {
        column[t] *= Math.sqrt(column.length);
      }
    }
    return columns;
  }

  private void autoregressive(double[] series, double sd, PinnedRandom random) {
    double rho = signal.rho();
    double innovation = Math.sqrt(1 - rho * rho);
    double state = random.nextGaussian();
    for (int t = 0; t < series.length; t++) {
      series[t] = sd * state;
      state = rho * state + innovation * random.nextGaussian();
    }
  }

  /** Slower cosines are larger, as drift of scanners is; the run's mean moves a little, too. */
  private static void addDrift(
      double[] series, List<double[]> cosines, double size, PinnedRandom random) {
    double level = size * random.nextGaussian();
    for (int t = 0; t < series.length; t++) {
      series[t] += level;
    }
    for (int k = 0; k < cosines.size(); k++) {
      double amplitude = size * random.nextGaussian() / (k + 1);
      for (int t = 0; t < series.length; t++) {
        series[t] += amplitude * cosines.get(k)[t];
      }
    }
  }
}
