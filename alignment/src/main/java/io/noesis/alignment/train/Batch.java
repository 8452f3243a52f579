package io.noesis.alignment.train;

import io.noesis.alignment.loss.Mixed;
import io.noesis.encoders.TrainingRows;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/**
 * What one forward pass sees.
 *
 * @param responses {@code [rows, ...]}, mixed already
 * @param targets {@code [rows, ...]}
 * @param subjects the number of each row's subject
 * @param mixed how rows were mixed
 */
@SuppressWarnings("ArrayRecordComponent") // Package-private; made once, read only.
record Batch(Tensor responses, Tensor targets, long[] subjects, Optional<Mixed> mixed) {
  static Batch of(TrainingRows rows, int[] numbers, int[] which) {
    long[] subjects = Arrays.stream(which).mapToLong(row -> numbers[row]).toArray();
    return new Batch(
        rows.responses().rows(which), rows.targets().rows(which), subjects, Optional.empty());
  }

  Batch responding(Tensor others) {
    return new Batch(others, targets, subjects, mixed);
  }

  /** Responses and targets mixed alike, so that nothing is to be known about it. */
  Batch withTargetsMixed(Mixed how) {
    return new Batch(how.apply(responses), how.apply(targets), subjects, Optional.empty());
  }

  Batch mixed(Mixed how) {
    return new Batch(how.apply(responses), targets, subjects, Optional.of(how));
  }
}
