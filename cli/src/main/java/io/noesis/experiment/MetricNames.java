package io.noesis.experiment;

import io.noesis.alignment.score.Metrics;
import io.noesis.run.Registry;
import java.util.List;

/** The words and the order in which scores are shown. */
final class MetricNames {
  /** What belongs into a short table; two-way only beside the others, never alone. */
  private static final List<String> HEADLINES =
      List.of(
          "image_from_brain.top1",
          "image_from_brain.top5",
          "image_from_brain.median_rank",
          "image_from_brain.two_way",
          "embedding_correlation_centred",
          "category_accuracy",
          "category_from_brain.two_way",
          "category_left_out");

  private MetricNames() {}

  /** The sentence of the registry that explains a score. */
  static String label(String metric) {
    String name = bare(metric);
    return Metrics.registry().entries().stream()
        .filter(e -> e.name().equals(name))
        .map(Registry.Entry::description)
        .findFirst()
        .orElse("Category recognised among those that were never trained on.");
  }

  static boolean headline(String metric) {
    return HEADLINES.contains(bare(metric));
  }

  private static String bare(String metric) {
    int at = metric.indexOf('@');
    return at < 0 ? metric : metric.substring(0, at);
  }
}
