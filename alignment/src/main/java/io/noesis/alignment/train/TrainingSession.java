package io.noesis.alignment.train;

import io.noesis.alignment.loss.LossSizes;
import io.noesis.alignment.loss.RowMixing;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.run.CancelledException;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;

/** One training under way. Every draw is from a stream named by its step. */
final class TrainingSession {
  private final TrainingSpec spec;
  private final Objective objective;
  private final TrainingRows rows;
  private final RowTable table;
  private final Seed seed;
  private final TrainingRun run;
  private final HeldOut heldOut;
  private final BatchPlan plan;
  private final Blending blending;
  private final Augmenting augmenting;
  private final int steps;
  private final TrainingState state;
  private final CheckpointFile checkpoint;
  private final MetricsLog metrics;
  private final boolean startCounts;
  private final Share share;
  private final OptionalInt threads;

  /**
   * A training that has not begun.
   *
   * @param threads of libtorch, where the bits depend on them
   */
  TrainingSession(
      Trainer.Start start, TrainingRows rows, Seed seed, TrainingRun run, OptionalInt threads) {
    this.threads = threads;
    this.spec = start.spec();
    LinkCheck.require(start.network(), spec.loss().make(), rows);
    if (spec.batches().mixup() > 0) {
      LinkCheck.requireMixable(start.network(), spec.loss().make(), rows);
    }
    this.objective =
        new Objective(
            start.network(),
            spec.loss().make().of(LossSizes.of(start.network(), rows)),
            spec.terms(),
            spec.arithmetic());
    this.rows = rows;
    this.seed = seed;
    this.run = run;
    this.heldOut = HeldOut.of(rows, spec.validation().part(), seed.child("validation"));
    this.table = RowTable.of(rows, heldOut.training());
    this.plan = new BatchPlan(table, spec, seed.child("order"));
    this.blending = new Blending(spec.batches(), table);
    this.augmenting = new Augmenting(spec.batches().augment(), rows);
    this.steps = Math.multiplyExact(spec.epochs(), plan.stepsPerEpoch());
    this.state = new TrainingState(spec, objective, start.weights(), seed.child("weights"));
    this.checkpoint = new CheckpointFile(run, TrainingIdentity.of(start, rows, seed), threads);
    this.metrics = new MetricsLog(run.folder());
    this.share = Share.of(start, objective.loss());
    this.startCounts = start.counts() && heldOut.validation().length > 0;
    if (start.counts()) {
      requireRowsAsTheyAre();
    }
  }

  /** What ridge said of a row is not what it would say of a blend. */
  private void requireRowsAsTheyAre() {
    if (objective.loss().mixing(0).isPresent() || spec.batches().blend() != BatchSpec.Blend.NONE) {
      throw new RecipeException(
          "training on top of ridge (encoder.start: ridge): responses are mixed by the loss ("
              + objective.loss().describe()
              + ") or by training.batches.blend, of which ridge has said nothing. Use"
              + " training.batches.mixup, a loss that does not mix, or encoder.start: random.");
    }
  }

  /** Refuses what would not fit into memory; nothing is drawn, learned or written for that. */
  void requireMemory() {
    MemoryEstimate.of(objective, state.parameters(), rows, table, spec)
        .require(spec, MemoryEstimate.limit(run));
  }

  TrainedNetwork run() {
    Optional<Objective.Judged> start = startCounts ? Optional.of(judged()) : Optional.empty();
    if (run.start() == TrainingRun.Start.RESUME) {
      checkpoint.restore(state);
    } else {
      checkpoint.forget();
    }
    if (state.step() == 0) {
      start.ifPresent(judged -> state.startsWith(judged.loss()));
    }
    double least = start.map(Objective.Judged::cosine).orElse(Double.NEGATIVE_INFINITY);
    metrics.keepFirst(state.history().size());
    run.progress().begin("training", steps);
    run.progress().step(state.step());
    int done = batchesDone();
    try (BatchQueue batches =
        new BatchQueue(spec.epochs() * plan.batchesPerEpoch() - done, maker(done))) {
      while (state.step() < steps && !stopped()) {
        if (run.cancelled().getAsBoolean()) {
          requireFiniteWeights();
          checkpoint.write(state);
          throw new CancelledException(
              "training was stopped after step " + state.step() + " of " + steps + ".");
        }
        step(batches);
        if (state.step() % plan.stepsPerEpoch() == 0) {
          endEpoch(least);
        }
        if (checkpoint.due()) {
          requireFiniteWeights();
          checkpoint.write(state);
        }
        run.progress().step(1);
      }
    }
    requireFiniteWeights();
    run.progress().done(state.history().size() + " epochs, the best was " + state.chosenEpoch());
    return state.trained(objective, threads);
  }

  private int batchesDone() {
    int epoch = state.step() / plan.stepsPerEpoch();
    return epoch * plan.batchesPerEpoch() + plan.firstBatch(state.step() % plan.stepsPerEpoch());
  }

  private boolean stopped() {
    int patience = spec.validation().patience();
    return patience > 0
        && state.step() % plan.stepsPerEpoch() == 0
        && state.history().size() - state.chosenEpoch() >= patience;
  }

