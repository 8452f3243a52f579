package io.noesis.experiment;

import io.noesis.run.Progress;

/**
 * One stage in which captions or pictures are made batch by batch. It counts the calls of the
 * networks as they come, so that the time to go is known before the first batch is over, and at
 * each of them the work ends where the user asked for it.
 */
final class MakingProgress {
  private final Progress progress;
  private final Execution execution;
  private final String stage;
  private final String doing;
  private final int things;
  private int done;
  private double callsEach;
  private long told;

  /**
   * A stage begins.
   *
   * @param progress hears of it
   * @param execution knows whether to stop
   * @param stage its name
   * @param doing what is stopped, for the message
   * @param things how many captions or pictures are to be made
   */
  MakingProgress(Progress progress, Execution execution, String stage, String doing, int things) {
    this.progress = progress;
    this.execution = execution;
    this.stage = stage;
    this.doing = doing;
    this.things = things;
    progress.begin(stage, things);
  }

  /**
   * What the models tell while the next batch is made.
   *
   * @param size how many things it has
   * @return hears them; a step ends with a {@link io.noesis.run.CancelledException} where the user
   *     asked to stop
   */
  Progress ofBatch(int size) {
    execution.requireNotCancelled(doing);
    return new Progress() {
      private long heard;

      @Override
      public void begin(String name, long total) {
        // All batches run the same models one after the other, so the first tells how many calls.
        if (done == 0 && total > 0) {
          callsEach += (double) total / size;
          progress.begin(stage, calls(things));
          told = 0;
          tell(heard);
        }
      }

      @Override
      public void step(long steps) {
        heard += steps;
        tell(Math.min(calls(done) + heard, calls(done + size)));
        execution.requireNotCancelled(doing);
      }

      @Override
      public void warn(String message) {
        progress.warn(message);
      }
    };
  }

  /** A batch is over and kept. */
  void kept(int size) {
    done += size;
    tell(calls(done));
  }

  private long calls(int count) {
    return callsEach == 0 ? count : Math.round(callsEach * count);
  }

  private void tell(long now) {
    progress.step(Math.max(0, now - told));
    told = Math.max(told, now);
  }
}
