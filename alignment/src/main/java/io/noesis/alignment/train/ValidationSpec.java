package io.noesis.alignment.train;

import io.noesis.run.Check;

/**
 * Training rows that are kept aside to choose the epoch; test rows never are.
 *
 * @param part of the groups (recordings, or stimuli), 0 for none: then the last epoch is taken
 * @param patience after how many epochs without a better validation loss training stops; 0 for
 *     never
 * @param by what of the loss counts on those rows
 */
public record ValidationSpec(double part, int patience, By by) {
  /** What of the loss chooses the epoch. */
  public enum By {
    /** All of it, heads too. */
    LOSS,
    /** Of a sum only the parts without a head: what the network is for. */
    EMBEDDING
  }

  /** Checks the ranges. */
  public ValidationSpec {
    Check.argument(part >= 0 && part < 1, "validation part: expected 0 to below 1, found %s", part);
    Check.argument(
        patience >= 0 && (patience == 0 || part > 0),
        "patience: expected 0, or a number of epochs together with a validation part, found %d with"
            + " a part of %s",
        patience,
        part);
  }

  /** By the whole loss. */
  public ValidationSpec(double part, int patience) {
    this(part, patience, By.LOSS);
  }

  /** A tenth, and ten epochs. */
  public static ValidationSpec defaults() {
    return new ValidationSpec(0.1, 10);
  }
}
