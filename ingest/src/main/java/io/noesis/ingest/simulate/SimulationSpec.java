package io.noesis.ingest.simulate;

import io.noesis.ingest.simulate.stimulus.FirstFrame;

/**
 * The plan of a simulated study.
 *
 * @param subjects how many
 * @param voxels per subject, within 5 % (every subject has a number of its own)
 * @param pictures what is shown
 * @param timing when
 * @param signal how strong signal and noise are
 * @param leak a fault to plant, mostly none
 * @param motion places along each side of the grid on which what pictures show moves, at most 64
 *     and as many as pixels; 0: nothing moves
 */
public record SimulationSpec(
    int subjects,
    int voxels,
    PicturePlan pictures,
    TimingPlan timing,
    SignalPlan signal,
    Leak leak,
    int motion) {

  /** Elements of the largest array that every virtual machine makes. */
  private static final long LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  public SimulationSpec {
    Plan.require(
        motion >= 0 && motion <= pictures.pixels() && motion <= 64,
        "motion must be 0 to %d places along a side of a picture, found %d",
        Math.min(64, pictures.pixels()),
        motion);
    Plan.require(
        (long) motion * motion * FirstFrame.FEATURES * pictures.distinct() <= LARGEST_ARRAY,
        "the first frames of %d pictures at %d x %d places are more numbers than one array holds;"
            + " use fewer places (motion) or pictures",
        pictures.distinct(),
        motion,
        motion);
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

  /** Of pictures in which nothing moves. */
  public SimulationSpec(
      int subjects,
      int voxels,
      PicturePlan pictures,
      TimingPlan timing,
      SignalPlan signal,
      Leak leak) {
    this(subjects, voxels, pictures, timing, signal, leak, 0);
  }

  /** The demo's study: 2 subjects, about 560 voxels, 936 trials each. */
  public static SimulationSpec defaults() {
    return new SimulationSpec(
        2, 560, PicturePlan.defaults(), TimingPlan.defaults(), SignalPlan.defaults(), Leak.NONE);
  }

  /** The same with a fault planted. */
  public SimulationSpec withLeak(Leak planted) {
    return new SimulationSpec(subjects, voxels, pictures, timing, signal, planted, motion);
  }

  /** The same with other pictures. */
  public SimulationSpec withPictures(PicturePlan others) {
    return new SimulationSpec(subjects, voxels, others, timing, signal, leak, motion);
  }

  /** The same with another timing. */
  public SimulationSpec withTiming(TimingPlan other) {
    return new SimulationSpec(subjects, voxels, pictures, other, signal, leak, motion);
  }

  /** The same with other signal and noise. */
  public SimulationSpec withSignal(SignalPlan other) {
    return new SimulationSpec(subjects, voxels, pictures, timing, other, leak, motion);
  }

  /** The same with other numbers of subjects and voxels. */
  public SimulationSpec withSize(int otherSubjects, int otherVoxels) {
    return new SimulationSpec(otherSubjects, otherVoxels, pictures, timing, signal, leak, motion);
  }

  /** The same with pictures that move on a grid of so many places along each side. */
  public SimulationSpec withMotion(int side) {
    return new SimulationSpec(subjects, voxels, pictures, timing, signal, leak, side);
  }
}
