package io.noesis.experiment;

import io.noesis.run.Check;
import java.util.List;

/**
 * What test responses are decoded without, to see what a decoder needs: region after region is zero
 * while the rest stays (WAVE does so with networks of parcels, Benchetrit and ATM with sensors).
 * The decoder is the one that was trained on everything.
 *
 * @param atlas a path below the study's folder, {@code {subject}} standing for a subject's label: a
 *     label image of voxels, or a {@code .tsv} with a column {@code roi} and a row for each column,
 *     parcel or channel of the responses
 * @param rois names in it, one left out after another; all when empty
 */
public record AblationSpec(String atlas, List<String> rois) {
  /** Checks the names. */
  public AblationSpec {
    rois = List.copyOf(rois);
    Check.argument(!atlas.isBlank(), "atlas: expected a path below the study's folder");
    Check.argument(
        rois.stream().distinct().count() == rois.size(), "rois: found a name twice in %s", rois);
  }

  /** As a sentence for a methods section. */
  String inWords() {
    return "Test responses were decoded once more without each of "
        + (rois.isEmpty() ? "the regions" : String.join(", ", rois))
        + " of "
        + atlas
        + ", whose numbers were set to 0 after preparation; the decoder stayed. Differences are"
        + " tested as those to ridge, p corrected for the number of regions (Holm). ";
  }
}
