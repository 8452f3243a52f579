package io.noesis.ingest.simulate;

/**
 * The plan of a simulated study.
 *
 * @param subjects how many
 * @param voxels per subject, within 5 % (every subject has a number of its own)
 * @param pictures what is shown
 * @param timing when
 * @param signal how strong signal and noise are
 * @param leak a fault to plant, mostly none
 */
public record SimulationSpec(
    int subjects,
    int voxels,
    PicturePlan pictures,
    TimingPlan timing,
    SignalPlan signal,
    Leak leak) {

  public SimulationSpec {
    Plan.require(subjects >= 1 && subjects <= 99, "subjects must be 1 to 99, found %d", subjects);
    Plan.require(
        voxels >= 20 && voxels <= 200_000, "voxels must be 20 to 200000, found %d", voxels);
    int runs =
        timing.runSizes(pictures.train() * pictures.trainRepetitions()).size()
            + timing.runSizes(pictures.test() * pictures.testRepetitions()).size();
    Plan.require(
        timing.sessions() <= runs,
        "%d sessions for %d runs: expected at least one run per session; use fewer sessions or"
            + " fewer trials per run",
        timing.sessions(),
        runs);
    Plan.require(
        leak == Leak.NONE || pictures.test() >= 4,
        "a leak needs at least 4 test pictures, found %d",
        pictures.test());
    Plan.require(
        leak == Leak.NONE || leak == Leak.SHARED_RUNS || pictures.train() > pictures.test() / 4,
        "the leak %s takes the place of %d training pictures, found %d",
        leak,
        pictures.test() / 4,
        pictures.train());
  }

  /** The demo's study: 2 subjects, about 560 voxels, 936 trials each. */
  public static SimulationSpec defaults() {
    return new SimulationSpec(
        2, 560, PicturePlan.defaults(), TimingPlan.defaults(), SignalPlan.defaults(), Leak.NONE);
  }

  /** The same with a fault planted. */
  public SimulationSpec withLeak(Leak planted) {
    return new SimulationSpec(subjects, voxels, pictures, timing, signal, planted);
  }

  /** The same with other pictures. */
  public SimulationSpec withPictures(PicturePlan others) {
    return new SimulationSpec(subjects, voxels, others, timing, signal, leak);
  }

  /** The same with another timing. */
  public SimulationSpec withTiming(TimingPlan other) {
    return new SimulationSpec(subjects, voxels, pictures, other, signal, leak);
  }

  /** The same with other signal and noise. */
  public SimulationSpec withSignal(SignalPlan other) {
    return new SimulationSpec(subjects, voxels, pictures, timing, other, leak);
  }

  /** The same with other numbers of subjects and voxels. */
  public SimulationSpec withSize(int otherSubjects, int otherVoxels) {
    return new SimulationSpec(otherSubjects, otherVoxels, pictures, timing, signal, leak);
  }
}
