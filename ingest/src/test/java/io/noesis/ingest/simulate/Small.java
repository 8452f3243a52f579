package io.noesis.ingest.simulate;

import io.noesis.run.Seed;

/** Plans small enough for unit tests. */
final class Small {
  private Small() {}

  /** 2 subjects, about 60 voxels, 24 training and 8 test pictures, 2 sessions. */
  static SimulationSpec spec() {
    TimingPlan timing = TimingPlan.defaults();
    return SimulationSpec.defaults()
        .withSize(2, 60)
        .withPictures(new PicturePlan(24, 1, 8, 3, 16))
        .withTiming(
            new TimingPlan(
                2,
                12,
                timing.trSeconds(),
                timing.spacingSeconds(),
                timing.jitterSeconds(),
                timing.stimulusSeconds(),
                timing.blankShare(),
                0));
  }

  static SimulatedStudy study(SimulationSpec spec) {
    return SimulatedStudy.of(spec, Seed.of(3).child("simulate"));
  }
}
