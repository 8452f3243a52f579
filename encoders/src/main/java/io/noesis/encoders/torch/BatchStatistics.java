package io.noesis.encoders.torch;

/**
 * What a batch normalisation knows, each {@code [channels]}.
 *
 * @param weight scale
 * @param bias shift
 * @param runningMean mean over past batches; written in training
 * @param runningVariance variance over past batches; written in training
 */
public record BatchStatistics(Value weight, Value bias, Value runningMean, Value runningVariance) {}
