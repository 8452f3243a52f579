package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.Pretraining;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Layer;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The settings of a network; a record whose {@code defaults()} are the published values. */
public interface NetworkSpec {
  /**
   * Composes the network.
   *
   * @param sizes what goes in and what comes out
   * @return layers from {@code [batch, ...response]} to {@code [batch, ...target]}; they may ask
   *     for the further input {@link io.noesis.encoders.layer.SubjectLinear#SUBJECT}, and for those
   *     of {@link #inputs}, {@link io.noesis.encoders.layer.Pass#TOLD} in front of their names
   * @throws IllegalArgumentException when it cannot be built for those sizes
   */
  Layer network(NetworkSizes sizes);

  /**
   * What of the sizes the network is built from, which is kept in its file. Without more, the
   * places of voxels are left out.
   *
   * @param sizes what goes in and what comes out
   * @return the sizes, or the same without positions
   */
  default NetworkSizes needed(NetworkSizes sizes) {
    return sizes.response().size() == 1 ? sizes.withPositions(List.of()) : sizes;
  }

  /** The features of the stimulus that the network is told, by name; mostly none. */
  default Set<String> inputs() {
    return Set.of();
  }

  /**
   * What the network takes from training rows before it is trained, once, such as a codebook of
   * their targets.
   *
   * @param rows training trials only
   * @param given weights and statistics that training starts from, by name, such as the codebook of
   *     a network that is trained on: what is made of rows must fit them
   * @param seed root of its randomness
   * @return mostly nothing
   */
  default Prepared prepared(TrainingRows rows, Map<String, Tensor> given, Seed seed) {
    return Prepared.NOTHING;
  }

  /**
   * What a network takes from training rows before it is trained.
   *
   * @param weights first values of parameters and statistics, by name
   * @param targets that losses may ask for, by name; one row for each training row
   * @param facts for the report
   */
  record Prepared(
      Map<String, Tensor> weights, Map<String, Tensor> targets, Map<String, String> facts) {
    static final Prepared NOTHING = new Prepared(Map.of(), Map.of(), Map.of());
  }

  /** The names of the targets that {@link #prepared} makes; mostly none. */
  default Set<String> targets() {
    return Set.of();
  }

  /**
   * What the network can learn without targets before it learns with them.
   *
   * @param sizes what goes in and what comes out; the targets do not matter
   * @return its stages; empty for networks that have no such thing
   */
  default Optional<Pretraining> pretraining(NetworkSizes sizes) {
    return Optional.empty();
  }
}
