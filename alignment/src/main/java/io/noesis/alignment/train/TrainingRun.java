package io.noesis.alignment.train;

import io.noesis.run.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The circumstances of a training, which may not change its result but in the last bits.
 *
 * @param folder where {@value #CHECKPOINT} and {@value #METRICS} go; empty for nowhere
 * @param start whether to go on from a checkpoint in that folder
 * @param checkpointEvery time between checkpoints
 * @param progress hears about each step
 * @param cancelled asked before each step; when true a checkpoint is written and training ends
 * @param memoryLimit bytes that the training may be estimated to need; 0 for the machine's memory
 * @param threads how many threads a large network may take at most; 0 for as many as libtorch takes
 *     by itself. The last bits of such a network depend on it, so one that goes on from a
 *     checkpoint takes as many as it began with
 * @param trained hears what came of it
 */
public record TrainingRun(
    Optional<Path> folder,
    Start start,
    Duration checkpointEvery,
    Progress progress,
    BooleanSupplier cancelled,
    long memoryLimit,
    int threads,
    Consumer<TrainedNetwork> trained) {
  /** Name of the checkpoint in the folder. */
  public static final String CHECKPOINT = "checkpoint.safetensors";

  /** Name of the metrics in the folder: one JSON object per line and epoch. */
  public static final String METRICS = "training.jsonl";

  /** What to do with a checkpoint that is there. */
  public enum Start {
    /** Ignore it. */
    FRESH,
    /** Go on from it; without one, start fresh. */
    RESUME
  }

  /** Nothing is written and nobody listens. */
  public static TrainingRun silent() {
    return new TrainingRun(
        Optional.empty(),
        Start.FRESH,
        Duration.ofSeconds(30),
        Progress.NONE,
        () -> false,
        0,
        0,
        network -> {});
  }

  /** The same with files in a folder. */
  public TrainingRun in(Path other, Start how) {
    return new TrainingRun(
        Optional.of(other),
        how,
        checkpointEvery,
        progress,
        cancelled,
        memoryLimit,
        threads,
        trained);
  }

  /** The same with a listener. */
  public TrainingRun heardBy(Progress other) {
    return new TrainingRun(
        folder, start, checkpointEvery, other, cancelled, memoryLimit, threads, trained);
  }

  /** The same with a way to stop it. */
  public TrainingRun stoppedBy(BooleanSupplier other) {
    return new TrainingRun(
        folder, start, checkpointEvery, progress, other, memoryLimit, threads, trained);
  }

  /** The same with somebody who takes what was trained. */
  public TrainingRun givingTo(Consumer<TrainedNetwork> other) {
    return new TrainingRun(
        folder, start, checkpointEvery, progress, cancelled, memoryLimit, threads, other);
  }

  /** The same with checkpoints at another distance; zero for each step. */
  public TrainingRun savedEvery(Duration other) {
    return new TrainingRun(
        folder, start, other, progress, cancelled, memoryLimit, threads, trained);
  }

  /** The same with so many bytes of memory; 0 for what the machine has. */
  public TrainingRun within(long bytes) {
    return new TrainingRun(
        folder, start, checkpointEvery, progress, cancelled, bytes, threads, trained);
  }

  /** The same on so many threads at most; 0 for as many as libtorch takes by itself. */
  public TrainingRun onThreads(int other) {
    return new TrainingRun(
        folder, start, checkpointEvery, progress, cancelled, memoryLimit, other, trained);
  }
}
