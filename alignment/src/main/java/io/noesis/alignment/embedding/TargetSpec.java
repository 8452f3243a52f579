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
 * @param captions which of several captions count, for targets that are made of them
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
    Optional<TargetWords> words,
    CaptionChoice captions) {
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
        Optional.empty(),
        CaptionChoice.FIRST);
  }

  /** Copies the collections. */
  public TargetSpec {
    templates = List.copyOf(templates);
    names = Map.copyOf(names);
  }

  /** A column of the stimulus table. */
  public TargetSpec with(TargetAttribute column) {
    return with(Optional.of(column), array, words, captions);
  }

  /** A tokenizer. */
  public TargetSpec with(TargetWords tokenizer) {
    return with(attribute, array, Optional.of(tokenizer), captions);
  }

  /** A file of numbers of each stimulus. */
  public TargetSpec with(Path file) {
    return with(attribute, Optional.of(file), words, captions);
  }

  /** Other captions of several. */
  public TargetSpec with(CaptionChoice which) {
    return with(attribute, array, words, which);
  }

  private TargetSpec with(
      Optional<TargetAttribute> column,
      Optional<Path> file,
      Optional<TargetWords> tokenizer,
      CaptionChoice which) {
    return new TargetSpec(
        templates, names, image, text, latents, cache, graphs, column, file, tokenizer, which);
  }
}
