package io.noesis.alignment.train;

import io.noesis.encoders.NetworkTrainer;
import io.noesis.encoders.TrainedWeights;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.torch.Libtorch;
import io.noesis.run.DataException;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Trains a network on one table of rows. The same rows, settings and seed give the same bits, also
 * when the training was stopped or killed in between, for one number of threads of libtorch. To be
 * used by one thread at a time.
 */
public final class Trainer {
  /**
   * Below so many multiplications per batch threads wait for each other longer than they compute;
   * such networks are trained on one, so that their bits are the same on every number of cores.
   */
  private static final long WORTH_THREADS = 100_000_000L;

  private final TrainingSpec spec;
  private final Layer network;

  /**
   * A trainer of a network.
   *
   * @param spec settings
   * @param network from responses {@code [batch, ...]} to predictions of the targets' shape
   */
  public Trainer(TrainingSpec spec, Layer network) {
    this.spec = spec;
    this.network = network;
  }

  /**
   * Trains the networks of architectures.
   *
   * @param spec settings
   * @param run files, progress and cancellation
   * @return what an architecture needs to be fitted
   */
  public static NetworkTrainer of(TrainingSpec spec, TrainingRun run) {
    return (network, rows, seed) -> {
      TrainedNetwork trained = new Trainer(spec, network).train(rows, seed, run);
      Map<String, String> facts = new LinkedHashMap<>();
      facts.put("loss", spec.loss().make().describe());
      facts.put("epoch", trained.chosenEpoch() + " of " + trained.history().size());
      return new TrainedWeights(trained.weights(), facts);
    };
  }

  /**
   * Trains from the beginning, or from where a checkpoint stands.
   *
   * @param rows training rows; the validation rows are taken from them by group
   * @param seed root of first weights, order, dropout, mixing and choice of validation rows
   * @param run files, progress and cancellation
   * @return the network with the weights of the best epoch on validation rows, or of the last one
   *     without such rows
   * @throws DataException when a number of the rows is not finite
   * @throws io.noesis.run.RecipeException when the loss becomes NaN, or the network will not fit
   *     into memory
   * @throws io.noesis.run.CancelledException when cancelled; a checkpoint was then written
   */
  public TrainedNetwork train(TrainingRows rows, Seed seed, TrainingRun run) {
    requireFinite("responses", rows.responses());
    requireFinite("targets", rows.targets());
    MemoryEstimate.require(network, spec);
    int threads = Libtorch.threads();
    if (Parameters.count(network) * spec.batchSize() < WORTH_THREADS) {
      Libtorch.useThreads(1);
    }
    TrainingSession session = new TrainingSession(spec, network, rows, seed, run);
    try {
      return session.run();
    } finally {
      session.free();
      Libtorch.useThreads(threads);
    }
  }

  private static void requireFinite(String what, Tensor tensor) {
    float[] values = tensor.array();
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        int width = values.length / tensor.dim(0);
        throw new DataException(
            "training: the "
                + what
                + " have the value "
                + values[i]
                + " in row "
                + i / width
                + ", column "
                + i % width
                + ". Expected finite numbers; leave such voxels or trials out (noesis check names"
                + " them).");
      }
    }
  }
}
