package io.noesis.reconstruction.score;

import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * One caption per stimulus, made or true.
 *
 * @param captions sentences
 * @param meanings their sentence embeddings, {@code [n, dim]}
 * @param categories the category of each stimulus, as the study names it; empty where unknown
 */
public record CaptionSet(List<String> captions, Tensor meanings, List<String> categories) {
  /** Checks the counts. */
  public CaptionSet {
    captions = List.copyOf(captions);
    categories = List.copyOf(categories);
    Check.argument(!captions.isEmpty(), "a set of captions needs at least one");
    Check.size("sentence embeddings, one per caption", captions.size(), meanings.dim(0));
    Check.size("categories, one per caption", captions.size(), categories.size());
  }

  List<List<String>> words() {
    return captions.stream().map(CaptionWords::of).toList();
  }

  /** The attributes of a drawn scene that each caption names. */
  List<Map<String, String>> attributes() {
    return captions.stream()
        .map(io.noesis.ingest.simulate.stimulus.CaptionWords::attributes)
        .toList();
  }

  float[][] meaningRows() {
    float[][] rows = new float[captions.size()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = meanings.row(i);
    }
    return rows;
  }
}
