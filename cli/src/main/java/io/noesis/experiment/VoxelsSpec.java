package io.noesis.experiment;

import io.noesis.run.Check;
import java.util.List;

/**
 * From which voxels is decoded: those of some ROIs. Published systems decode low-level latents from
 * early visual cortex and semantic embeddings from ventral cortex, for one (Takagi and Nishimoto
 * 2023, doi:10.1109/CVPR52729.2023.01389).
 *
 * @param atlas a path below the study's folder, {@code {subject}} standing for a subject's label: a
 *     label image ({@code .nii}, {@code .nii.gz}; names in a {@code .tsv} of the same name, with
 *     {@code index} and {@code name}), or a {@code .tsv} with a column {@code roi} and a row for
 *     each column of the responses
 * @param rois names in it; a voxel in any of them is used
 */
public record VoxelsSpec(String atlas, List<String> rois) {
  /** Checks that something is named. */
  public VoxelsSpec {
    rois = List.copyOf(rois);
    Check.argument(!atlas.isBlank(), "atlas: expected a path below the study's folder");
    Check.argument(
        !rois.isEmpty(), "rois: expected at least one name; leave 'voxels' out to use all voxels");
    Check.argument(
        rois.stream().distinct().count() == rois.size(), "rois: found a name twice in %s", rois);
  }

  /** As a sentence for a methods section. */
  String inWords() {
    return "Only voxels of " + String.join(", ", rois) + " (" + atlas + ") were used. ";
  }
}
