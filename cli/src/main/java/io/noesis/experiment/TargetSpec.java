package io.noesis.experiment;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The embeddings that brain responses are aligned with.
 *
 * @param of what is embedded
 * @param model file of the ONNX model for {@code image}; text uses the sentence encoder that ships
 *     with Noesis
 * @param prompts for {@code category}: sentences with {@code {}} for the name; their embeddings are
 *     averaged
 * @param names for {@code category}: the words that stand for a label of the study
 */
public record TargetSpec(
    Of of, Optional<Path> model, List<String> prompts, Map<String, String> names) {
  /** What is embedded. */
  public enum Of {
    /** Each stimulus's caption, by the sentence encoder. */
    CAPTION,
    /** Each category's name in prompts, by the sentence encoder: one target per category. */
    CATEGORY,
    /** Each stimulus's picture, by an ONNX image model. */
    IMAGE,
    /** Embeddings that the study brings along. */
    GIVEN
  }

  /** Captions. */
  public static TargetSpec defaults() {
    return new TargetSpec(
        Of.CAPTION,
        Optional.empty(),
        List.of("a photo of a {}", "a picture of a {}", "an image showing a {}"),
        Map.of());
  }
}
