package io.noesis.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.noesis.alignment.loss.LossSpec;
import io.noesis.alignment.loss.MeanSquared;
import io.noesis.alignment.prior.Denoiser;
import io.noesis.alignment.prior.NoiseSchedule;
import io.noesis.alignment.prior.Predicts;
import io.noesis.alignment.prior.PriorSpec;
import io.noesis.alignment.prior.Sampling;
import io.noesis.alignment.prior.TokenDenoiser;
import io.noesis.alignment.prior.VectorDenoiser;
import io.noesis.alignment.train.TrainingSpec;
import io.noesis.run.Check;
import io.noesis.run.RecordBinder;

/**
 * A diffusion prior behind an encoder: it is trained on training rows, decoded against true, and
 * what the encoder decodes of test rows is replaced by what the prior draws.
 *
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
    Form form,
    JsonNode network,
    NoiseSchedule schedule,
    Predicts predicts,
    double dropCondition,
    int folds,
    TrainingSpec training,
    Sampling sampling) {
  /** The form of embeddings. */
  public enum Form {
    /** {@code [dim]}: the network of ATM's prior. */
    VECTOR,
    /** {@code [tokens, dim]}: the network of MindEye's prior. */
    TOKENS
  }

  /** Checks the network's settings. */
  public EncoderPriorSpec {
    Check.argument(folds == 0 || folds >= 2, "folds: expected 0, or at least 2, found %d", folds);
    denoiser(form, network);
    training = training.withLoss(LossSpec.of("mse", MeanSquared.defaults()));
  }

  /** Vectors: MindEye's course and x₀ with ATM's network, five parts. */
  public static EncoderPriorSpec defaults() {
    PriorSpec mindEye = PriorSpec.mindEye();
    return new EncoderPriorSpec(
        Form.VECTOR,
        JsonNodeFactory.instance.objectNode(),
        mindEye.schedule(),
        mindEye.predicts(),
        mindEye.dropCondition(),
        5,
        TrainingSpec.defaults(),
        Sampling.defaults());
  }

  /** The settings of the prior itself. */
  PriorSpec prior() {
    return new PriorSpec(schedule, predicts, denoiser(form, network), dropCondition);
  }

  private static Denoiser denoiser(Form form, JsonNode network) {
    return form == Form.VECTOR
        ? RecordBinder.bind(network, VectorDenoiser.class, "encoder.prior.network")
        : RecordBinder.bind(network, TokenDenoiser.class, "encoder.prior.network");
  }
}
