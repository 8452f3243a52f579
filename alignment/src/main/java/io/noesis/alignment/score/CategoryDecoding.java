package io.noesis.alignment.score;

import io.noesis.alignment.retrieve.Ranking;
import io.noesis.run.Check;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Recognition of categories from decoded embeddings: the category whose embedding (a text prompt,
 * or the mean of its pictures) is most similar is said. A category needs no training trials, so the
 * same code decodes categories that were left out.
 *
 * @param decoding what was decoded; its pool holds one candidate per category
 * @param predictions what was said of each row, in the order of the rows
 */
public record CategoryDecoding(Decoding decoding, List<Prediction> predictions) {
  /** Checks the sizes and copies the list. */
  public CategoryDecoding {
    predictions = List.copyOf(predictions);
    Check.size("predictions of categories", decoding.rows().size(), predictions.size());
  }

  /**
   * What was said of one row.
   *
   * @param row id of the decoded row
   * @param shown the category that was shown
   * @param said the category that was said
   * @param similarity its similarity
   * @param margin how far it is ahead of the second; 0 is a tie, which went to the smaller id
   */
  public record Prediction(
      String row, String shown, String said, double similarity, double margin) {}

  /**
   * Says a category for every row.
   *
   * @param decoding its setting's target is {@link Target#CATEGORY}; at least two candidates
   * @return the predictions
   */
  public static CategoryDecoding of(Decoding decoding) {
    Check.argument(
        decoding.setting().target() == Target.CATEGORY && decoding.pool().size() > 1,
        "recognising categories needs a pool of at least two categories, found %d candidates, each"
            + " an %s",
        decoding.pool().size(),
        decoding.setting().target());
    Ranking ranking = decoding.ranking(2);
    List<Prediction> predictions = new ArrayList<>();
    for (int r = 0; r < decoding.rows().size(); r++) {
      Ranking.Hit best = ranking.hits().get(r).get(0);
      Ranking.Hit second = ranking.hits().get(r).get(1);
      predictions.add(
          new Prediction(
              decoding.decoded().ids().get(r),
              decoding.rows().get(r).truth(),
              best.id(),
              best.similarity(),
              best.similarity() - second.similarity()));
    }
    return new CategoryDecoding(decoding, predictions);
  }

  /** Who was taken for whom. */
  public Confusion confusion() {
    return Confusion.of(
        decoding.pool().ids(),
        predictions.stream().map(Prediction::shown).toList(),
        predictions.stream().map(Prediction::said).toList());
  }

  /** The share of rows whose category was said. */
  public double accuracy() {
    return share(predictions);
  }

  /** The accuracy of each fold alone, in the order of the rows. */
  public Map<String, Double> accuracyByFold() {
    Map<String, List<Prediction>> byFold = new LinkedHashMap<>();
    for (int r = 0; r < predictions.size(); r++) {
      byFold
          .computeIfAbsent(decoding.rows().get(r).fold(), f -> new ArrayList<>())
          .add(predictions.get(r));
    }
    Map<String, Double> out = new LinkedHashMap<>();
    byFold.forEach((fold, list) -> out.put(fold, share(list)));
    return out;
  }

  private static double share(List<Prediction> list) {
    return list.stream().filter(p -> p.shown().equals(p.said())).count() / (double) list.size();
  }
}
