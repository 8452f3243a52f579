package io.noesis.alignment.loss;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.Optional;

/**
 * What a loss sees.
 *
 * @param predicted {@code [batch, ...]}
 * @param target of the same shape
 * @param mixed how the rows of the input were mixed; empty when they were not
 * @param progress how much of the training is done, 0 to 1
 */
public record LossBatch(Value predicted, Value target, Optional<Mixed> mixed, double progress) {
  /** Checks that the shapes agree. */
  public LossBatch {
    Check.argument(
        predicted.shape().equals(target.shape()),
        "computing a loss: predictions %s and targets %s differ in shape",
        predicted.shape(),
        target.shape());
  }

  /** Predictions and targets of rows that were not mixed, at the start of a training. */
  public static LossBatch of(Value predicted, Value target) {
    return new LossBatch(predicted, target, Optional.empty(), 0);
  }

  int rows() {
    return predicted.dim(0);
  }

  /** Each row in one axis: {@code [batch, width]}. */
  static Value flat(Value value) {
    return value.rank() == 2 ? value : Ops.reshape(value, value.dim(0), -1);
  }
}
