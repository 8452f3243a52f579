/**
 * Geometries of measured responses and of models: files of distances, pictures and words go in,
 * {@link io.noesis.alignment.geometry.Rdm}s of the same conditions in the same order come out.
 */
@NullMarked
package io.noesis.experiment.geometry;

import org.jspecify.annotations.NullMarked;
