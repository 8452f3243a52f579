package io.noesis.encoders.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Layer;

/**
 * From which a network can be built again.
 *
 * @param architecture its name in the registry
 * @param settings its settings with every default written out
 * @param sizes what goes in and what comes out
 * @param start whether ridge is below it
 * @param stage of its pretraining, whose network it is; empty for the one that decodes
 */
record NetworkShape(
    String architecture, JsonNode settings, NetworkSizes sizes, Fitting.Start start, String stage) {
  /** A network alone. */
  NetworkShape(String architecture, JsonNode settings, NetworkSizes sizes) {
    this(architecture, settings, sizes, Fitting.Start.RANDOM);
  }

  /** A network that decodes. */
  NetworkShape(String architecture, JsonNode settings, NetworkSizes sizes, Fitting.Start start) {
    this(architecture, settings, sizes, start, "");
  }

  /** The same of other sizes. */
  NetworkShape of(NetworkSizes others) {
    return new NetworkShape(architecture, settings, others, start, stage);
  }

  /** What decodes: the network, with ridge below it where it started from there. */
  Layer decoding(Layer network) {
    return start == Fitting.Start.RIDGE ? RidgeStart.decoding(network, sizes) : network;
  }
}
