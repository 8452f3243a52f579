package io.noesis.ingest.study.layout;

import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.ingest.study.Trial;
import io.noesis.ingest.study.TrialTable;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The stimuli of a study without a table of them: those that its trials name. */
final class ShownStimuli {
  private ShownStimuli() {}

  /**
   * Collects them in the order of the subjects and their trials.
   *
   * @param subjects labels
   * @param trials of a subject
   * @param picture of a stimulus by its id, where there is one
   */
  static StimulusSet of(
      List<String> subjects,
      Function<String, TrialTable> trials,
      Function<String, Optional<Path>> picture) {
    Map<String, Stimulus> made = new LinkedHashMap<>();
    for (String subject : subjects) {
      for (Trial trial : trials.apply(subject).trials()) {
        made.computeIfAbsent(
            trial.stimulus(),
            id -> new Stimulus(id, trial.category(), List.of(), picture.apply(id), Map.of()));
      }
    }
    return StimulusSet.of(made.values());
  }
}
