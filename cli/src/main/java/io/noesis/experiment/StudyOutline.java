package io.noesis.experiment;

import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.ingest.study.Study;
import io.noesis.ingest.study.StudyCard;
import io.noesis.ingest.study.Trial;
import io.noesis.ingest.study.TrialTable;
import io.noesis.run.DataException;
import io.noesis.run.NoesisException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a study offers, from tables and headers alone.
 *
 * @param card what it is
 * @param responses how responses would come from its recordings, in words
 * @param subjects one entry each
 * @param stimuli what was shown; absent when a subject that cannot be read keeps it from being
 *     counted
 */
record StudyOutline(
    StudyCard card, String responses, List<Subject> subjects, Optional<Stimuli> stimuli) {
  /**
   * One subject.
   *
   * @param label without {@code sub-}
   * @param runs how many recordings have trials
   * @param trials how many
   * @param stimuli how many different ones
   * @param memoryBytes what reading the responses is estimated to take
   * @param problem why the subject cannot be used; the counts are then 0
   */
  record Subject(
      String label,
      int runs,
      int trials,
      int stimuli,
      long memoryBytes,
      Optional<String> problem) {}

  /**
   * What was shown.
   *
   * @param count how many
   * @param withPicture how many have a picture file
   * @param withCaption how many have a caption
   * @param captions how many captions all have together
   * @param categories the categories
   */
  record Stimuli(
      int count, int withPicture, int withCaption, int captions, List<String> categories) {
    /** Copies the list. */
    Stimuli {
      categories = List.copyOf(categories);
    }

    static Stimuli of(StimulusSet set) {
      int pictures = 0;
      int withCaption = 0;
      int captions = 0;
      for (Stimulus stimulus : set.all()) {
        pictures += stimulus.image().isPresent() ? 1 : 0;
        withCaption += stimulus.captions().isEmpty() ? 0 : 1;
        captions += stimulus.captions().size();
      }
      return new Stimuli(set.size(), pictures, withCaption, captions, set.categories());
    }

    /** What responses could be aligned with. */
    List<String> targets() {
      List<String> out = new ArrayList<>();
      if (count > 0 && withCaption == count) {
        out.add("captions");
      }
      if (categories.size() > 1) {
        out.add("categories");
      }
      if (count > 0 && withPicture == count) {
        out.add("pictures");
      }
      return out;
    }
  }

  /** Copies the list. */
  StudyOutline {
    subjects = List.copyOf(subjects);
  }

  /**
   * Looks at an opened study.
   *
   * @param study tables and headers are read, no recording
   * @return the outline
   * @throws DataException when no subject can be used; says why the first cannot
   */
  static StudyOutline of(Study study) {
    List<Subject> subjects = study.subjects().stream().map(s -> subject(study, s)).toList();
    if (subjects.stream().allMatch(s -> s.problem().isPresent())) {
      String first = subjects.get(0).problem().orElse("");
      int others = subjects.size() - 1;
      throw new DataException(
          first + (others > 0 ? " (No other subject can be used either: " + others + ".)" : ""));
    }
    return new StudyOutline(study.card(), responses(study), subjects, stimuli(study));
  }

  private static Subject subject(Study study, String label) {
    try {
      TrialTable trials = study.trials(label);
      return new Subject(
          label,
          trials.distinct(Trial::recording).size(),
          trials.size(),
          trials.distinct(Trial::stimulus).size(),
          study.memoryBytes(label),
          Optional.empty());
    } catch (NoesisException e) {
      return new Subject(label, 0, 0, 0, 0, Optional.of(String.valueOf(e.getMessage())));
    }
  }

  private static Optional<Stimuli> stimuli(Study study) {
    try {
      return Optional.of(Stimuli.of(study.stimuli()));
    } catch (NoesisException e) {
      // A study without a stimulus table counts its trials; the subject that fails says why.
      return Optional.empty();
    }
  }

  private static String responses(Study study) {
    return switch (study.kind()) {
      case SAMPLES -> "recorded samples of each trial";
      case BETAS ->
          "one beta per trial, estimated by a GLM (settings: noesis describe layouts "
              + study.card().layout()
              + ")";
      case GIVEN -> "given, made elsewhere";
    };
  }
}
