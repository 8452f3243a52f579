package io.noesis.alignment.prior;

import io.noesis.run.Check;

/**
 * How embeddings are drawn.
 *
 * @param steps how many of the schedule's steps are taken, in equal distances
 * @param guidance 1 for the condition as it was trained, above for more of it: prediction without
 *     condition + guidance · (difference that the condition makes)
 * @param eta how much fresh noise each step gets, 0 for none (DDIM, Song et al. 2021,
 *     arXiv:2010.02502) to 1 (with all steps the ancestral sampling of Ho et al. 2020)
 */
public record Sampling(int steps, double guidance, double eta) {
  /** Checks the ranges. */
  public Sampling {
    Check.argument(
        steps >= 1 && guidance >= 0 && eta >= 0 && eta <= 1,
        "drawing from a prior: expected at least 1 step, a guidance of at least 0 and an eta of 0 to"
            + " 1, found %d, %s and %s",
        steps,
        guidance,
        eta);
  }

  /** 20 steps without fresh noise, guidance 1. */
  public static Sampling defaults() {
    return new Sampling(20, 1, 0);
  }
}
