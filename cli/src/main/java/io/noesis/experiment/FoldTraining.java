package io.noesis.experiment;

import io.noesis.alignment.prior.DiffusionPrior;
import io.noesis.alignment.train.TargetProjection;
import io.noesis.alignment.train.Trainer;
import io.noesis.alignment.train.TrainingRun;
import io.noesis.alignment.train.TrainingSpec;
import io.noesis.encoders.Architecture;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.NetworkTrainer;
import io.noesis.encoders.Streaming;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.architecture.Architectures;
import io.noesis.encoders.ridge.LinearPrior;
import io.noesis.encoders.ridge.RidgeMemory;
import io.noesis.encoders.ridge.TargetPrior;
import io.noesis.run.CancelledException;
import io.noesis.run.Failure;
import io.noesis.run.OutputException;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Fits one encoder after another into a run folder. One that an earlier, interrupted run had
 * finished is read; one that it had begun goes on from its checkpoint, to the same bits.
 */
final class FoldTraining {
  /** After a decoder's place: the folder of weights that do not fit into memory. */
  private static final String WEIGHTS = "_weights";

  private final RunFolder run;
  private final Execution execution;
  private final FoldProgress progress;

  FoldTraining(RunFolder run, Execution execution, FoldProgress progress) {
    this.run = run;
    this.execution = execution;
    this.progress = progress;
  }

  /**
   * What is fitted, and where it is kept.
   *
   * @param place path below the run folder without suffix: {@code sub-01/decoder/fold-001}
   * @param encoder architecture, settings and training
   * @param seed root of its randomness
   * @param metadata where it comes from; kept inside its file
   */
  record Task(String place, EncoderSpec encoder, Seed seed, Map<String, String> metadata) {}

  /** How a network's trainer is made; {@link Trainer#of(TrainingSpec, TrainingRun)} mostly. */
  @FunctionalInterface
  interface Trainers {
    NetworkTrainer make(TrainingSpec spec, TrainingRun run);
  }

  /** Fits an encoder from random first weights and keeps it. */
  BrainEncoder kept(Task task, TrainingRows rows) {
    return kept(task, () -> fit(task, rows, Trainer::of));
  }

  /**
   * Keeps an encoder, or reads the one that was kept before.
   *
   * @param task what and where
   * @param fitting fits it when it is not there yet
   * @return the encoder in its kept form
   */
  BrainEncoder kept(Task task, Supplier<BrainEncoder> fitting) {
    Path file = run.file(task.place() + ".safetensors");
    BrainEncoder encoder;
    if (Files.isRegularFile(file)) {
      encoder = Architectures.registry().get(task.encoder().architecture()).load(file);
    } else {
      encoder = fitting.get();
      encoder.save(file, task.metadata());
    }
    done(task);
    return encoder;
  }

  /**
   * Fits an encoder; {@link #done} is to be called when its result is kept.
   *
   * @param task what and where its checkpoints go
   * @param rows training trials only
   * @param trainers makes the trainer of its network
   */
  BrainEncoder fit(Task task, TrainingRows rows, Trainers trainers) {
    return fit(task, rows, trainers, Taught.NOTHING);
  }

  /**
   * As {@link #fit(Task, TrainingRows, Trainers)}.
   *
   * @param task what and where its checkpoints go
   * @param rows training trials only
   * @param trainers makes the trainer of its network
   * @param taught what others have shown
   */
  BrainEncoder fit(Task task, TrainingRows rows, Trainers trainers, Taught taught) {
    return fit(task, rows, trainers, taught, Optional.empty(), progress.ofNetwork());
  }

  /**
   * What others have shown.
   *
   * @param stimuli what targets there are
   * @param linear their linear decoder of the same inputs
   */
  record Taught(Optional<TargetPrior> stimuli, Optional<LinearPrior> linear) {
    static final Taught NOTHING = new Taught(Optional.empty(), Optional.empty());
  }

  /**
   * As {@link #fit(Task, TrainingRows, Trainers)}, of rows whose targets may have to be streamed.
   *
   * @param task what and where its checkpoints, or its weights, go
   * @param rows training trials only
   * @param trainers makes the trainer of its network
   */
  BrainEncoder fit(Task task, FoldRows rows, Trainers trainers) {
    Path weights = run.file(task.place() + WEIGHTS);
    return fit(
        task,
        rows.train(),
        trainers,
        Taught.NOTHING,
        rows.streamed().map(targets -> new Streaming(targets, weights)),
        progress.ofNetwork());
  }

