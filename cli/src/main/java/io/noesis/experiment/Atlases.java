package io.noesis.experiment;

import io.noesis.ingest.study.RoiAtlas;
import io.noesis.run.Fingerprint;
import java.nio.file.Path;
import java.util.List;

/**
 * The atlases of all subjects of a recipe.
 *
 * @param pattern where they lie, with {@code {subject}} for a label
 * @param root the study's folder
 * @param fingerprint SHA-256 of all of them
 */
record Atlases(String pattern, Path root, String fingerprint) {
  /**
   * Opens them, before anything is read or written.
   *
   * @param pattern where they lie
   * @param rois names that each must have
   * @param root the study's folder
   * @param subjects all whom the recipe names
   * @throws io.noesis.run.RecipeException when an atlas has no such ROI
   * @throws io.noesis.run.DataException when an atlas is missing or damaged
   */
  static Atlases of(String pattern, List<String> rois, Path root, List<String> subjects) {
    StringBuilder all = new StringBuilder();
    for (String subject : subjects) {
      RoiAtlas atlas = read(pattern, root, subject);
      atlas.require(rois);
      all.append(subject).append('\t').append(atlas.fingerprint()).append('\n');
    }
    return new Atlases(pattern, root, Fingerprint.ofText(all.toString()));
  }

  /** That of one subject. */
  RoiAtlas of(String subject) {
    return read(pattern, root, subject);
  }

  private static RoiAtlas read(String pattern, Path root, String subject) {
    return RoiAtlas.read(root, pattern.replace("{subject}", subject));
  }
}
