package io.noesis.alignment.diffusion;

import io.noesis.encoders.layer.Layer;

/**
 * The network of a prior, as a record of its settings. What it makes is a layer whose input is a
 * noisy embedding, with the further inputs {@value #TIMESTEP} {@code [batch, 1]}, {@value
 * #CONDITION} of the decoded embedding's shape, and {@value #KEEP} {@code [batch, 1]}: 1, or 0 for
 * as if there were no condition.
 */
public sealed interface Denoiser permits VectorDenoiser, TokenDenoiser, RotaryDenoiser {
  /** Name of the further input that says how noisy the input is. */
  String TIMESTEP = "timestep";

  /** Name of the further input that holds the decoded embedding. */
  String CONDITION = "condition";

  /** Name of the further input that says whether to look at the condition. */
  String KEEP = "keep";

  /**
   * Composes the network.
   *
   * @param sizes of embeddings
   * @return from noisy embeddings to what it predicts, of the same shape
   */
  Layer network(PriorSizes sizes);
}
