package io.noesis.ingest.signal;

/** How the columns are brought to one scale. */
public enum Scaling {
  /** They are left as they are. */
  NONE,
  /** Mean 0 and standard deviation 1, dividing by n: {@code scipy.stats.zscore}. */
  ZSCORE_POPULATION,
  /** Mean 0 and standard deviation 1, dividing by n - 1: nilearn's {@code "zscore_sample"}. */
  ZSCORE_SAMPLE
}
