package io.noesis.ingest.glm;

import io.noesis.run.Check;

/**
 * How onsets become a design.
 *
 * @param hrf the haemodynamic response
 * @param drift the slow drift to absorb
 * @param oversampling grid steps per volume for the convolution
 */
public record DesignSpec(Hrf hrf, Drift drift, int oversampling) {
  /** SPM's response, cosines up to 0.01 Hz, 50 steps per volume (nilearn's values). */
  public static final DesignSpec DEFAULT = new DesignSpec(Hrfs.SPM, new Drift.Cosine(0.01), 50);

  public DesignSpec {
    Check.argument(
        oversampling >= 1 && oversampling <= 10_000,
        "oversampling of the design must be 1 to 10000 steps per volume, found %d",
        oversampling);
  }

  /** The same with another response. */
  public DesignSpec withHrf(Hrf other) {
    return new DesignSpec(other, drift, oversampling);
  }

  /** The same with another drift. */
  public DesignSpec withDrift(Drift other) {
    return new DesignSpec(hrf, other, oversampling);
  }
}
