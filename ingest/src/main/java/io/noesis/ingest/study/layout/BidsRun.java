package io.noesis.ingest.study.layout;

import io.noesis.ingest.format.bids.BidsFile;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One BOLD run and what belongs to it.
 *
 * @param bold the image
 * @param run its label, unique within the session
 * @param events its events table
 * @param trSeconds repetition time of the sidecar, NaN when it names none
 * @param startSeconds {@code StartTime} of the sidecar: when the first volume was sampled
 * @param mask its own brain mask, if there is one
 * @param confounds its confounds table, if there is one
 */
record BidsRun(
    BidsFile bold,
    String run,
    Path events,
    double trSeconds,
    double startSeconds,
    Optional<Path> mask,
    Optional<Path> confounds) {
  /** The session's label, empty when the study has none. */
  String session() {
    return bold.name().entity("ses");
  }
}
