package io.noesis.ingest.study;

import io.noesis.ingest.study.Split.Part;
import io.noesis.run.AuditException;
import io.noesis.run.Check;
import io.noesis.run.DataException;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one subject saw, what the brain answered, and what each trial is used for. A stimulus lies
 * in one part only, so that nothing tested was trained on; stimuli that only name their category
 * ({@link Stimulus#standsForCategory()}) are exempt, since the study does not tell their pictures
 * apart. Immutable.
 */
public final class BrainDataset {
  /** The code under which the audits know a stimulus in two parts. */
  public static final String SHARED_STIMULUS = "LEAK-STIMULUS";

  private static final int NAMED = 5;

  private final SubjectResponses responses;
  private final StimulusSet stimuli;
  private final Split split;

  /**
   * Puts trials, responses, stimuli and a split together.
   *
   * @param responses trials and their responses
   * @param stimuli holds every stimulus of the trials
   * @param split one part per trial
   * @throws DataException when a trial shows a stimulus that is not in the set
   * @throws AuditException when a stimulus lies in two of TRAIN, VALIDATION and TEST
   */
  public BrainDataset(SubjectResponses responses, StimulusSet stimuli, Split split) {
    this(responses, stimuli, split, Set.of());
  }

  private BrainDataset(
      SubjectResponses responses, StimulusSet stimuli, Split split, Set<String> allowed) {
    this.responses = responses;
    this.stimuli = stimuli;
    this.split = split;
    Check.size(
        "parts of the split '" + split.name() + "' for subject " + responses.subject(),
        responses.trials().size(),
        split.parts().size());
    responses.trials().distinct(Trial::stimulus).forEach(stimuli::get);
    Map<String, Set<Part>> shared = shared();
    if (!shared.isEmpty() && !allowed.contains(SHARED_STIMULUS)) {
      throw refusal(shared);
    }
  }

  /**
   * The same with the rule that a named audit stands for let through, for example to show what
   * leakage does.
   *
   * @param code the audit's code; only {@link #SHARED_STIMULUS} has a rule here
   * @param responses trials and their responses
   * @param stimuli holds every stimulus of the trials
   * @param split one part per trial
   * @return the dataset
   */
  public static BrainDataset allowing(
      String code, SubjectResponses responses, StimulusSet stimuli, Split split) {
    Check.argument(
        code.equals(SHARED_STIMULUS),
        "a dataset can allow %s only, found '%s'",
        SHARED_STIMULUS,
        code);
    return new BrainDataset(responses, stimuli, split, Set.of(code));
  }

  private Map<String, Set<Part>> shared() {
    Map<String, Set<Part>> partsOf = new LinkedHashMap<>();
    for (int row = 0; row < split.parts().size(); row++) {
      Part part = split.parts().get(row);
      String stimulus = responses.trials().get(row).stimulus();
      if (part != Part.UNUSED && !stimuli.get(stimulus).standsForCategory()) {
        partsOf.computeIfAbsent(stimulus, k -> new LinkedHashSet<>()).add(part);
      }
    }
    partsOf.values().removeIf(parts -> parts.size() < 2);
    return partsOf;
  }

  private AuditException refusal(Map<String, Set<Part>> shared) {
    List<String> named = new ArrayList<>();
    shared.forEach(
        (stimulus, parts) -> {
          if (named.size() < NAMED) {
            named.add("'" + stimulus + "' in " + parts);
          }
        });
    return new AuditException(
        "putting the split '"
            + split.name()
            + "' on subject "
            + responses.subject()
            + ": "
            + shared.size()
            + " stimuli lie in two parts ("
            + String.join(", ", named)
            + (shared.size() > NAMED ? ", ..." : "")
            + "), expected each in one ("
            + SHARED_STIMULUS
            + "). Split by stimulus, or allow it by that code.");
  }

  /** The subject's label. */
  public String subject() {
    return responses.subject();
  }

  /** Everything read of the subject. */
  public SubjectResponses all() {
    return responses;
  }

  /** Every stimulus of the trials, and perhaps more. */
  public StimulusSet stimuli() {
    return stimuli;
  }

  /** What each trial is used for. */
  public Split split() {
    return split;
  }

  /** The trials of one part, in recording order. */
  public TrialTable trials(Part part) {
    return responses.trials().select(split.rows(part));
  }

  /** The responses of one part, {@code [trials, voxels]}; a copy. */
  public Tensor responses(Part part) {
    return responses.responses().rows(split.rows(part));
  }

  /** How many trials each part has; parts without trials are left out. */
  public Map<Part, Integer> counts() {
    Map<Part, Integer> counts = new EnumMap<>(Part.class);
    split.parts().forEach(part -> counts.merge(part, 1, Integer::sum));
    return counts;
  }
}
