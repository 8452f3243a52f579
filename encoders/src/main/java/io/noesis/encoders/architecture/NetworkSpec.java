package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.Pretraining;
import io.noesis.encoders.layer.Layer;
import java.util.List;
import java.util.Optional;

/** The settings of a network; a record whose {@code defaults()} are the published values. */
public interface NetworkSpec {
  /**
   * Composes the network.
   *
   * @param sizes what goes in and what comes out
   * @return layers from {@code [batch, ...response]} to {@code [batch, ...target]}; they may ask
   *     for the further input {@link io.noesis.encoders.layer.SubjectLinear#SUBJECT}
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
