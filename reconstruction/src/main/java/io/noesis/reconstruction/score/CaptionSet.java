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
 * @param attributes the attributes of a drawn scene that each caption names, as {@link
 *     io.noesis.ingest.simulate.stimulus.CaptionWords} reads them
 */
public record CaptionSet(
    List<String> captions,
    Tensor meanings,
    List<String> categories,
    List<Map<String, String>> attributes) {
  /** Checks the counts. */
  public CaptionSet {
    captions = List.copyOf(captions);
    categories = List.copyOf(categories);
    attributes = attributes.stream().map(Map::copyOf).toList();
    Check.argument(!captions.isEmpty(), "a set of captions needs at least one");
    Check.size("sentence embeddings, one per caption", captions.size(), meanings.dim(0));
    Check.size("attributes, of each caption", captions.size(), attributes.size());
    Check.size("categories, one per caption", captions.size(), categories.size());
  }

  /**
   * Captions whose attributes are read out of their words.
   *
   * @param captions sentences
   * @param meanings their sentence embeddings, {@code [n, dim]}
   * @param categories the category of each stimulus; empty where unknown
   */
  public CaptionSet(List<String> captions, Tensor meanings, List<String> categories) {
    this(
        captions,
        meanings,
        categories,
        captions.stream()
            .map(io.noesis.ingest.simulate.stimulus.CaptionWords::attributes)
            .toList());
  }

  List<List<String>> words() {
    return captions.stream().map(CaptionWords::of).toList();
  }

  float[][] meaningRows() {
    float[][] rows = new float[captions.size()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = meanings.row(i);
    }
    return rows;
  }
}
