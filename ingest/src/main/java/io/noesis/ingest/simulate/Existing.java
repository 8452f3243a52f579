package io.noesis.ingest.simulate;

/** What to do with a study that is already in the folder. */
public enum Existing {
  /** Refuse to write. */
  KEEP,
  /** Replace it, if this program simulated it; any other folder is refused still. */
  REPLACE
}
