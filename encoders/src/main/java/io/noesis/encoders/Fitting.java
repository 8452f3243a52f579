package io.noesis.encoders;

import io.noesis.run.Seed;

/**
 * What an architecture has at hand besides rows and settings.
 *
 * @param seed root of its randomness
 * @param trainer trains its network, when it has one
 * @param start from where a network sets out
 */
public record Fitting(Seed seed, NetworkTrainer trainer, Start start) {
  /** From where a network sets out; architectures without a network do not look at it. */
  public enum Start {
    /** From random first weights. */
    RANDOM,
    /** From ridge, to whose prediction the network adds what validation rows approve of. */
    RIDGE
  }

  /** Setting out from random first weights. */
  public Fitting(Seed seed, NetworkTrainer trainer) {
    this(seed, trainer, Start.RANDOM);
  }
}
