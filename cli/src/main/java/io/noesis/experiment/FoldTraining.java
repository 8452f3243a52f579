package io.noesis.experiment;

import io.noesis.alignment.train.Trainer;
import io.noesis.alignment.train.TrainingRun;
import io.noesis.alignment.train.TrainingSpec;
import io.noesis.encoders.Architecture;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.NetworkTrainer;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.architecture.Architectures;
import io.noesis.run.CancelledException;
import io.noesis.run.Failure;
import io.noesis.run.OutputException;
import io.noesis.run.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Fits one encoder after another into a run folder. One that an earlier, interrupted run had
 * finished is read; one that it had begun goes on from its checkpoint, to the same bits.
 */
final class FoldTraining {
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

  /** Fits an encoder from random first weights. */
  BrainEncoder fit(Task task, TrainingRows rows) {
    return fit(task, rows, Trainer::of);
  }

  /**
   * Fits an encoder.
   *
   * @param task what and where
   * @param rows training trials only
   * @param trainers makes the trainer of its network
   */
  BrainEncoder fit(
      Task task,
      TrainingRows rows,
      BiFunction<TrainingSpec, TrainingRun, NetworkTrainer> trainers) {
    execution.requireNotCancelled("training " + task.place());
    Architecture architecture = Architectures.registry().get(task.encoder().architecture());
    Path file = run.file(task.place() + ".safetensors");
    BrainEncoder encoder;
    if (Files.isRegularFile(file)) {
      encoder = architecture.load(file);
    } else {
      TrainingRun circumstances =
          TrainingRun.silent()
              .in(run.file(task.place()), TrainingRun.Start.RESUME)
              .savedEvery(execution.checkpointEvery())
              .stoppedBy(execution.cancelled())
              .heardBy(progress.ofNetwork());
      TrainingSpec spec = task.encoder().training().orElseGet(TrainingSpec::defaults);
      Fitting fitting = new Fitting(task.seed(), trainers.apply(spec, circumstances));
      try {
        encoder = architecture.fit(rows, task.encoder().settings(), fitting);
      } catch (CancelledException e) {
        throw new CancelledException(
            e.getMessage() + " Run the same command again to go on from there.", e);
      }
      encoder.save(file, task.metadata());
    }
    forget(run.file(task.place()).resolve(TrainingRun.CHECKPOINT));
    progress.foldDone();
    return encoder;
  }

  /** The weights are kept; what was needed to go on is not. */
  private static void forget(Path checkpoint) {
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
