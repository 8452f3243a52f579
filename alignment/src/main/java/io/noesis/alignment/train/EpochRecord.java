package io.noesis.alignment.train;

import java.util.OptionalDouble;

/**
 * What an epoch came to.
 *
 * @param epoch from 1
 * @param step steps done by then
 * @param rate the learning rate of its last step
 * @param loss mean over its batches
 * @param validation loss of the validation rows; empty without such rows
 */
public record EpochRecord(
    int epoch, int step, double rate, double loss, OptionalDouble validation) {}
