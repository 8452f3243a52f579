package io.noesis.encoders;

import io.noesis.encoders.layer.Layer;
import io.noesis.run.Seed;

/** Finds the weights of a network; given to the architectures that are trained by gradients. */
@FunctionalInterface
public interface NetworkTrainer {
  /**
   * Trains a network.
   *
   * @param network from responses {@code [batch, ...]} to embeddings {@code [batch, ...]} of the
   *     targets' shape; it may ask for the further input {@code subject}, the number of each row's
   *     subject
   * @param rows training trials only
   * @param seed root of its randomness
   * @return the weights it chose
   */
  TrainedWeights train(Layer network, TrainingRows rows, Seed seed);
}
