package io.noesis.alignment.train;

import io.noesis.encoders.NetworkTrainer;
import io.noesis.encoders.TrainedWeights;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.torch.Device;
import io.noesis.encoders.torch.Libtorch;
import io.noesis.run.DataException;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Trains a network on one table of rows. The same rows, settings and seed give the same bits, also
 * when the training was stopped or killed in between; those of large networks for one number of
 * threads of libtorch, which a checkpoint keeps. To be used by one thread at a time.
 */
public final class Trainer {
  /**
   * Below so many multiplications per batch threads wait for each other longer than they compute;
   * such networks are trained on one, so that their bits are the same on every number of cores.
   */
  private static final long WORTH_THREADS = 100_000_000L;

  private final Start start;

  /**
   * Where a training begins.
   *
   * @param spec settings
   * @param network what is trained
   * @param weights of it that are given, by name
   * @param counts whether the first weights are chosen where no epoch does better
   * @param share names of weights, 0 at the start, by which what is learned adds to the embedding
   */
  record Start(
      TrainingSpec spec,
      Layer network,
      Map<String, Tensor> weights,
      boolean counts,
      Set<String> share) {
    /** One whose first weights are not chosen. */
    Start(TrainingSpec spec, Layer network, Map<String, Tensor> weights) {
      this(spec, network, weights, false, Set.of());
    }

    Start {
      weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
      share = Set.copyOf(share);
    }
  }

  /**
   * A trainer of a network.
   *
   * @param spec settings
   * @param network from responses {@code [batch, ...]} to predictions of the targets' shape
   */
  public Trainer(TrainingSpec spec, Layer network) {
    this(new Start(spec, network, Map.of()));
  }

  private Trainer(Start start) {
    this.start = start;
  }

  /**
   * The same trainer, which trains on from given weights.
   *
   * @param weights by the names that the network declares; those missing are drawn as without them
   * @return a trainer that refuses names and shapes the network does not have ({@link
   *     io.noesis.run.ModelException})
   */
  public Trainer startingFrom(Map<String, Tensor> weights) {
    return new Trainer(new Start(start.spec, start.network, weights, start.counts, start.share));
  }

  /**
   * The same trainer, for a network that can do something before it has learned: where there are
   * validation rows and no epoch does better on them, the first weights are chosen (epoch 0).
   *
   * @return a new trainer
   */
  public Trainer countingTheStart() {
    return new Trainer(new Start(start.spec, start.network, start.weights, true, start.share));
  }

  /**
   * As {@link #countingTheStart}, for a network whose embedding is that of its start as long as
   * some weights are 0: an epoch is chosen only when the embeddings of validation rows have no
   * smaller a cosine with their targets than at the start (mean over rows), too. Where its loss
   * looks at other outputs, too, these go on to learn when the embedding does not get better any
   * more: in each epoch the weights are then shrunk as far as makes the loss of validation rows
   * smallest, down to 0.
   *
   * @param names of the weights
   * @return a new trainer
   */
  public Trainer sharing(Set<String> names) {
    return new Trainer(new Start(start.spec, start.network, start.weights, true, names));
  }

  /**
   * Trains the networks of architectures.
   *
   * @param spec settings
   * @param run files, progress and cancellation
   * @return what an architecture needs to be fitted
   */
  public static NetworkTrainer of(TrainingSpec spec, TrainingRun run) {
    return of(spec, Map.of(), run);
  }

  /**
   * Trains the networks of architectures on from given weights.
   *
   * @param spec settings
   * @param weights of the network, as {@link #startingFrom} takes them
   * @param run files, progress and cancellation
   * @return what an architecture needs to be fitted
   */
  public static NetworkTrainer of(TrainingSpec spec, Map<String, Tensor> weights, TrainingRun run) {
    return new OfArchitectures(spec, weights, run, false);
  }

