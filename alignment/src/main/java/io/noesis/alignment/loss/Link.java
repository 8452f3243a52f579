package io.noesis.alignment.loss;

import java.util.Optional;

/**
 * What a loss, or a part of it, holds against each other.
 *
 * @param head name of an output of the network; empty for the embedding
 * @param target name of a further target; empty for that of the embedding
 * @param alike whether both must have the same sizes
 */
public record Link(Optional<String> head, Optional<String> target, boolean alike) {
  /** The embedding and its target. */
  public static final Link EMBEDDING = new Link(Optional.empty(), Optional.empty(), true);

  /** The same of a part of a sum: its head, and its target where the loss names no other. */
  Link of(WeightedSum.Part part) {
    return new Link(part.head(), target.or(part::target), alike && part.token().isEmpty());
  }
}
