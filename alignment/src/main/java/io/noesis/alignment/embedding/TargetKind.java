package io.noesis.alignment.embedding;

import java.util.function.Function;

/**
 * A kind of target.
 *
 * @param unit what has a target of its own
 * @param opening loads the extractor
 */
public record TargetKind(TargetUnit unit, Function<TargetSpec, TargetExtractor> opening) {
  /**
   * Loads the extractor.
   *
   * @param spec what it may be told
   * @return the extractor, to be closed by the caller
   * @throws io.noesis.run.RecipeException when the spec lacks what this kind needs
   * @throws io.noesis.run.ModelException when a model cannot be loaded
   */
  public TargetExtractor open(TargetSpec spec) {
    return opening.apply(spec);
  }
}
