package io.noesis.experiment;

import io.noesis.ingest.study.SubjectResponses;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The voxels that a recipe leaves of a study's.
 *
 * @param spec which ROIs
 * @param atlases where they are
 */
record ChosenVoxels(VoxelsSpec spec, Atlases atlases) {
  /**
   * Opens the atlases before anything is read or written.
   *
   * @param spec which ROIs; empty for all voxels
   * @param root the study's folder
   * @param subjects all whom the recipe names
   * @throws io.noesis.run.RecipeException when an atlas has no such ROI
   * @throws io.noesis.run.DataException when an atlas is missing or damaged
   */
  static Optional<ChosenVoxels> of(Optional<VoxelsSpec> spec, Path root, List<String> subjects) {
    return spec.map(s -> new ChosenVoxels(s, Atlases.of(s.atlas(), s.rois(), root, subjects)));
  }

  /** Part of the identity of a run. */
  String identity() {
    return "voxels " + atlases.fingerprint() + "\n";
  }

  /** Responses of these voxels only. */
  SubjectResponses of(SubjectResponses all) {
    return all.only(atlases.of(all.subject()).choose(spec.rois(), all));
  }
}
