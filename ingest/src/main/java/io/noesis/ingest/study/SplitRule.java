package io.noesis.ingest.study;

import io.noesis.run.Seed;
import java.util.List;

/** Makes the splits of one subject's trials. */
@FunctionalInterface
public interface SplitRule {
  /**
   * Makes the splits.
   *
   * @param trials of one subject, or of several put together
   * @param stimuli all stimuli of the study, so that a stimulus falls into the same part for every
   *     subject
   * @param spec fractions, folds, names
   * @param seed of the split; a rule that draws nothing ignores it
   * @return one split, or one per fold
   * @throws io.noesis.run.DataException when the trials cannot be split so; says what they lack
   */
  List<Split> split(TrialTable trials, StimulusSet stimuli, SplitSpec spec, Seed seed);
}
