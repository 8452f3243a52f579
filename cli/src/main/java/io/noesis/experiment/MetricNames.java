package io.noesis.experiment;

import java.util.List;
import java.util.Map;

/** The words and the order in which scores are shown. */
final class MetricNames {
  /** What belongs into a short table; two-way only beside the others, never alone. */
  private static final List<String> HEADLINES =
      List.of(
          "image_from_brain.top1",
          "image_from_brain.median_rank",
          "image_from_brain.two_way",
          "embedding_correlation_centred",
          "category_accuracy",
          "category_left_out");

  private static final Map<String, String> DIRECTIONS =
      Map.of(
          "image_from_brain", "stimulus from brain",
          "brain_from_image", "brain from stimulus",
          "category_from_brain", "category from brain");

  private static final Map<String, String> WORDS =
      Map.of(
          "median_rank", "median rank",
          "two_way", "two-way",
          "two_way_within_category", "two-way in category",
          "category_accuracy", "category",
          "category_balanced_accuracy", "category (balanced)",
          "category_left_out", "untrained category",
          "embedding_correlation", "embedding r, raw",
          "embedding_correlation_centred", "embedding r, centred",
          "embedding_cosine", "embedding cosine, raw",
          "embedding_cosine_centred", "embedding cosine, centred");

  private MetricNames() {}

  /** Few words with the pool size: {@code top-1 of 72, stimulus from brain}. */
  static String label(String metric) {
    String name = bare(metric);
    int dot = name.indexOf('.');
    String readout = name.substring(dot + 1);
    String words = WORDS.getOrDefault(readout, readout.replaceFirst("^top", "top-"));
    String of = metric.contains("@") ? " of " + metric.substring(metric.indexOf('@') + 1) : "";
    String direction = dot < 0 ? "" : DIRECTIONS.getOrDefault(name.substring(0, dot), "");
    boolean usual = direction.isEmpty() || name.startsWith("image_from_brain");
    return words + of + (usual ? "" : ", " + direction);
  }

  static boolean headline(String metric) {
    return HEADLINES.contains(bare(metric));
  }

  private static String bare(String metric) {
    int at = metric.indexOf('@');
    return at < 0 ? metric : metric.substring(0, at);
  }
}
