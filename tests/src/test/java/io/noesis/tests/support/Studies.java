package io.noesis.tests.support;

import io.noesis.ingest.simulate.Existing;
import io.noesis.ingest.simulate.Leak;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.SignalPlan;
import io.noesis.ingest.simulate.SimulatedStudy;
import io.noesis.ingest.simulate.SimulationSpec;
import io.noesis.run.Parallel;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import java.nio.file.Path;

/** Simulated studies for tests, written as real BIDS folders. */
public final class Studies {
  private Studies() {}

  /** A plan with independent noise and drift as in the demo. */
  public static SimulationSpec plan(int voxels, PicturePlan pictures, double noiseCeiling) {
    SignalPlan signal = SimulationSpec.defaults().signal();
    return SimulationSpec.defaults()
        .withSize(2, voxels)
        .withPictures(pictures)
        .withSignal(
            new SignalPlan(
                noiseCeiling, signal.noiseVoxels(), signal.rho(), signal.driftPercent()));
  }

  /** Two subjects, 60 voxels, 72 training and 24 test pictures: enough to run, not to learn. */
  public static SimulationSpec tiny() {
    return plan(60, new PicturePlan(72, 1, 24, 2, 64), 0.5);
  }

  /** The tiny study with a fault that an audit must find. */
  public static SimulationSpec tiny(Leak leak) {
    return tiny().withLeak(leak);
  }

  /** Writes a study on two threads and returns it with its truth. */
  public static SimulatedStudy write(SimulationSpec plan, long seed, Path folder) {
    SimulatedStudy study = SimulatedStudy.of(plan, Seed.of(seed));
    return Parallel.with(
        2,
        () -> {
          study.write(folder, Existing.REPLACE, Progress.NONE);
          return study;
        });
  }
}
