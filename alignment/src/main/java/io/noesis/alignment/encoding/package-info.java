/**
 * Voxelwise encoding models: stimulus features to brain responses, the other direction than
 * decoding. In: features {@code [trials, features]} of one or several feature spaces and responses
 * {@code [trials, voxels]}. Out: an {@link io.noesis.alignment.encoding.EncodingModel} that
 * predicts responses, and {@link io.noesis.alignment.encoding.VoxelScores} with chance and, where
 * repetitions allow one, the noise ceiling; p corrected for many voxels, and how explained variance
 * splits over the spaces.
 */
@NullMarked
package io.noesis.alignment.encoding;

import org.jspecify.annotations.NullMarked;
