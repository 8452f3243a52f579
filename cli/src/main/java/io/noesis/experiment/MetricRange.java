package io.noesis.experiment;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Between which numbers a score lies whatever was decoded; the end of an interval beyond them says
 * nothing.
 *
 * @param low the smallest that can come; −∞ where nothing bounds it
 * @param high the largest that can come; ∞ where nothing bounds it
 */
record MetricRange(double low, double high) {
  private static final Pattern NAME = Pattern.compile("([a-z0-9_.]+)(?:@(\\d+))?.*");

  /** Readouts that are shares of something. */
  private static final Pattern SHARE =
      Pattern.compile("top\\d+|recall\\d+|two_way.*|category.*|bleu\\d|rouge_l|meteor.*");

  private static final Set<String> SHARES_OF_ATTRIBUTES =
      Set.of("picture_attribute", "caption_attribute");

  /**
   * Of a score.
   *
   * @param metric its name, with the pool size where there is a pool; what follows does not matter
   */
  static MetricRange of(String metric) {
    Matcher name = NAME.matcher(metric);
    if (!name.matches()) {
      return new MetricRange(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }
    String whole = name.group(1);
    int dot = whole.lastIndexOf('.');
    String readout = whole.substring(dot + 1);
    if (readout.equals("median_rank")) {
      boolean known = name.group(2) != null;
      return new MetricRange(
          1, known ? Double.parseDouble(name.group(2)) : Double.POSITIVE_INFINITY);
    }
    if (SHARE.matcher(readout).matches()
        || (dot > 0 && SHARES_OF_ATTRIBUTES.contains(whole.substring(0, dot)))) {
      return new MetricRange(0, 1);
    }
    if (readout.contains("correlation") || readout.contains("cosine") || readout.equals("ssim")) {
      return new MetricRange(-1, 1);
    }
    return switch (readout) {
      case "end_point_error" -> new MetricRange(0, Double.POSITIVE_INFINITY);
      case "cider" -> new MetricRange(0, 10);
      default -> new MetricRange(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    };
  }

  /** The nearest number within. */
  double within(double value) {
    return Math.min(high, Math.max(low, value));
  }
}
