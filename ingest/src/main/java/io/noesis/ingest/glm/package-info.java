/**
 * From one run's BOLD {@code [volumes, voxels]} and the onsets of its trials to one beta per trial
 * and voxel, what noise those betas carry, and how much of them repeats. Definitions follow SPM and
 * nilearn (0.14), so that betas can be compared; imports only {@code io.noesis.run} and {@code
 * io.noesis.tensor}.
 */
@NullMarked
package io.noesis.ingest.glm;

import org.jspecify.annotations.NullMarked;
