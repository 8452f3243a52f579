package io.noesis.alignment.train;

import io.noesis.alignment.loss.Mixed;
import io.noesis.tensor.Tensor;
import java.util.Optional;

/**
 * What one forward pass sees.
 *
 * @param responses {@code [rows, ...]}, mixed already
 * @param targets {@code [rows, ...]}
 * @param mixed how rows were mixed
 */
record Batch(Tensor responses, Tensor targets, Optional<Mixed> mixed) {}
