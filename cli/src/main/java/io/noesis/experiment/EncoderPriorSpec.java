package io.noesis.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.noesis.alignment.diffusion.NoiseSchedule;
import io.noesis.alignment.diffusion.Predicts;
import io.noesis.alignment.diffusion.PriorForm;
import io.noesis.alignment.diffusion.PriorSpec;
import io.noesis.alignment.loss.LossSpec;
import io.noesis.alignment.loss.MeanSquared;
import io.noesis.alignment.prior.Sampling;
import io.noesis.alignment.train.TrainingSpec;
import io.noesis.run.Check;

/**
 * A diffusion prior behind an encoder: it is trained on training rows, decoded against true, and
 * what the encoder decodes of test rows is replaced by what the prior draws.
 *
 * @param trained when, and by what
 * @param form of embeddings, which decides the network
 * @param network its settings; missing ones take the network's published values
 * @param schedule of the noise
 * @param predicts what the network finds in a noisy embedding
 * @param dropCondition part of training rows that are shown without what was decoded
 * @param folds how many times a part of the training rows is decoded by an encoder that was fitted
 *     without it, so that the prior learns from embeddings as imperfect as those of test rows; 0 to
 *     decode them by the encoder that they trained
 * @param training how it is trained; its loss is the mean squared error
 * @param sampling how embeddings are drawn
 */
public record EncoderPriorSpec(
    Trained trained,
    PriorForm form,
    JsonNode network,
    NoiseSchedule schedule,
    Predicts predicts,
    double dropCondition,
    int folds,
    TrainingSpec training,
    Sampling sampling) {
  private static final String WHERE = "encoder.prior";

  /** Beside what it is trained. */
  public enum Trained {
    /** Behind the encoder, when that is trained: decoded training rows against their targets. */
    APART,
    /**
     * Together with the encoder, by the part {@code prior} of its loss, whose settings then count
     * instead of those here.
     */
    TOGETHER
  }

  /** Checks the network's settings. */
  public EncoderPriorSpec {
    Check.argument(folds == 0 || folds >= 2, "folds: expected 0, or at least 2, found %d", folds);
    form.denoiser(network, WHERE);
    training = training.withLoss(LossSpec.of("mse", MeanSquared.defaults()));
  }

  /** Vectors: MindEye's course and x₀ with ATM's network, five parts. */
  public static EncoderPriorSpec defaults() {
    PriorSpec mindEye = PriorSpec.mindEye();
    return new EncoderPriorSpec(
        Trained.APART,
        PriorForm.VECTOR,
        JsonNodeFactory.instance.objectNode(),
        mindEye.schedule(),
        mindEye.predicts(),
        mindEye.dropCondition(),
        5,
        TrainingSpec.defaults(),
        Sampling.defaults());
  }

  /** Refuses settings that the part {@code prior} of the loss has in their place. */
  void requireOnlySampling() {
    EncoderPriorSpec usual = defaults();
    EncoderPriorSpec alone =
        new EncoderPriorSpec(
            trained,
            usual.form,
            usual.network,
            usual.schedule,
            usual.predicts,
            usual.dropCondition,
            usual.folds,
            usual.training,
            sampling);
    Check.argument(
        equals(alone),
        "prior: it is trained together with the encoder, by the part 'prior' of training.loss and as"
            + " its settings say; form, network, schedule, predicts, dropCondition, folds and"
            + " training would change nothing here, leave them out");
  }

  /** The settings of the prior itself. */
  PriorSpec prior() {
    return new PriorSpec(schedule, predicts, form.denoiser(network, WHERE), dropCondition);
  }
}
