package io.noesis.experiment;

import io.noesis.run.CancelledException;
import io.noesis.run.Check;
import io.noesis.run.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * How an experiment is carried out: nothing in here may change a number.
 *
 * @param out the run folder
 * @param root where the study's files are, when the recipe does not say or says it otherwise
 * @param subjects labels without {@code sub-}; empty for all
 * @param threads how many threads compute
 * @param memoryLimitMb refuse work that is estimated to need more; 0 for what the process may use
 * @param existing what to do when the run folder is there already
 * @param allowed codes of audits whose BLOCK does not stop the run
 * @param checkpointEvery time between the checkpoints of a network's training; zero for each step
 * @param cancelled asked while networks are trained and between folds; when true a checkpoint is
 *     written and the work ends
 * @param progress hears how far the work has come
 * @param places where model packs lie, and the embeddings of stimuli that earlier runs computed
 */
public record Execution(
    Path out,
    Optional<Path> root,
    List<String> subjects,
    int threads,
    long memoryLimitMb,
    Existing existing,
    Set<String> allowed,
    Duration checkpointEvery,
    BooleanSupplier cancelled,
    Progress progress,
    ModelPlaces places) {
  /** What to do when the run folder is there already. */
  public enum Existing {
    /** Continue a run of the same identity, refuse any other. */
    RESUME,
    /** Remove the earlier run and begin anew. */
    REPLACE
  }

  /** Checks the numbers and copies the collections. */
  public Execution {
    Check.argument(threads >= 1, "threads must be at least 1, found %d", threads);
    Check.argument(
        memoryLimitMb >= 0, "the memory limit must be at least 0 MB, found %d", memoryLimitMb);
    Check.argument(
        !checkpointEvery.isNegative(),
        "the time between checkpoints must be at least 0 s, found %s",
        checkpointEvery);
    subjects = List.copyOf(subjects);
    allowed = Set.copyOf(allowed);
  }

  /**
   * All subjects, all processors, resume, nothing allowed, a checkpoint every half minute, silent,
   * this user's model packs, embeddings computed anew.
   *
   * @param out the run folder
   * @return the execution
   */
  public static Execution in(Path out) {
    return new Execution(
        out,
        Optional.empty(),
        List.of(),
        Runtime.getRuntime().availableProcessors(),
        0,
        Existing.RESUME,
        Set.of(),
        Duration.ofSeconds(30),
        () -> false,
        Progress.NONE,
        ModelPlaces.usual().withoutCache());
  }

  /** The same in another run folder. */
  public Execution withOut(Path other) {
    return with(parts -> parts.out = other);
  }

  /** The same with another place of the study's files. */
  public Execution withRoot(Path other) {
    return with(parts -> parts.root = Optional.of(other));
  }

  /** The same for certain subjects only. */
  public Execution withSubjects(List<String> others) {
    return with(parts -> parts.subjects = others);
  }

  /** The same on that many threads. */
  public Execution withThreads(int others) {
    return with(parts -> parts.threads = others);
  }

  /**
   * The same with another limit.
   *
   * @param limit work that is estimated to need more is refused; 0 for none but the process's
   * @return the settings
   */
  public Execution withMemoryLimitMb(long limit) {
    return with(parts -> parts.memoryLimitMb = limit);
  }

  /** The same with these audits' BLOCK let through. */
  public Execution withAllowed(Set<String> codes) {
    return with(parts -> parts.allowed = codes);
  }

  /** The same with checkpoints at another distance. */
  public Execution withCheckpointEvery(Duration other) {
    return with(parts -> parts.checkpointEvery = other);
  }

  /** The same with a way to stop it. */
  public Execution withCancelled(BooleanSupplier other) {
    return with(parts -> parts.cancelled = other);
  }

  /** The same, heard by another listener. */
  public Execution withProgress(Progress other) {
    return with(parts -> parts.progress = other);
  }

  /** The same with models and kept embeddings elsewhere. */
  public Execution withPlaces(ModelPlaces others) {
    return with(parts -> parts.places = others);
  }

  /** The same with another rule for an existing run folder. */
  public Execution withExisting(Existing other) {
    return with(parts -> parts.existing = other);
  }

  private Execution with(Consumer<Parts> change) {
    Parts parts = new Parts(this);
    change.accept(parts);
    return parts.whole();
  }

  /** The parts of an execution, of which one can be replaced. */
  private static final class Parts {
    private Path out;
    private Optional<Path> root;
    private List<String> subjects;
    private int threads;
    private long memoryLimitMb;
    private Existing existing;
    private Set<String> allowed;
    private Duration checkpointEvery;
    private BooleanSupplier cancelled;
    private Progress progress;
    private ModelPlaces places;

    Parts(Execution of) {
      out = of.out;
      root = of.root;
      subjects = of.subjects;
      threads = of.threads;
      memoryLimitMb = of.memoryLimitMb;
      existing = of.existing;
      allowed = of.allowed;
      checkpointEvery = of.checkpointEvery;
      cancelled = of.cancelled;
      progress = of.progress;
      places = of.places;
    }

    Execution whole() {
      return new Execution(
          out,
          root,
          subjects,
          threads,
          memoryLimitMb,
          existing,
          allowed,
          checkpointEvery,
          cancelled,
          progress,
          places);
    }
  }

  /** Bytes that work may be estimated to need: what was set, or the most that Java may take. */
  long memoryLimit() {
    return memoryLimitMb > 0 ? memoryLimitMb << 20 : Runtime.getRuntime().maxMemory();
  }

  /**
   * Stops the work when the user asked for it.
   *
   * @param doing what would come next
   * @throws CancelledException when cancelled
   */
  void requireNotCancelled(String doing) {
    if (cancelled.getAsBoolean()) {
      throw new CancelledException(
          doing + ": stopped. What is finished is kept; run the same command again to go on.");
    }
  }
}
