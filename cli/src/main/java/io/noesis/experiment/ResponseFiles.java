package io.noesis.experiment;

import io.noesis.ingest.volume.MaskerOptions;
import io.noesis.run.Check;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Files of responses that belong to no study.
 *
 * @param files {@code .npy} ({@code [trials, voxels]}, one row, or {@code [trials, channels,
 *     samples]}) or NIfTI, in the order of their rows; at least one
 * @param mask which voxels of an image are columns; needed for NIfTI
 * @param cleaning what is done to each image before
 */
public record ResponseFiles(List<Path> files, Optional<Path> mask, MaskerOptions cleaning) {
  /** Copies the list. */
  public ResponseFiles {
    files = List.copyOf(files);
    Check.argument(!files.isEmpty(), "responses: expected at least one file, found none");
  }

  /**
   * Matrices of prepared responses.
   *
   * @param files {@code .npy}
   * @return these files, without a mask
   */
  public static ResponseFiles of(Path... files) {
    return new ResponseFiles(List.of(files), Optional.empty(), MaskerOptions.RAW);
  }

  /** Images below that mask, taken as they are. */
  public ResponseFiles below(Path maskFile) {
    return new ResponseFiles(files, Optional.of(maskFile), cleaning);
  }
}
