package io.noesis.experiment.geometry;

import io.noesis.alignment.geometry.Rdm;

/**
 * The geometry of a model.
 *
 * @param rdm named by the model
 * @param words what it is, in a few words
 * @param fingerprint SHA-256 of everything that decides it
 */
public record ModelGeometry(Rdm rdm, String words, String fingerprint) {}
