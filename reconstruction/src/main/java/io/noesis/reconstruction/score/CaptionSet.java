package io.noesis.reconstruction.score;

import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * What was said of each stimulus: one caption that was made, or one or several true ones.
 *
 * @param references the captions of each stimulus, the first of which stands for all where a metric
 *     knows one only; what was made has one each
 * @param meanings the first ones' sentence embeddings, {@code [n, dim]}
 * @param categories the category of each stimulus, as the study names it; empty where unknown
 * @param attributes the attributes of a drawn scene that each caption names, as {@link
 *     io.noesis.ingest.simulate.stimulus.CaptionWords} reads them
 */
public record CaptionSet(
    List<List<String>> references,
    Tensor meanings,
    List<String> categories,
    List<Map<String, String>> attributes) {
  /** Checks the counts. */
  public CaptionSet {
    references = references.stream().map(List::copyOf).toList();
    categories = List.copyOf(categories);
    attributes = attributes.stream().map(Map::copyOf).toList();
    int stimuli = references.size();
    Check.argument(
        stimuli > 0 && references.stream().noneMatch(List::isEmpty),
        "a set of captions needs at least one, and one of each stimulus");
    Check.size("sentence embeddings, one per stimulus", stimuli, meanings.dim(0));
    Check.size("attributes, of each stimulus", stimuli, attributes.size());
    Check.size("categories, one per stimulus", stimuli, categories.size());
  }

  /**
   * One caption of each stimulus.
   *
   * @param captions sentences
   * @param meanings their sentence embeddings, {@code [n, dim]}
   * @param categories the category of each stimulus; empty where unknown
   */
  public CaptionSet(List<String> captions, Tensor meanings, List<String> categories) {
    this(captions.stream().map(List::of).toList(), meanings, categories, attributes(captions));
  }

  /**
   * One or several captions of each stimulus, whose attributes are read out of the first one's
   * words.
   *
   * @param references at least one of each stimulus
   * @param meanings the first ones' sentence embeddings, {@code [n, dim]}
   * @param categories the category of each stimulus; empty where unknown
   * @return the set
   */
  public static CaptionSet ofSeveral(
      List<List<String>> references, Tensor meanings, List<String> categories) {
    return new CaptionSet(references, meanings, categories, attributes(firsts(references)));
  }

  private static List<Map<String, String>> attributes(List<String> captions) {
    return captions.stream()
        .map(io.noesis.ingest.simulate.stimulus.CaptionWords::attributes)
        .toList();
  }

  private static List<String> firsts(List<List<String>> references) {
    return references.stream().map(all -> all.get(0)).toList();
  }

  int size() {
    return references.size();
  }

  /** The words of the first caption of each stimulus. */
  List<List<String>> words() {
    return firsts(references).stream().map(CaptionWords::of).toList();
  }

  /** The words of all captions of each stimulus. */
  List<List<List<String>>> allWords() {
    return references.stream().map(all -> all.stream().map(CaptionWords::of).toList()).toList();
  }

  float[][] meaningRows() {
    float[][] rows = new float[size()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = meanings.row(i);
    }
    return rows;
  }
}
