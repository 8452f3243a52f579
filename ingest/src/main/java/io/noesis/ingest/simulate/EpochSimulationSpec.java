package io.noesis.ingest.simulate;

/**
 * The plan of a simulated EEG or MEG study.
 *
 * @param subjects how many
 * @param pictures what is shown
 * @param sensors what records them
 * @param code how pictures show in the recordings
 */
public record EpochSimulationSpec(
    int subjects, PicturePlan pictures, SensorPlan sensors, EpochCodePlan code) {
  /** Checks the count. */
  public EpochSimulationSpec {
    Plan.require(subjects >= 1 && subjects <= 99, "subjects must be 1 to 99, found %d", subjects);
    Plan.require(
        pictures.train() + pictures.test() > code.sources(),
        "%d sources need more pictures than that, found %d",
        code.sources(),
        pictures.train() + pictures.test());
  }

  /** Two subjects, 600 pictures once and 100 others four times, 32 electrodes at 100 Hz. */
  public static EpochSimulationSpec defaults() {
    return new EpochSimulationSpec(
        2,
        new PicturePlan(600, 1, 100, 4, 64),
        SensorPlan.defaults(SensorPlan.Modality.EEG),
        EpochCodePlan.defaults());
  }

  /** The same with other pictures. */
  public EpochSimulationSpec withPictures(PicturePlan others) {
    return new EpochSimulationSpec(subjects, others, sensors, code);
  }

  /** The same with other sensors. */
  public EpochSimulationSpec withSensors(SensorPlan others) {
    return new EpochSimulationSpec(subjects, pictures, others, code);
  }

  /** The same with another code. */
  public EpochSimulationSpec withCode(EpochCodePlan other) {
    return new EpochSimulationSpec(subjects, pictures, sensors, other);
  }

  /** The same with another number of subjects. */
  public EpochSimulationSpec withSubjects(int other) {
    return new EpochSimulationSpec(other, pictures, sensors, code);
  }
}
