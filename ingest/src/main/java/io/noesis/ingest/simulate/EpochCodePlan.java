package io.noesis.ingest.simulate;

/**
 * How pictures show in simulated EEG or MEG.
 *
 * @param code what of the recordings tells about a picture
 * @param sources in the head, each of which carries one number of a picture
 * @param noiseCeiling share of the variance of those numbers that the best linear decoder of a
 *     single trial can tell of the evoked code, averaged over sources; 0 is a study without any
 *     signal. The induced code takes sources of the same size
 */
public record EpochCodePlan(Code code, int sources, double noiseCeiling) {
  /** What of the recordings tells about a picture. */
  public enum Code {
    /** The size and sign of deflections locked to the picture: linear, and its ceiling is known. */
    EVOKED,
    /**
     * The strength of slow oscillations whose phase is random in every trial: no linear decoder can
     * read it.
     */
    INDUCED
  }

  /** Checks the ranges. */
  public EpochCodePlan {
    Plan.require(sources >= 2 && sources <= 60, "sources must be 2 to 60, found %d", sources);
    Plan.require(
        noiseCeiling >= 0 && noiseCeiling <= 0.99,
        "noiseCeiling must be 0 to 0.99, found %s",
        noiseCeiling);
  }

  /** Twelve evoked sources, of which a trial tells a quarter of the variance. */
  public static EpochCodePlan defaults() {
    return new EpochCodePlan(Code.EVOKED, 12, 0.25);
  }
}
