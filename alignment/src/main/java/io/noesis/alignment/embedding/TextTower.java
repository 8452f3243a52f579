package io.noesis.alignment.embedding;

import io.noesis.run.Check;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A text model on disk and how to use it.
 *
 * @param name the name of its space
 * @param layer the name of the layer in that space; a picture's vectors of the same space and layer
 *     may be compared with them
 * @param model the {@code .onnx} file, with an input {@code input_ids} {@code [batch, tokens]}
 * @param output the output to take, {@code [batch, width]} or {@code [batch, tokens, width]}
 * @param tokens how texts become its input
 * @param scaling what is done to the length of its vectors
 * @param pooled with the scaling {@code pooled}: the output {@code [batch, width]} by whose length
 *     the tokens are divided
 */
public record TextTower(
    String name,
    String layer,
    Path model,
    String output,
    Tokens tokens,
    EmbeddingSpace.Scaling scaling,
    Optional<String> pooled) {
  /** Checks that scaling and pooled output go together. */
  public TextTower {
    ImageTower.requirePooled(scaling, pooled);
  }

  /** Vectors as they come or of length 1. */
  public TextTower(
      String name,
      String layer,
      Path model,
      String output,
      Tokens tokens,
      EmbeddingSpace.Scaling scaling) {
    this(name, layer, model, output, tokens, scaling, Optional.empty());
  }

  /**
   * How texts become token ids.
   *
   * @param folder of {@code tokenizer.json}, or of the older vocabulary files
   * @param max longer texts are cut, special tokens included
   * @param padding the id that texts are filled up with to {@code max}; without one they are not
   */
  public record Tokens(Path folder, int max, OptionalInt padding) {
    /** Checks the number. */
    public Tokens {
      Check.argument(max > 2, "the largest number of tokens must exceed 2, found %d", max);
    }
  }
}
