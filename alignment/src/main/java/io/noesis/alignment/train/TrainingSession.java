package io.noesis.alignment.train;

import io.noesis.alignment.loss.Loss;
import io.noesis.alignment.loss.LossBatch;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.layer.SubjectLinear;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.encoders.torch.Value;
import io.noesis.run.CancelledException;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import java.util.OptionalDouble;
import java.util.function.IntFunction;

/** One training under way. Every draw is from a stream named by its step. */
final class TrainingSession {
  private static final String NETWORK = "network";
  private static final String LOSS = "loss";

  private final TrainingSpec spec;
  private final Layer network;
  private final Loss loss;
  private final TrainingRows rows;
  private final int[] numbers;
  private final Seed seed;
  private final TrainingRun run;
  private final HeldOut heldOut;
  private final BatchPlan plan;
  private final int steps;
  private final TrainingState state;
  private final CheckpointFile checkpoint;
  private final MetricsLog metrics;

  TrainingSession(TrainingSpec spec, Layer network, TrainingRows rows, Seed seed, TrainingRun run) {
    this.spec = spec;
    this.network = network;
    this.loss = spec.loss().make();
    this.rows = rows;
    this.numbers = rows.recorded().numbers();
    this.seed = seed;
    this.run = run;
    this.heldOut = HeldOut.of(rows.groups(), spec.validation().part(), seed.child("validation"));
    this.plan = new BatchPlan(heldOut.training(), spec, seed.child("order"));
    this.steps = Math.multiplyExact(spec.epochs(), plan.stepsPerEpoch());
    this.state = new TrainingState(spec, new Whole(network, loss), seed.child("weights"));
    this.checkpoint =
        new CheckpointFile(
            run.folder(), run.checkpointEvery(), TrainingIdentity.of(spec, network, rows, seed));
    this.metrics = new MetricsLog(run.folder());
  }

  /** The network's and the loss's parameters under one roof. */
  private record Whole(Layer network, Loss loss) implements Layer {
    @Override
    public void declare(io.noesis.encoders.layer.Declaration parameters) {
      parameters.inner(NETWORK, network);
      loss.declare(parameters.in(LOSS));
    }

    @Override
    public Value forward(Pass pass, Value input) {
      return pass.inner(NETWORK, network, input);
    }

    @Override
    public String emit(io.noesis.encoders.layer.Emission graph, String input) {
      return graph.inner(NETWORK, network, input);
    }

    @Override
    public String describe() {
      return network.describe();
    }
  }

  TrainedNetwork run() {
    if (run.start() == TrainingRun.Start.RESUME) {
      checkpoint.restore(state);
    } else {
      checkpoint.forget();
    }
    metrics.keepFirst(state.history().size());
    run.progress().begin("training", steps);
    run.progress().step(state.step());
    int done = batchesDone();
    try (BatchQueue batches =
        new BatchQueue(spec.epochs() * plan.batchesPerEpoch() - done, maker(done))) {
      while (state.step() < steps && !stopped()) {
        if (run.cancelled().getAsBoolean()) {
          checkpoint.write(state);
          throw new CancelledException(
              "training was stopped after step " + state.step() + " of " + steps + ".");
        }
        step(batches);
        if (state.step() % plan.stepsPerEpoch() == 0) {
          endEpoch();
        }
        checkpoint.writeIfDue(state);
        run.progress().step(1);
      }
    }
    run.progress().done(state.history().size() + " epochs, the best was " + state.chosenEpoch());
    return state.trained(network, NETWORK + ".");
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

  /** Runs on the thread of the queue, which keeps the order of the current epoch. */
  private IntFunction<Batch> maker(int done) {
    int[][] order = {null};
    int[] epochOfOrder = {-1};
    return i -> {
      int number = done + i;
      int epoch = number / plan.batchesPerEpoch();
      if (epochOfOrder[0] != epoch) {
        order[0] = plan.order(epoch);
        epochOfOrder[0] = epoch;
      }
      int inEpoch = number % plan.batchesPerEpoch();
      int[] which = plan.batch(order[0], inEpoch);
      Batch batch = Batch.of(rows, numbers, which);
      return loss.mixing(progressAt(epoch, inEpoch))
          .map(mixing -> mixing.draw(which.length, seed.child("mixing " + number).random()))
          .map(batch::mixed)
          .orElse(batch);
    };
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
      String stream = "dropout " + state.step() + " " + part;
      double value =
          Scope.get(
              () -> {
                TorchRandom random = TorchRandom.of(seed.child(stream));
                Pass pass = Pass.training(state.parameters(), random);
                Value out = lossOf(pass, batch, progress);
                Ops.multiply(out, 1.0 / parts).backward();
                return out.item();
              });
      requireFinite("loss", value);
      state.addLoss(value);
    }
    if (spec.clip() > 0) {
      requireFinite("length of the gradients", state.optimizer().clipGradients(spec.clip()));
    }
    state.optimizer().step(rate(state.step()));
    state.stepDone();
  }

  private Value lossOf(Pass pass, Batch batch, double progress) {
    Value subjects = Value.of(batch.subjects(), batch.subjects().length);
    Value predicted =
        pass.with(SubjectLinear.SUBJECT, subjects)
            .inner(NETWORK, network, Value.of(batch.responses()));
    LossBatch seen = new LossBatch(predicted, Value.of(batch.targets()), batch.mixed(), progress);
    return loss.compute(pass.in(LOSS), seen);
  }

  private void requireFinite(String what, double value) {
    if (!Double.isFinite(value)) {
      throw new RecipeException(
          "training: the "
              + what
              + " is "
              + value
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
  }

  private void endEpoch() {
    OptionalDouble validation =
        heldOut.validation().length == 0
            ? OptionalDouble.empty()
            : OptionalDouble.of(validationLoss());
    double rate = rate(state.step() - 1);
    EpochRecord epoch = state.endEpoch(rate, validation);
    metrics.append(epoch);
  }

  private double validationLoss() {
    int[] which = heldOut.validation();
    double sum = 0;
    for (int from = 0; from < which.length; from += spec.batchSize()) {
      int[] some =
          java.util.Arrays.copyOfRange(
              which, from, Math.min(from + spec.batchSize(), which.length));
      Batch batch = Batch.of(rows, numbers, some);
      sum +=
          some.length
              * Scope.get(
                  () ->
                      Scope.withoutGradients(
                          () -> {
                            Parameters weights = state.evaluated();
                            // Validation losses of all epochs are compared: one temperature.
                            return lossOf(Pass.evaluation(weights), batch, 1).item();
                          }));
    }
    return sum / which.length;
  }

  void free() {
    state.free();
  }
}
