package io.noesis.alignment.embedding;

import io.noesis.encoders.onnx.OnnxOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the target extractors may be told.
 *
 * @param templates sentences with {@code {}} in the place of the category, for {@code category}
 * @param names words for category labels that are no words, for {@code category}
 * @param image the image model, for {@code image}
 * @param text the text model, for {@code text}
 * @param latents the autoencoder, for targets of that kind
 * @param cache a folder that keeps embeddings between runs, if any
 * @param graphs what executes the image or text model
 * @param attribute a column of the stimulus table and its words, for targets of that kind
 * @param array a file of numbers of each stimulus, for targets of that kind and of flow
 * @param words a tokenizer, for targets of that kind
 */
public record TargetSpec(
    List<String> templates,
    Map<String, String> names,
    Optional<ImageTower> image,
    Optional<TextTower> text,
    Optional<LatentTower> latents,
    Optional<Path> cache,
    OnnxOptions graphs,
    Optional<TargetAttribute> attribute,
    Optional<Path> array,
    Optional<TargetWords> words) {
  /** Prompt templates, no models, no cache. */
  public static final TargetSpec DEFAULT =
      new TargetSpec(
          Prompts.TEMPLATES, Map.of(), Optional.empty(), Optional.empty(), Optional.empty());

  /** Models on the processor. */
  public TargetSpec(
      List<String> templates,
      Map<String, String> names,
      Optional<ImageTower> image,
      Optional<TextTower> text,
      Optional<Path> cache) {
    this(templates, names, image, text, cache, OnnxOptions.SINGLE_THREADED);
  }

  /** Image and text models, no autoencoder. */
  public TargetSpec(
      List<String> templates,
      Map<String, String> names,
      Optional<ImageTower> image,
      Optional<TextTower> text,
      Optional<Path> cache,
      OnnxOptions graphs) {
    this(templates, names, image, text, Optional.empty(), cache, graphs);
  }

  /** Without attribute, array and words. */
  public TargetSpec(
      List<String> templates,
      Map<String, String> names,
      Optional<ImageTower> image,
      Optional<TextTower> text,
      Optional<LatentTower> latents,
      Optional<Path> cache,
      OnnxOptions graphs) {
    this(
        templates,
        names,
        image,
        text,
        latents,
        cache,
        graphs,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Copies the collections. */
  public TargetSpec {
    templates = List.copyOf(templates);
    names = Map.copyOf(names);
  }

  /** A column of the stimulus table. */
  public TargetSpec with(TargetAttribute column) {
    return new TargetSpec(
        templates, names, image, text, latents, cache, graphs, Optional.of(column), array, words);
  }

  /** A tokenizer. */
  public TargetSpec with(TargetWords tokenizer) {
    return new TargetSpec(
        templates,
        names,
        image,
        text,
        latents,
        cache,
        graphs,
        attribute,
        array,
        Optional.of(tokenizer));
  }

  /** A file of numbers of each stimulus. */
  public TargetSpec with(Path file) {
    return new TargetSpec(
        templates, names, image, text, latents, cache, graphs, attribute, Optional.of(file), words);
  }
}
