package io.noesis.encoders;

import io.noesis.encoders.ridge.LinearPrior;
import io.noesis.encoders.ridge.TargetPrior;
import io.noesis.run.Seed;
import java.util.Optional;

/**
 * What an architecture has at hand besides rows and settings.
 *
 * @param seed root of its randomness
 * @param trainer trains its network, when it has one
 * @param start from where a network sets out
 * @param stimuli what targets there are, where that is known from more than the training rows: a
 *     linear start then inverts an encoding model instead of being ridge
 * @param others the linear decoder of others, near which a subject's own may be: a linear start is
 *     then ridge about it, where held-out rows approve
 * @param streaming for ridge that is too large for memory: where its targets are and its weights go
 */
public record Fitting(
    Seed seed,
    NetworkTrainer trainer,
    Start start,
    Optional<TargetPrior> stimuli,
    Optional<LinearPrior> others,
    Optional<Streaming> streaming) {
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

  /** Knowing no targets but those of the training rows. */
  public Fitting(Seed seed, NetworkTrainer trainer, Start start) {
    this(seed, trainer, start, Optional.empty());
  }

  /** With everything in memory. */
  public Fitting(Seed seed, NetworkTrainer trainer, Start start, Optional<TargetPrior> stimuli) {
    this(seed, trainer, start, stimuli, Optional.empty(), Optional.empty());
  }
}
