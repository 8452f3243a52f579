package io.noesis.experiment;

import io.noesis.alignment.train.Trainer;
import io.noesis.alignment.train.TrainingRun;
import io.noesis.alignment.train.TrainingSpec;
import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.NetworkTrainer;
import io.noesis.encoders.TrainedWeights;
import io.noesis.encoders.architecture.ForeignWeights;
import io.noesis.encoders.layer.Parameters;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Trains networks on from weights that another program learned and published.
 *
 * @param encoder what is trained
 * @param weights where they are, and how their names become ours
 */
record PublishedStart(EncoderSpec encoder, PretrainingSpec.PublishedWeights weights)
    implements FoldTraining.Trainers {
  private static final int SHORT = 12;

  @Override
  public NetworkTrainer make(TrainingSpec training, TrainingRun circumstances) {
    ForeignWeights program = ForeignWeights.registry().get(weights.program());
    return (network, rows, seed) -> {
      Map<String, Tensor> start;
      try {
        start =
            program.start(
                weights.file(), network, encoder.settings(), NetworkSizes.of(rows), weights.anew());
      } catch (IllegalArgumentException e) {
        throw new RecipeException("encoder.pretraining.weights: " + e.getMessage(), e);
      }
      TrainedWeights trained =
          Trainer.of(training, start, circumstances).train(network, rows, seed);
      Map<String, String> facts = new LinkedHashMap<>(trained.facts());
      facts.put(
          "pretrained on",
          "nobody knows what: "
              + start.size()
              + " of "
              + Parameters.shapes(network).size()
              + " arrays are those of "
              + weights.file().getFileName()
              + " ("
              + weights.program()
              + ", SHA-256 "
              + weights.identity().substring(0, SHORT)
              + ")");
      return new TrainedWeights(trained.weights(), facts);
    };
  }
}
