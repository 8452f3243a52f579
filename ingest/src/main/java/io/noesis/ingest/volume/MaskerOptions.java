package io.noesis.ingest.volume;

import io.noesis.ingest.signal.Scaling;
import io.noesis.ingest.signal.Trend;

/**
 * What is done to a run on its way from volumes to a matrix.
 *
 * @param trend what is removed from each voxel's course first
 * @param scaling the scale each voxel's course is brought to
 * @param nonFinite what happens to voxels that are NaN or infinite in any volume
 */
public record MaskerOptions(Trend trend, Scaling scaling, NonFinite nonFinite) {
  /** The values as they are; voxels with NaN are refused. */
  public static final MaskerOptions RAW =
      new MaskerOptions(Trend.NONE, Scaling.NONE, NonFinite.REFUSE);

  /** A line removed and z-scored (dividing by n) within the run; voxels with NaN are refused. */
  public static final MaskerOptions DETREND_AND_ZSCORE =
      new MaskerOptions(Trend.LINEAR, Scaling.ZSCORE_POPULATION, NonFinite.REFUSE);
}
