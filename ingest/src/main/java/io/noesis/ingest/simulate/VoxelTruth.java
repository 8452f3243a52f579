package io.noesis.ingest.simulate;

/**
 * What one simulated voxel is made of. Betas and noise are in scanner units; the ceiling is signal
 * variance over signal plus noise variance of single-trial betas by ordinary least squares.
 *
 * @param roi where it lies
 * @param baseline its mean
 * @param betaMean mean response to a picture
 * @param betaSignalSd standard deviation over the study's pictures of the response without noise
 * @param noiseSd standard deviation of the noise of one volume
 * @param betaNoiseSd standard deviation that this noise gives to a single-trial beta
 * @param betaNoiseSdWithinRun the same after the mean of a run's betas is taken away
 * @param ceiling {@code signal^2 / (signal^2 + betaNoise^2)}
 * @param ceilingWithinRun the same with the noise within a run: what remains when betas are
 *     standardised per run
 */
public record VoxelTruth(
    Roi roi,
    double baseline,
    double betaMean,
    double betaSignalSd,
    double noiseSd,
    double betaNoiseSd,
    double betaNoiseSdWithinRun,
    double ceiling,
    double ceilingWithinRun) {}
