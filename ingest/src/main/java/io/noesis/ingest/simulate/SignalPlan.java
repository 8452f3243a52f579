package io.noesis.ingest.simulate;

/**
 * How strong signal and noise are.
 *
 * @param noiseCeiling the share of the variance of single-trial betas that is signal, averaged over
 *     voxels with signal; 0 is a study without any signal
 * @param noiseVoxels the share of voxels without signal
 * @param rho correlation of the noise of neighbouring volumes
 * @param driftPercent size of slow drift, in percent of the baseline
 * @param code how the attributes of a picture become responses
 * @param smoothMm full width at half maximum, in mm, of the kernel over which the preferences of
 *     neighbouring voxels are alike; 0: each voxel has its own, unrelated to its neighbours'
 */
public record SignalPlan(
    double noiseCeiling,
    double noiseVoxels,
    double rho,
    double driftPercent,
    StimulusCode code,
    double smoothMm) {

  public SignalPlan {
    Plan.require(
        noiseCeiling >= 0 && noiseCeiling <= 0.99,
        "noiseCeiling must be 0 to 0.99, found %s",
        noiseCeiling);
    Plan.require(
        noiseVoxels >= 0 && noiseVoxels <= 0.9,
        "noiseVoxels must be 0 to 0.9, found %s",
        noiseVoxels);
    Plan.require(rho >= 0 && rho <= 0.95, "rho must be 0 to 0.95, found %s", rho);
    Plan.require(
        driftPercent >= 0 && driftPercent <= 10,
        "driftPercent must be 0 to 10, found %s",
        driftPercent);
    Plan.require(smoothMm >= 0 && smoothMm <= 50, "smoothMm must be 0 to 50, found %s", smoothMm);
  }

  /**
   * With a linear code and voxels that each have their own preferences.
   *
   * @param noiseCeiling the share of the variance of single-trial betas that is signal
   * @param noiseVoxels the share of voxels without signal
   * @param rho correlation of the noise of neighbouring volumes
   * @param driftPercent size of slow drift, in percent of the baseline
   */
  public SignalPlan(double noiseCeiling, double noiseVoxels, double rho, double driftPercent) {
    this(noiseCeiling, noiseVoxels, rho, driftPercent, StimulusCode.LINEAR, 0);
  }

  /** The same with another code. */
  public SignalPlan withCode(StimulusCode other) {
    return new SignalPlan(noiseCeiling, noiseVoxels, rho, driftPercent, other, smoothMm);
  }

  /** The same with preferences that are alike over so many mm. */
  public SignalPlan withSmooth(double mm) {
    return new SignalPlan(noiseCeiling, noiseVoxels, rho, driftPercent, code, mm);
  }

  /**
   * A sixteenth of single-trial variance is signal, as in slow event-related fMRI; 15 % of voxels
   * have none. The noise of different voxels is independent, so decoders average it away and do
   * well at ceilings at which real brains are hard to decode.
   */
  public static SignalPlan defaults() {
    return new SignalPlan(0.06, 0.15, 0.3, 1);
  }
}
