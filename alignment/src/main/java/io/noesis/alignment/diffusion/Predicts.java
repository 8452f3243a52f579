package io.noesis.alignment.diffusion;

/** What the network of a prior is trained to find in a noisy embedding. */
public enum Predicts {
  /** The embedding without noise, x₀. */
  EMBEDDING,
  /** The noise, ε. */
  NOISE
}
