package io.noesis.encoders;

import io.noesis.run.Seed;

/**
 * What an architecture has at hand besides rows and settings.
 *
 * @param seed root of its randomness
 * @param trainer trains its network, when it has one
 */
public record Fitting(Seed seed, NetworkTrainer trainer) {}
