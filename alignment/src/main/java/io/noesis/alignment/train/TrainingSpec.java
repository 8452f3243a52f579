package io.noesis.alignment.train;

import io.noesis.alignment.loss.LossSpec;
import io.noesis.alignment.loss.OwnTerms;
import io.noesis.encoders.torch.Arithmetic;
import io.noesis.run.Check;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The settings of a training that may change its result.
 *
 * @param loss what is made small
 * @param epochs how often each row is seen, at most
 * @param batchSize rows per batch; rows that do not fill the last batch of an epoch wait for the
 *     next
 * @param batches what a batch is made of
 * @param accumulate how many batches make a step
 * @param clip the largest length of all gradients together; 0 for any
 * @param averageDecay of a running average of the weights, which is then what is validated and
 *     kept; 0 for none
 * @param optimizer how gradients become steps
 * @param schedule how the learning rate moves
 * @param validation which rows choose the epoch
 * @param freeze what of the network does not learn
 * @param terms weights of what layers add to the loss, by name; 1 for those not named
 * @param arithmetic in which numbers the network computes while it is trained; losses, weights and
 *     validation are float32
 */
public record TrainingSpec(
    LossSpec loss,
    int epochs,
    int batchSize,
    BatchSpec batches,
    int accumulate,
    double clip,
    double averageDecay,
    OptimizerSpec optimizer,
    ScheduleSpec schedule,
    ValidationSpec validation,
    FreezeSpec freeze,
    Map<String, Double> terms,
    Arithmetic arithmetic) {
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
    Check.argument(
        !loss.name().equals(OwnTerms.NAME) || validation.part() == 0,
        "loss: '%s' has no value on validation rows, so it cannot choose an epoch; set"
            + " training.validation.part to 0 and its patience to 0, or choose another loss",
        loss.name());
    terms = Collections.unmodifiableMap(new LinkedHashMap<>(terms));
  }

  /** InfoNCE, 60 epochs in batches of 64, gradients at most 1, AdamW in one cycle. */
  public static TrainingSpec defaults() {
    return new TrainingSpec(
        LossSpec.defaults(),
        60,
        64,
        BatchSpec.defaults(),
        1,
        1,
        0,
        OptimizerSpec.defaults(),
        ScheduleSpec.defaults(),
        ValidationSpec.defaults(),
        FreezeSpec.defaults(),
        Map.of(),
        Arithmetic.FLOAT32);
  }

  /** The same with another loss. */
  public TrainingSpec withLoss(LossSpec other) {
    return new TrainingSpec(
        other,
        epochs,
        batchSize,
        batches,
        accumulate,
        clip,
        averageDecay,
        optimizer,
        schedule,
        validation,
        freeze,
        terms,
        arithmetic);
  }

  /** The same for so many epochs. */
  public TrainingSpec withEpochs(int other) {
    return new TrainingSpec(
        loss,
        other,
        batchSize,
        batches,
        accumulate,
        clip,
        averageDecay,
        optimizer,
        schedule,
        validation,
        freeze,
        terms,
        arithmetic);
  }

  /** The same with other batches. */
  public TrainingSpec withBatches(BatchSpec other) {
    return new TrainingSpec(
        loss,
        epochs,
        batchSize,
        other,
        accumulate,
        clip,
        averageDecay,
        optimizer,
        schedule,
        validation,
        freeze,
        terms,
        arithmetic);
  }

  /** The same with so many rows per batch. */
  public TrainingSpec withBatchesOf(int other) {
    return new TrainingSpec(
        loss,
        epochs,
        other,
        batches,
        accumulate,
        clip,
        averageDecay,
        optimizer,
        schedule,
        validation,
        freeze,
        terms,
        arithmetic);
  }

  /** The same with other steps. */
  public TrainingSpec withOptimizer(OptimizerSpec other) {
    return new TrainingSpec(
        loss,
        epochs,
        batchSize,
        batches,
        accumulate,
        clip,
        averageDecay,
        other,
        schedule,
        validation,
        freeze,
        terms,
        arithmetic);
  }

  /** The same with other validation rows. */
  public TrainingSpec withValidation(ValidationSpec other) {
    return new TrainingSpec(
        loss,
        epochs,
        batchSize,
        batches,
        accumulate,
        clip,
        averageDecay,
        optimizer,
        schedule,
        other,
        freeze,
        terms,
        arithmetic);
  }

  /** The same with other parameters left as they are. */
  public TrainingSpec withFreeze(FreezeSpec other) {
    return new TrainingSpec(
        loss,
        epochs,
        batchSize,
        batches,
        accumulate,
        clip,
        averageDecay,
        optimizer,
        schedule,
        validation,
        other,
        terms,
        arithmetic);
  }

  /** The same with other weights of what layers add. */
  public TrainingSpec withTerms(Map<String, Double> other) {
    return new TrainingSpec(
        loss,
        epochs,
        batchSize,
        batches,
        accumulate,
        clip,
        averageDecay,
        optimizer,
        schedule,
        validation,
        freeze,
        other,
        arithmetic);
  }

  /** The same computed in other numbers. */
  public TrainingSpec withArithmetic(Arithmetic other) {
    return new TrainingSpec(
        loss,
        epochs,
        batchSize,
        batches,
        accumulate,
        clip,
        averageDecay,
        optimizer,
        schedule,
        validation,
        freeze,
        terms,
        other);
  }
}
