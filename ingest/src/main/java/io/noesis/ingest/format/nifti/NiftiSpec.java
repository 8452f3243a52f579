package io.noesis.ingest.format.nifti;

import io.noesis.ingest.volume.Grid;
import io.noesis.run.Check;

/**
 * What a NIfTI file to be written says of itself.
 *
 * @param grid the space of each volume
 * @param volumes how many; 1 writes a 3-D image unless {@code trSeconds} is given
 * @param trSeconds seconds between volumes; 0 when they are not a series in time
 * @param slope what a stored value is multiplied by to give its meaning
 * @param intercept what is added then
 * @param description up to 79 characters of ASCII
 */
public record NiftiSpec(
    Grid grid, int volumes, double trSeconds, double slope, double intercept, String description) {
  /** Checks the values. */
  public NiftiSpec {
    Check.argument(volumes > 0, "an image needs at least 1 volume, found %d", volumes);
    Check.argument(
        trSeconds >= 0 && Double.isFinite(trSeconds),
        "seconds between volumes must be 0 or more, found %s",
        trSeconds);
    Check.argument(
        slope != 0
            && Double.isFinite((float) slope)
            && (float) slope != 0
            && Double.isFinite((float) intercept),
        "slope and intercept must be finite and the slope not 0, found %s and %s",
        slope,
        intercept);
    Check.argument(
        description.length() < 80 && description.chars().allMatch(c -> c >= ' ' && c <= '~'),
        "a description has at most 79 characters of ASCII, found '%s'",
        description);
  }

  /** One volume, stored as it is. */
  public static NiftiSpec volume(Grid grid) {
    return new NiftiSpec(grid, 1, 0, 1, 0, "");
  }

  /** A series in time, stored as it is. */
  public static NiftiSpec series(Grid grid, int volumes, double trSeconds) {
    return new NiftiSpec(grid, volumes, trSeconds, 1, 0, "");
  }

  /** The same with {@code value = slope * stored + intercept}. */
  public NiftiSpec scaledBy(double newSlope, double newIntercept) {
    return new NiftiSpec(grid, volumes, trSeconds, newSlope, newIntercept, description);
  }

  /** The same with a text for {@code descrip}. */
  public NiftiSpec describedAs(String text) {
    return new NiftiSpec(grid, volumes, trSeconds, slope, intercept, text);
  }
}
