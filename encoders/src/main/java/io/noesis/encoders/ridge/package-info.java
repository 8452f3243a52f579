/**
 * Cross-validated multi-target ridge regression: the default first encoder and the baseline of
 * every other. In: responses {@code [trials, voxels]} and targets {@code [trials, dims]}, with
 * group labels that say which trials may not be parted. Out: an immutable {@link
 * io.noesis.encoders.ridge.RidgeModel} that predicts and is saved as {@code .safetensors}. Beside
 * it {@link io.noesis.encoders.ridge.GaussianInversion}, a linear decoder of the same shapes.
 */
@NullMarked
package io.noesis.encoders.ridge;

import org.jspecify.annotations.NullMarked;
