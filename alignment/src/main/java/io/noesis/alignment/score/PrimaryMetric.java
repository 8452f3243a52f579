package io.noesis.alignment.score;

import java.util.List;
import java.util.Optional;

/**
 * The one metric that decides whether anything was decoded, declared before any study is scored:
 * the best of many scores leaves its null by chance far more often than 5 % of the time. The first
 * of this list that a study has counts, in the variant that is its headline:
 *
 * <ol>
 *   <li>{@code end_point_error}: of optical flow, the error that its literature reports. Other
 *       flows of the same frame are no candidates that anything has to be told from.
 *   <li>{@code image_from_brain.two_way}: the mean rank of the shown stimulus, rescaled. It uses
 *       the rank of every query, where top-k and the median look at one place of the ranks: of 300
 *       small studies with a weak signal it finds 37 %, the centred correlation 38, the median rank
 *       30, top-5 22 and top-1 11 (tests/benchmarks/primary_metric).
 *   <li>{@code category_from_brain.two_way}: the same of the shown category; it finds 65 % where
 *       the accuracy finds 46. Both nulls keep what the decoder said and exchange what was shown,
 *       so a preferred answer gains nothing.
 *   <li>{@code category_accuracy}: where only that was scored.
 *   <li>{@code category_left_out}: the only score of categories without training trials.
 * </ol>
 */
public final class PrimaryMetric {
  private static final List<String> NAMES =
      List.of(
          EndPointError.NAME,
          "image_from_brain.two_way",
          "category_from_brain.two_way",
          "category_accuracy",
          "category_left_out");

  private PrimaryMetric() {}

  /** The names, without pool sizes; an earlier one goes before a later one. */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * The score that decides.
   *
   * @param scores all scores of one subject, those of the headline variant first
   * @return the primary one; empty when none of the list is among them
   */
  public static Optional<Score> of(List<Score> scores) {
    return NAMES.stream()
        .flatMap(name -> scores.stream().filter(s -> is(name, s.metric())))
        .findFirst();
  }

  /**
   * Whether a score is of a metric.
   *
   * @param name of {@link #names()}
   * @param metric of the score, perhaps with a pool size
   */
  public static boolean is(String name, String metric) {
    return metric.equals(name) || metric.startsWith(name + "@");
  }
}
