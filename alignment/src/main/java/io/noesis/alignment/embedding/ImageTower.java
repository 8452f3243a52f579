package io.noesis.alignment.embedding;

import io.noesis.run.Check;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * An image model on disk and how to use it.
 *
 * @param name the name of its space
 * @param model the {@code .onnx} file, with one input {@code [batch, 3, height, width]}
 * @param output the output to take, {@code [batch, width]} or {@code [batch, tokens, width]}
 * @param preprocess what it expects of a picture
 * @param scaling what is done to the length of its vectors
 * @param pooled with the scaling {@code pooled}: the output {@code [batch, width]} by whose length
 *     the tokens are divided
 */
public record ImageTower(
    String name,
    Path model,
    String output,
    ImagePreprocess preprocess,
    EmbeddingSpace.Scaling scaling,
    Optional<String> pooled) {
  /** Checks that scaling and pooled output go together. */
  public ImageTower {
    requirePooled(scaling, pooled);
  }

  /** Vectors as they come or of length 1. */
  public ImageTower(
      String name,
      Path model,
      String output,
      ImagePreprocess preprocess,
      EmbeddingSpace.Scaling scaling) {
    this(name, model, output, preprocess, scaling, Optional.empty());
  }

  static void requirePooled(EmbeddingSpace.Scaling scaling, Optional<String> pooled) {
    Check.argument(
        pooled.isPresent() == (scaling == EmbeddingSpace.Scaling.POOLED),
        "scaling: '%s' %s",
        scaling.name().toLowerCase(Locale.ROOT),
        pooled.isPresent()
            ? "divides by no pooled output; leave 'pooled' out, or set scaling: pooled"
            : "needs 'pooled', the output by whose length tokens are divided");
  }
}
