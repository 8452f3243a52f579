package io.noesis.ingest.simulate;

import io.noesis.ingest.glm.BetaSpec;
import io.noesis.ingest.glm.DesignMatrix;
import io.noesis.run.Parallel;
import io.noesis.tensor.Matrix;
import java.util.List;

/**
 * How much noise of volumes reaches single-trial betas (ordinary least squares), averaged over the
 * trials of some runs, per unit variance of the noise.
 *
 * @param noiseGain variance of a beta
 * @param noiseGainWithinRun variance of a beta after the mean of its run's betas is taken away
 */
record DesignEfficiency(double noiseGain, double noiseGainWithinRun) {

  static DesignEfficiency of(List<PlannedRun> runs, double rho) {
    double[] all = new double[runs.size()];
    double[] within = new double[runs.size()];
    Parallel.forBlocks(
        runs.size(),
        1,
        (from, to) -> {
          for (int r = from; r < to; r++) {
            DesignMatrix design = runs.get(r).design();
            Matrix c = design.betaNoiseCovariance(BetaSpec.DEFAULT, 1, rho);
            double trace = 0;
            double sum = 0;
            for (int k = 0; k < c.rows(); k++) {
              trace += c.at(k, k);
              for (int j = 0; j < c.rows(); j++) {
                sum += c.at(k, j);
              }
            }
            all[r] = trace;
            within[r] = trace - sum / c.rows();
          }
        });
    double trials = 0;
    double gain = 0;
    double gainWithin = 0;
    for (int r = 0; r < all.length; r++) {
      trials += runs.get(r).trials().size();
      gain += all[r];
      gainWithin += within[r];
    }
    return new DesignEfficiency(gain / trials, gainWithin / trials);
  }
}
