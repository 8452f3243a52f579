package io.noesis.experiment;

import io.noesis.ingest.study.RoiAtlas;
import io.noesis.ingest.study.SubjectResponses;
import io.noesis.run.Fingerprint;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The voxels that a recipe leaves of a study's.
 *
 * @param spec which ROIs
 * @param root the study's folder
 * @param fingerprint SHA-256 of the atlases of all subjects
 */
record ChosenVoxels(VoxelsSpec spec, Path root, String fingerprint) {
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
    return spec.map(
        s -> {
          StringBuilder all = new StringBuilder();
          for (String subject : subjects) {
            RoiAtlas atlas = atlas(s, root, subject);
            atlas.require(s.rois());
            all.append(subject).append('\t').append(atlas.fingerprint()).append('\n');
          }
          return new ChosenVoxels(s, root, Fingerprint.ofText(all.toString()));
        });
  }

  private static RoiAtlas atlas(VoxelsSpec spec, Path root, String subject) {
    return RoiAtlas.read(root, spec.atlas().replace("{subject}", subject));
  }

  /** Part of the identity of a run. */
  String identity() {
    return "voxels " + fingerprint + "\n";
  }

  /** Responses of these voxels only. */
  SubjectResponses of(SubjectResponses all) {
    return all.only(atlas(spec, root, all.subject()).choose(spec.rois(), all));
  }
}
