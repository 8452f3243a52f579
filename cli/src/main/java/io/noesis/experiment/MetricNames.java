package io.noesis.experiment;

import java.util.List;
import java.util.Map;

/** The words and the order in which scores are shown. */
final class MetricNames {
  /** What belongs into a short table; two-way only beside the others, never alone. */
  private static final List<String> HEADLINES =
      List.of(
          "end_point_error",
          "image_from_brain.top1",
          "image_from_brain.median_rank",
          "image_from_brain.two_way",
          "embedding_correlation_centred",
          "category_accuracy",
          "category_left_out",
          "picture_tower.top1",
          "picture_tower.two_way",
          "picture_pixels.correlation",
          "picture_attribute.category",
          "picture_attribute.all",
          "caption_attribute.category",
          "caption_attribute.all",
          "caption_meaning.top1",
          "caption_meaning.two_way");

  private static final Map<String, String> DIRECTIONS =
      Map.of(
          "image_from_brain", "stimulus from brain",
          "brain_from_image", "brain from stimulus",
          "category_from_brain", "category from brain",
          "picture_tower", "picture",
          "picture_pixels", "pixels",
          "picture_attribute", "picture",
          "caption_attribute", "caption",
          "caption_meaning", "caption");

  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("median_rank", "median rank"),
          Map.entry("end_point_error", "end-point error"),
          Map.entry("two_way", "two-way"),
          Map.entry("two_way_within_category", "two-way in category"),
          Map.entry("category_accuracy", "category"),
          Map.entry("category_balanced_accuracy", "category (balanced)"),
          Map.entry("category_left_out", "untrained category"),
          Map.entry("embedding_correlation", "embedding r, raw"),
          Map.entry("embedding_correlation_centred", "embedding r, centred"),
          Map.entry("embedding_cosine", "embedding cosine, raw"),
          Map.entry("embedding_cosine_centred", "embedding cosine, centred"),
          Map.entry("correlation", "r"),
          Map.entry("ssim", "SSIM"),
          Map.entry("bleu1", "BLEU-1"),
          Map.entry("bleu2", "BLEU-2"),
          Map.entry("bleu3", "BLEU-3"),
          Map.entry("bleu4", "BLEU-4"),
          Map.entry("rouge_l", "ROUGE-L"),
          Map.entry("meteor_exact_stem", "METEOR (exact, stem)"),
          Map.entry("cider", "CIDEr"),
          Map.entry("category_word", "names the category"),
          Map.entry("category", "right category"),
          Map.entry("colour", "right colour"),
          Map.entry("size", "right size"),
          Map.entry("position", "right position"),
          Map.entry("count", "right count"),
          Map.entry("background", "right background"),
          Map.entry("all", "all six right"));

  private MetricNames() {}

  /** Few words with the pool size: {@code top-1 of 72, stimulus from brain}. */
  static String label(String metric) {
    String name = bare(metric);
    int dot = name.indexOf('.');
    String readout = name.substring(dot + 1);
    String words = WORDS.getOrDefault(readout, readout.replaceFirst("^(top|recall)", "top-"));
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
