package io.noesis.encoders.architecture;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * From which a network can be built again.
 *
 * @param architecture its name in the registry
 * @param settings its settings with every default written out
 * @param voxels width of its input
 * @param dim width of its output
 */
record NetworkShape(String architecture, JsonNode settings, int voxels, int dim) {}
