package io.noesis.alignment.embedding;

import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.Trial;

/** What has a target embedding of its own. */
public enum TargetUnit {
  /** Every stimulus. */
  STIMULUS {
    @Override
    public String key(Stimulus stimulus) {
      return stimulus.id();
    }

    @Override
    public String key(Trial trial) {
      return trial.stimulus();
    }
  },
  /** Every category: all stimuli of one share a target. */
  CATEGORY {
    @Override
    public String key(Stimulus stimulus) {
      return stimulus.category();
    }

    @Override
    public String key(Trial trial) {
      return trial.category();
    }
  };

  /**
   * The id of a stimulus's target.
   *
   * @param stimulus the stimulus
   * @return its id or its category
   */
  public abstract String key(Stimulus stimulus);

  /**
   * The id of a trial's target.
   *
   * @param trial the trial
   * @return its stimulus or its category
   */
  public abstract String key(Trial trial);
}
