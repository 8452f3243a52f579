package io.noesis.encoders.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.encoders.NetworkSizes;

/**
 * From which a network can be built again.
 *
 * @param architecture its name in the registry
 * @param settings its settings with every default written out
 * @param sizes what goes in and what comes out
 */
record NetworkShape(String architecture, JsonNode settings, NetworkSizes sizes) {}
