package io.noesis.alignment.embedding;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the target extractors may be told.
 *
 * @param templates sentences with {@code {}} in the place of the category, for {@code category}
 * @param names the words that stand for a category's label in those sentences, where the label is
 *     not already a word: {@code scrambledpix} as {@code scrambled picture}
 * @param image the image model, for {@code image}
 * @param cache a folder that keeps embeddings between runs, if any
 */
public record TargetSpec(
    List<String> templates,
    Map<String, String> names,
    Optional<ImageTower> image,
    Optional<Path> cache) {
  /** Prompt templates, no names, no image model, no cache. */
  public static final TargetSpec DEFAULT =
      new TargetSpec(Prompts.TEMPLATES, Map.of(), Optional.empty(), Optional.empty());

  /** Copies the collections. */
  public TargetSpec {
    templates = List.copyOf(templates);
    names = Map.copyOf(names);
  }

  /** The same with other sentences. */
  public TargetSpec withTemplates(List<String> others) {
    return new TargetSpec(others, names, image, cache);
  }

  /** The same with words for labels. */
  public TargetSpec withNames(Map<String, String> others) {
    return new TargetSpec(templates, others, image, cache);
  }

  /** The same with an image model. */
  public TargetSpec withImage(ImageTower tower) {
    return new TargetSpec(templates, names, Optional.of(tower), cache);
  }

  /** The same with a folder that keeps embeddings. */
  public TargetSpec withCache(Path folder) {
    return new TargetSpec(templates, names, image, Optional.of(folder));
  }
}
