package io.noesis.encoders.ridge;

/** For how many targets one penalty is chosen. */
public enum PenaltyChoice {
  /** One penalty for all targets: the best mean score over targets. Steady with few trials. */
  SHARED,
  /** Each target its own penalty: for targets of very different noise, and many trials. */
  PER_TARGET
}
