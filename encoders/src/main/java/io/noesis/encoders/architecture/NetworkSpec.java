package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Layer;

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
}