  /** Runs on the thread of the queue, which keeps the batches of the current epoch. */
  private IntFunction<Batch> maker(int done) {
    int[][][] ofEpoch = {null};
    int[] epochAtHand = {-1};
    return i -> {
      int number = done + i;
      int epoch = number / plan.batchesPerEpoch();
      if (epochAtHand[0] != epoch) {
        ofEpoch[0] = plan.batches(epoch);
        epochAtHand[0] = epoch;
      }
      int inEpoch = number % plan.batchesPerEpoch();
      int[] which = ofEpoch[0][inEpoch];
      Tensor blended = blending.rows(rows.responses(), which, seed.child("blending " + number));
      Batch batch =
          Batch.of(rows, table, which)
              .drawing(rows.shown().choices(), which, seed.child("drawing " + number))
              .responding(augmenting.of(blended, which, seed.child("augmenting " + number)));
      return mixed(batch, progressAt(epoch, inEpoch), seed.child("mixing " + number));
    };
  }

  private Batch mixed(Batch batch, double progress, Seed own) {
    Optional<RowMixing> mixing = objective.loss().mixing(progress);
    double beta = spec.batches().mixup();
    if (beta > 0) {
      if (mixing.isPresent()) {
        throw new RecipeException(
            "training.batches.mixup: the loss mixes rows itself ("
                + objective.loss().describe()
                + "). Set mixup to 0, or choose another loss.");
      }
      return batch.withTargetsMixed(new RowMixing(1, beta).draw(batch.subjects(), own.random()));
    }
    return mixing.map(how -> batch.mixed(how.draw(batch.subjects(), own.random()))).orElse(batch);
  }

  private double progressAt(int epoch, int batchOfEpoch) {
    int step = epoch * plan.stepsPerEpoch() + batchOfEpoch / spec.accumulate();
    return step / (double) steps;
  }

  private double rate(int step) {
    return spec.optimizer().learningRate()
        * spec.schedule().factor(step, steps, state.validationLosses());
  }

  private void step(BatchQueue batches) {
    int parts = plan.batchesOfStep(state.step() % plan.stepsPerEpoch());
    double progress = state.step() / (double) steps;
    state.optimizer().clearGradients();
    for (int part = 0; part < parts; part++) {
      Batch batch = batches.next();
      Chunks.Sums sums = backward(batch, part, 1.0 / parts, progress);
      requireFinite("loss", sums.total());
      state.addLoss(sums.total(), sums.terms());
    }
    if (spec.clip() > 0) {
      requireFinite("length of the gradients", state.optimizer().clipGradients(spec.clip()));
    }
    state.optimizer().step(rate(state.step()));
    state.stepDone();
  }

  private Chunks.Sums backward(Batch batch, int part, double share, double progress) {
    Seed own = seed.child("dropout " + state.step() + " " + part);
    if (inChunks(batch)) {
      return new Chunks(objective, state.parameters(), batch, spec.batches().chunk(), own)
          .backward(progress, share);
    }
    return Scope.get(
        () -> {
          Pass pass = Pass.training(state.parameters(), TorchRandom.of(own));
          Objective.Outcome out = objective.of(pass, batch, progress);
          Ops.multiply(out.total(), share).backward();
          return new Chunks.Sums(out.total().item(), out.items());
        });
  }

  /**
   * The loss that would tell of the last step is never computed, or only after a checkpoint was
   * overwritten.
   */
  private void requireFiniteWeights() {
    Optional<String> weight = state.notFinite();
    if (weight.isPresent()) {
      throw runaway("the weights '" + weight.get() + "' are not finite");
    }
  }

  private void requireFinite(String what, double value) {
    if (!Double.isFinite(value)) {
      throw runaway("the " + what + " is " + value);
    }
  }

  private RecipeException runaway(String found) {
    return new RecipeException(
        "training: "
            + found
            + " at step "
            + state.step()
            + " of "
            + steps
            + ". Expected a finite number; lower training.optimizer.learningRate (now "
            + spec.optimizer().learningRate()
            + ") or set training.clip (now "
            + spec.clip()
            + ").");
  }

  private void endEpoch(double least) {
    double rate = rate(state.step() - 1);
    EpochRecord epoch =
        heldOut.validation().length == 0
            ? state.endEpoch(rate)
            : state.endEpoch(rate, share.best(state.evaluated(), this::judged, least));
    metrics.append(epoch);
  }

  private Objective.Judged judged() {
    int[] which = heldOut.validation();
    double loss = 0;
    double cosine = 0;
    for (int from = 0; from < which.length; from += spec.batchSize()) {
      int[] some =
          java.util.Arrays.copyOfRange(
              which, from, Math.min(from + spec.batchSize(), which.length));
      Batch batch = Batch.of(rows, table, some);
      Objective.Judged judged = judged(batch);
      loss += some.length * judged.loss();
      cosine += some.length * judged.cosine();
    }
    requireFinite("loss of the validation rows", loss);
    return new Objective.Judged(loss / which.length, cosine / which.length);
  }

  private Objective.Judged judged(Batch batch) {
    Parameters weights = state.evaluated();
    ValidationSpec.By by = spec.validation().by();
    boolean direction = share.guards();
    return inChunks(batch)
        ? new Chunks(objective, weights, batch, spec.batches().chunk(), seed)
            .validation(by, direction)
        : Scope.get(
            () ->
                Scope.withoutGradients(
                    () -> objective.validation(Pass.evaluation(weights), batch, by, direction)));
  }

  private boolean inChunks(Batch batch) {
    int chunk = spec.batches().chunk();
    return chunk > 0 && chunk < batch.responses().dim(0);
  }

  void free() {
    state.free();
  }
}
