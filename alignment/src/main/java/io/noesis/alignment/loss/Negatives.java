package io.noesis.alignment.loss;

import io.noesis.run.Check;

/**
 * Which rows of a batch a row's own target is told from.
 *
 * @param whose by subject
 * @param repeated what becomes of other rows of the same stimulus
 * @param most at most so many: those that follow the row in the batch, which is in random order,
 *     beginning again at its top; 0 for all
 */
public record Negatives(Whose whose, Repeated repeated, int most) {
  /** Whose rows. */
  public enum Whose {
    /** Of all subjects in the batch. */
    ALL,
    /** Of the same subject only. */
    SAME_SUBJECT
  }

  /** What to make of a stimulus that is twice in a batch. */
  public enum Repeated {
    /** It is told from itself, as the published systems do. */
    NEGATIVE,
    /** It counts neither as right nor as wrong. */
    LEFT_OUT
  }

  /** Checks the number. */
  public Negatives {
    Check.argument(most >= 0, "negatives: expected a number, or 0 for all, found %d", most);
  }

  /** All other rows of the batch. */
  public static Negatives defaults() {
    return new Negatives(Whose.ALL, Repeated.NEGATIVE, 0);
  }

  boolean all() {
    return equals(defaults());
  }

  boolean count(RowFacts facts, int row, int other) {
    return (whose == Whose.ALL || facts.sameSubject(row, other))
        && (repeated == Repeated.NEGATIVE || !facts.sameStimulus(row, other));
  }

  String describe() {
    return (most == 0 ? "all other" : "the next " + most)
        + " rows of the batch"
        + (whose == Whose.ALL ? "" : " of the same subject")
        + (repeated == Repeated.NEGATIVE ? "" : " and of other stimuli");
  }
}