  /**
   * As {@link #of(TrainingSpec, Map, TrainingRun)}, for weights with which the network can do
   * something already: they are chosen where no epoch does better on validation rows.
   *
   * @param spec settings
   * @param weights of the network, as {@link #startingFrom} takes them
   * @param run files, progress and cancellation
   * @return what an architecture needs to be fitted
   */
  public static NetworkTrainer refining(
      TrainingSpec spec, Map<String, Tensor> weights, TrainingRun run) {
    return new OfArchitectures(spec, weights, run, true);
  }

  private record OfArchitectures(
      TrainingSpec spec, Map<String, Tensor> weights, TrainingRun run, boolean counts)
      implements NetworkTrainer {
    @Override
    public TrainedWeights train(Layer network, TrainingRows rows, Seed seed) {
      Trainer trainer = new Trainer(spec, network).startingFrom(weights);
      return done((counts ? trainer.countingTheStart() : trainer).train(rows, seed, run));
    }

    @Override
    public Map<String, Tensor> given() {
      return Collections.unmodifiableMap(weights);
    }

    @Override
    public NetworkTrainer from(Map<String, Tensor> first) {
      Map<String, Tensor> all = new LinkedHashMap<>(first);
      all.putAll(weights);
      return new OfArchitectures(spec, all, run, counts);
    }

    @Override
    public TrainedWeights refine(
        Layer network, Map<String, Tensor> first, TrainingRows rows, Seed seed) {
      Map<String, Tensor> all = new LinkedHashMap<>(first);
      all.putAll(weights);
      return done(
          new Trainer(spec, network)
              .startingFrom(all)
              .sharing(first.keySet())
              .train(rows, seed, run));
    }

    private TrainedWeights done(TrainedNetwork trained) {
      Map<String, String> facts = new LinkedHashMap<>();
      facts.put("loss", spec.loss().make().describe());
      facts.put("epoch", trained.chosenEpoch() + " of " + trained.history().size());
      trained.threads().ifPresent(n -> facts.put("threads", Integer.toString(n)));
      if (!Libtorch.device().equals(Device.CPU)) {
        facts.put("device", Libtorch.device().toString());
      }
      return new TrainedWeights(trained.weights(), facts);
    }
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
   * @throws io.noesis.run.RecipeException when the loss becomes NaN
   * @throws io.noesis.run.MemoryException when it will not fit into memory
   * @throws io.noesis.run.CancelledException when cancelled; a checkpoint was then written
   */
  public TrainedNetwork train(TrainingRows rows, Seed seed, TrainingRun run) {
    requireFinite("responses", rows.responses());
    requireFinite("targets", rows.targets());
    rows.shown().targets().forEach((name, target) -> requireFinite("targets " + name, target));
    rows.shown().inputs().forEach((name, input) -> requireFinite("inputs " + name, input));
    rows.shown().choices().forEach((name, own) -> requireFinite("targets " + name, own.all()));
    MemoryEstimate.require(start.network, start.spec, MemoryEstimate.limit(run));
    int usual = Libtorch.threads();
    OptionalInt threads = threads(run, usual);
    Libtorch.useThreads(threads.orElse(1));
    try {
      return train(new TrainingSession(start, rows, seed, run, threads), run);
    } finally {
      Libtorch.useThreads(usual);
    }
  }

  private static TrainedNetwork train(TrainingSession session, TrainingRun run) {
    try {
      session.requireMemory();
      TrainedNetwork trained = session.run();
      run.trained().accept(trained);
      return trained;
    } finally {
      session.free();
    }
  }

  /** Of a large network: those it began with, or as many as it may take; none of a small one. */
  private OptionalInt threads(TrainingRun run, int usual) {
    if (Parameters.count(start.network) * start.spec.batchSize() < WORTH_THREADS) {
      return OptionalInt.empty();
    }
    OptionalInt begun = CheckpointFile.threads(run);
    return begun.isPresent()
        ? begun
        : OptionalInt.of(run.threads() > 0 ? Math.min(usual, run.threads()) : usual);
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
