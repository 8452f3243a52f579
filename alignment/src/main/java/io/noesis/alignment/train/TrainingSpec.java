package io.noesis.alignment.train;

import io.noesis.alignment.loss.LossSpec;
import io.noesis.run.Check;

/**
 * The settings of a training that may change its result.
 *
 * @param loss what is made small
 * @param epochs how often each row is seen, at most
 * @param batchSize rows per batch; rows that do not fill the last batch of an epoch wait for the
 *     next
 * @param accumulate how many batches make a step
 * @param clip the largest length of all gradients together; 0 for any
 * @param averageDecay of a running average of the weights, which is then what is validated and
 *     kept; 0 for none
 * @param optimizer how gradients become steps
 * @param schedule how the learning rate moves
 * @param validation which rows choose the epoch
 */
public record TrainingSpec(
    LossSpec loss,
    int epochs,
    int batchSize,
    int accumulate,
    double clip,
    double averageDecay,
    OptimizerSpec optimizer,
    ScheduleSpec schedule,
    ValidationSpec validation) {
  /** Checks the ranges. */
  public TrainingSpec {
    Check.argument(epochs >= 1, "epochs: expected at least 1, found %d", epochs);
    Check.argument(batchSize >= 2, "batch size: expected at least 2, found %d", batchSize);
    Check.argument(accumulate >= 1, "accumulate: expected at least 1 batch, found %d", accumulate);
    Check.argument(clip >= 0, "clip: expected a length above 0, or 0 for any, found %s", clip);
    Check.argument(
        averageDecay >= 0 && averageDecay < 1,
        "decay of averaged weights: expected 0 to below 1, found %s",
        averageDecay);
  }

  /** InfoNCE, 60 epochs in batches of 64, gradients at most 1, AdamW in one cycle. */
  public static TrainingSpec defaults() {
    return new TrainingSpec(
        LossSpec.defaults(),
        60,
        64,
        1,
        1,
        0,
        OptimizerSpec.defaults(),
        ScheduleSpec.defaults(),
        ValidationSpec.defaults());
  }

  /** The same with another loss. */
  public TrainingSpec withLoss(LossSpec other) {
    return new TrainingSpec(
        other, epochs, batchSize, accumulate, clip, averageDecay, optimizer, schedule, validation);
  }
}
