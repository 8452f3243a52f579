package io.noesis.reconstruction.caption;

import java.util.List;

/** The sentences that are tried for one embedding. */
interface Sentences {
  /**
   * A sentence to go on with.
   *
   * @param parent which of the sentences asked for before it goes on from; 0 at the first word
   * @param word its new word
   */
  record Next(int parent, long word) {}

  /**
   * Chooses words.
   *
   * @param logits of the next word of every sentence that was asked for
   * @param from the row of the first of them; they follow each other in the order asked
   * @return the sentences to go on with; none when all is decided
   */
  List<Next> advance(List<Logits> logits, int from);

  /** The sentence that was decided on: its words, with the one that ended it. */
  List<Long> best();
}
