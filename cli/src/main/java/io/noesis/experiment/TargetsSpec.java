package io.noesis.experiment;

import io.noesis.alignment.embedding.ImageTower;
import io.noesis.alignment.embedding.Prompts;
import io.noesis.alignment.embedding.TargetSpec;
import io.noesis.alignment.embedding.TargetUnit;
import io.noesis.alignment.embedding.Targets;
import io.noesis.run.Check;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The embeddings that brain responses are aligned with.
 *
 * @param of a name of {@code noesis describe targets}: caption, category, image; or {@value #GIVEN}
 *     for the embeddings that the study brings along
 * @param templates for categories: sentences with {@code {}} for the name, their embeddings
 *     averaged
 * @param names the words that stand for a category's label in those sentences
 * @param image for pictures: the ONNX model and what it expects
 * @param model {@value #EMBEDDED} for the towers that ship with Noesis: pictures and captions in
 *     the one space that the embedded captioner and generator take; absent for the usual model of
 *     the kind
 */
public record TargetsSpec(
    String of,
    List<String> templates,
    Map<String, String> names,
    Optional<ImageTower> image,
    Optional<String> model) {
  /** Targets that the study brings along. */
  public static final String GIVEN = "given";

  /** The model that ships with Noesis. */
  public static final String EMBEDDED = "embedded";

  /** Copies the collections and checks the model. */
  public TargetsSpec {
    Check.argument(
        model.isEmpty() || model.get().equals(EMBEDDED),
        "model: expected '%s', found '%s'; give an image model of your own under image",
        EMBEDDED,
        model.orElse(""));
    Check.argument(
        model.isEmpty() || of.equals("image") || of.equals("caption"),
        "model: the embedded towers embed images and captions, not '%s'",
        of);
    Check.argument(
        model.isEmpty() || image.isEmpty(), "give either model or image, both are image models");
    templates = List.copyOf(templates);
    names = Map.copyOf(names);
  }

  /** Captions. */
  public static TargetsSpec defaults() {
    return new TargetsSpec(
        "caption", Prompts.TEMPLATES, Map.of(), Optional.empty(), Optional.empty());
  }

  /** Whether the targets are of the towers that ship with Noesis. */
  boolean embedded() {
    return model.isPresent();
  }

  /** Whether the study brings its embeddings along. */
  boolean given() {
    return of.equals(GIVEN);
  }

  /** What has a target of its own. */
  TargetUnit unit() {
    return given() ? TargetUnit.STIMULUS : Targets.registry().get(of).unit();
  }

  /** What the extractors are told. */
  TargetSpec forExtractors() {
    return new TargetSpec(templates, names, image, Optional.empty());
  }
}
