package io.noesis.experiment;

import io.noesis.run.Progress;

/**
 * One stage over several folds. Where folds train networks the stage counts their steps, so that
 * the time to go is that of all folds; where they do not, it counts folds.
 */
final class FoldProgress {
  private final Progress progress;
  private final String stage;
  private final int folds;
  private int done;
  private long stepsPerFold;
  private long heard;

  FoldProgress(Progress progress, String stage, int folds) {
    this.progress = progress;
    this.stage = stage;
    this.folds = folds;
    progress.begin(stage, folds);
  }

  /** What the training of the next fold's network tells. */
  Progress ofNetwork() {
    return new Progress() {
      @Override
      public void begin(String name, long total) {
        if (stepsPerFold == 0) {
          stepsPerFold = Math.max(1, total);
          progress.begin(stage, stepsPerFold * folds);
          progress.step(stepsPerFold * done);
        }
        heard = 0;
      }

      @Override
      public void step(long steps) {
        long counted = Math.min(steps, stepsPerFold - heard);
        heard += counted;
        progress.step(counted);
      }

      @Override
      public void warn(String message) {
        progress.warn(message);
      }
    };
  }

  /**
   * What a further training within a fold tells: a stage of its own, behind which this one goes on.
   *
   * @param what is trained
   */
  Progress ofFurther(String what) {
    return new Progress() {
      @Override
      public void begin(String name, long total) {
        progress.begin(stage + ", " + what, total);
      }

      @Override
      public void step(long steps) {
        progress.step(steps);
      }

      @Override
      public void done(String result) {
        boolean counted = stepsPerFold > 0;
        progress.begin(stage, counted ? stepsPerFold * folds : folds);
        progress.step(counted ? stepsPerFold * done + heard : done);
      }

      @Override
      public void warn(String message) {
        progress.warn(message);
      }
    };
  }

  /** A fold is over, perhaps before its last epoch. */
  void foldDone() {
    done++;
    progress.step(stepsPerFold == 0 ? 1 : stepsPerFold - heard);
    heard = 0;
  }

  /** Something to be read now. */
  void warn(String message) {
    progress.warn(message);
  }

  /** All folds are over. */
  void done(String result) {
    progress.done(result);
  }
}
