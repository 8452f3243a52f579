/**
 * Representational similarity: patterns or distances of conditions go in ({@link
 * io.noesis.alignment.geometry.Rdm}), their agreement with a model comes out as a {@link
 * io.noesis.alignment.score.Score} with its noise ceiling.
 */
@NullMarked
package io.noesis.alignment.geometry;

import org.jspecify.annotations.NullMarked;