  private BrainEncoder fit(
      Task task,
      TrainingRows rows,
      Trainers trainers,
      Taught taught,
      Optional<Streaming> streaming,
      Progress heard) {
    if (streaming.isEmpty() && fitsRidge(task.encoder())) {
      RidgeMemory.of(rows.responses(), rows.targets()).require(execution.memoryLimit());
    }
    TrainingRun usual = circumstances(task.place(), heard);
    TrainingRun circumstances =
        usual.givingTo(
            usual
                .trained()
                .andThen(
                    trained -> {
                      DiffusionPrior.trainedWith(trained)
                          .ifPresent(
                              prior ->
                                  prior.write(
                                      run.file(EncoderPrior.file(task.place())), task.metadata()));
                      TargetProjection.trainedWith(trained)
                          .forEach(
                              projection ->
                                  projection.write(
                                      run.file(projection(task.place(), projection.target())),
                                      task.metadata()));
                    }));
    TrainingSpec spec = task.encoder().training().orElseGet(TrainingSpec::defaults);
    Fitting fitting =
        new Fitting(
            task.seed(),
            trainers.make(spec, circumstances),
            task.encoder().start(),
            taught.stimuli(),
            taught.linear(),
            streaming);
    Architecture architecture = Architectures.registry().get(task.encoder().architecture());
    return stoppable(
        () ->
            architecture.fit(
                architecture.trainedByGradients()
                    ? rows.aimedAt(task.encoder().shaped(rows.targets()))
                    : rows,
                task.encoder().settings(),
                fitting));
  }

  /** Where the layers lie behind which a decoder's loss compared a target. */
  static String projection(String decoderPlace, String target) {
    return decoderPlace + "_target-" + target + ".onnx";
  }

  /** Files, end and memory of a training; it goes on from the checkpoint that is there. */
  private TrainingRun circumstances(String place, Progress heard) {
    execution.requireNotCancelled("training " + place);
    return TrainingRun.silent()
        .in(run.file(place), TrainingRun.Start.RESUME)
        .savedEvery(execution.checkpointEvery())
        .stoppedBy(execution.cancelled())
        .within(execution.memoryLimitMb() << 20)
        .onThreads(run.networkThreads().orElse(execution.threads()))
        .heardBy(heard)
        .givingTo(trained -> trained.threads().ifPresent(threads -> trainedOn(threads, place)));
  }

  /** The bits of large networks depend on their threads: a run that goes on takes as many again. */
  private void trainedOn(int threads, String place) {
    OptionalInt before = run.networkThreads();
    if (before.isEmpty()) {
      run.keepNetworkThreads(threads);
    } else if (before.getAsInt() != threads) {
      progress.warn(
          place
              + " was trained on "
              + threads
              + " threads, earlier networks of this run on "
              + before.getAsInt()
              + ": its last bits are not those of a run in one go.");
    }
  }

  private static <T> T stoppable(Supplier<T> training) {
    try {
      return training.get();
    } catch (CancelledException e) {
      throw new CancelledException(
          e.getMessage() + " Run the same command again to go on from there.", e);
    }
  }

  /**
   * Fits an encoder that only helps to train another, and is not kept.
   *
   * @param task what and where its checkpoints go, which {@link #forget} is to be told of
   * @param rows training trials only
   * @param what it is, in words
   */
  BrainEncoder helping(Task task, TrainingRows rows, String what) {
    return fit(task, rows, Trainer::of, Taught.NOTHING, Optional.empty(), progress.ofFurther(what));
  }

  /**
   * Trains what is no encoder.
   *
   * @param place of its checkpoints, which {@link #forget} is to be told of
   * @param what it is, in words
   * @param training trains it
   */
  <T> T further(String place, String what, Function<TrainingRun, T> training) {
    return stoppable(() -> training.apply(circumstances(place, progress.ofFurther(what))));
  }

  private static boolean fitsRidge(EncoderSpec encoder) {
    return encoder.architecture().equals(RidgeBeside.RIDGE)
        || encoder.start() == Fitting.Start.RIDGE;
  }

  /** What was fitted is kept: its checkpoint is not needed any more. */
  void done(Task task) {
    forget(task.place());
    progress.foldDone();
  }

  /** What came of a training is kept; what was needed to go on is not. */
  void forget(String place) {
    Path checkpoint = run.file(place).resolve(TrainingRun.CHECKPOINT);
    try {
      Files.deleteIfExists(checkpoint);
    } catch (IOException e) {
      throw new OutputException(
          "deleting the checkpoint "
              + checkpoint
              + ", which is no longer needed: "
              + Failure.reason(e)
              + ".",
          e);
    }
  }
}
