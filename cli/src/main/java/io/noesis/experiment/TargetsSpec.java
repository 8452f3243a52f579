package io.noesis.experiment;

import io.noesis.alignment.embedding.ImageTower;
import io.noesis.alignment.embedding.Prompts;
import io.noesis.alignment.embedding.TargetSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The embeddings that brain responses are aligned with.
 *
 * @param of a name of {@code noesis describe targets}: caption, category, image
 * @param templates for categories: sentences with {@code {}} for the name, their embeddings
 *     averaged
 * @param names the words that stand for a category's label in those sentences
 * @param image for pictures: the ONNX model and what it expects
 */
public record TargetsSpec(
    String of, List<String> templates, Map<String, String> names, Optional<ImageTower> image) {
  /** Copies the collections. */
  public TargetsSpec {
    templates = List.copyOf(templates);
    names = Map.copyOf(names);
  }

  /** Captions. */
  public static TargetsSpec defaults() {
    return new TargetsSpec("caption", Prompts.TEMPLATES, Map.of(), Optional.empty());
  }

  /** What the extractors are told. */
  TargetSpec forExtractors() {
    return new TargetSpec(templates, names, image, Optional.empty());
  }
}
