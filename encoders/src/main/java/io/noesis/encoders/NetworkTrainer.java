package io.noesis.encoders;

import io.noesis.encoders.layer.Layer;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** Finds the weights of a network; given to the architectures that are trained by gradients. */
@FunctionalInterface
public interface NetworkTrainer {
  /**
   * Trains a network.
   *
   * @param network from responses {@code [batch, ...]} to embeddings {@code [batch, ...]} of the
   *     targets' shape; it may ask for the further inputs {@code subject}, the number of each row's
   *     subject, and {@link io.noesis.encoders.layer.Pass#TOLD} with the name of a feature of the
   *     stimulus behind it
   * @param rows training trials only
   * @param seed root of its randomness
   * @return the weights it chose
   */
  TrainedWeights train(Layer network, TrainingRows rows, Seed seed);

  /** The weights and statistics that it starts networks from, by name; empty where it draws all. */
  default Map<String, Tensor> given() {
    return Map.of();
  }

  /**
   * The same trainer with some first weights or statistics, where it has none of its own for them.
   *
   * @param first by the names that the network declares
   * @return a new trainer
   * @throws UnsupportedOperationException by trainers that know where a network starts themselves
   */
  default NetworkTrainer from(Map<String, Tensor> first) {
    if (first.isEmpty()) {
      return this;
    }
    throw new UnsupportedOperationException("this trainer chooses the first weights itself");
  }

  /**
   * Trains a network that can do something before it has learned: where no epoch does better on
   * validation rows than its first weights, these are chosen.
   *
   * @param network as {@link #train} takes it
   * @param first some of its first weights by name; the others are drawn
   * @param rows training trials only
   * @param seed root of its randomness
   * @return the weights it chose
   * @throws UnsupportedOperationException by trainers that know where a network starts themselves;
   *     recipes that would ask this of them are refused when they are read
   */
  default TrainedWeights refine(
      Layer network, Map<String, Tensor> first, TrainingRows rows, Seed seed) {
    throw new UnsupportedOperationException("this trainer chooses the first weights itself");
  }

  /**
   * The same trainer, which says more of what was chosen.
   *
   * @param facts for the report; they stand before those of the training
   * @return a new trainer
   */
  default NetworkTrainer noting(Map<String, String> facts) {
    NetworkTrainer trainer = this;
    return new NetworkTrainer() {
      @Override
      public TrainedWeights train(Layer network, TrainingRows rows, Seed seed) {
        return noted(trainer.train(network, rows, seed));
      }

      @Override
      public TrainedWeights refine(
          Layer network, Map<String, Tensor> first, TrainingRows rows, Seed seed) {
        return noted(trainer.refine(network, first, rows, seed));
      }

      @Override
      public Map<String, Tensor> given() {
        return trainer.given();
      }

      @Override
      public NetworkTrainer from(Map<String, Tensor> first) {
        return trainer.from(first).noting(facts);
      }

      private TrainedWeights noted(TrainedWeights trained) {
        Map<String, String> all = new LinkedHashMap<>(facts);
        all.putAll(trained.facts());
        return new TrainedWeights(trained.weights(), all);
      }
    };
  }
}
