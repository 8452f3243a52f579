package io.noesis.reconstruction.caption;

import java.util.List;
import java.util.Optional;

/**
 * A sentence for one embedding.
 *
 * @param text the sentence
 * @param tokens the ids that were chosen, in order, with the one that ended it; empty for a copied
 *     caption
 * @param copiedFrom whose caption this is, where it was not written but copied: a stimulus id of
 *     the training set
 */
public record Caption(String text, List<Long> tokens, Optional<String> copiedFrom) {
  /** Copies the list. */
  public Caption {
    tokens = List.copyOf(tokens);
  }
}
