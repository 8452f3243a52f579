package io.noesis.ingest.volume;

import io.noesis.tensor.Tensor;

/**
 * One run as a matrix.
 *
 * @param values {@code [volumes, voxels]}, columns in the mask's order
 * @param mask which voxel each column is; smaller than the masker's when voxels were dropped
 * @param trSeconds seconds between volumes; 0 when unknown
 * @param constantVoxels voxels that did not vary; 0 throughout when scaled. Counted only when
 *     scaled
 * @param nonFiniteVoxels voxels that were NaN or infinite in some volume and were dropped or zeroed
 */
public record MaskedRun(
    Tensor values, BrainMask mask, double trSeconds, int constantVoxels, int nonFiniteVoxels) {}
