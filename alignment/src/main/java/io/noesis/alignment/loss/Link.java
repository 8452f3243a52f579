package io.noesis.alignment.loss;

import java.util.Optional;

/**
 * What a loss, or a part of it, holds against each other.
 *
 * @param head name of an output of the network; empty for the embedding
 * @param target name of a further target; empty for that of the embedding
 * @param sizes which of both fit each other
 */
public record Link(Optional<String> head, Optional<String> target, Sizes sizes) {
  /** Which sizes of an output and a target fit each other. */
  public enum Sizes {
    /** The same. */
    ALIKE,
    /** Logits, and shares of as many classes or, with an axis less, numbers of classes. */
    CLASSES,
    /** The loss says it itself. */
    ANY
  }

  /** The embedding and its target. */
  public static final Link EMBEDDING = new Link(Optional.empty(), Optional.empty(), Sizes.ALIKE);

  /** The same of a part of a sum: its head, and its target where the loss names no other. */
  Link of(WeightedSum.Part part) {
    return new Link(
        part.head(), target.or(part::target), part.token().isEmpty() ? sizes : Sizes.ANY);
  }
}
