package io.noesis.experiment;

import io.noesis.run.Progress;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where the further targets of a recipe are decoded: each in a run of its own, whole with report
 * and audits, in {@code also/NAME} of the run folder.
 */
final class AlsoRuns {
  private static final String FOLDER = "also/";

  private AlsoRuns() {}

  /** The folder of one, below the run's. */
  static String folder(String name) {
    return FOLDER + name;
  }

  /** The runs that are there, by name. */
  static Map<String, RunFolder> of(RunFolder run) {
    Map<String, RunFolder> runs = new TreeMap<>();
    RunFiles.recipe(run)
        .also()
        .keySet()
        .forEach(name -> runs.put(name, RunFolder.open(run.file(folder(name)))));
    return runs;
  }

  /** Carried out as the run is, in a folder of its own. */
  static Execution execution(Execution execution, String name) {
    Path out = execution.out().resolve(folder(name));
    return execution.withOut(out).withProgress(new Named(name, execution.progress()));
  }

  /** Says of which target a stage is. */
  private record Named(String name, Progress next) implements Progress {
    @Override
    public void begin(String stage, long total) {
      next.begin(name + ": " + stage, total);
    }

    @Override
    public void step(long steps) {
      next.step(steps);
    }

    @Override
    public void done(String result) {
      next.done(result);
    }

    @Override
    public void warn(String message) {
      next.warn(name + ": " + message);
    }
  }
}
