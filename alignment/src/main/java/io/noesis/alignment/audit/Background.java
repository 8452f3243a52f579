package io.noesis.alignment.audit;

import io.noesis.alignment.train.Lineage;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a subject's decoders learnt from besides the subject's own training trials.
 *
 * @param companions ids of the stimuli that each fold's decoder saw through other subjects, one set
 *     per fold; empty where subjects are trained alone
 * @param ownSubject {@code STUDY/LABEL}, as lineages name the subject
 * @param parents what each fold's decoder was started from, one per fold; empty for random weights
 * @param unknown weights that decoders were started from and of which nobody says what they were
 *     learnt from; empty where there are none
 */
public record Background(
    List<Set<String>> companions,
    String ownSubject,
    List<Lineage> parents,
    Optional<String> unknown) {
  /** Nothing else. */
  public static final Background NONE = new Background(List.of(), "", List.of());

  /** Copies. */
  public Background {
    companions = companions.stream().map(Set::copyOf).toList();
    parents = List.copyOf(parents);
  }

  /** Where it is known what all weights were learnt from. */
  public Background(List<Set<String>> companions, String ownSubject, List<Lineage> parents) {
    this(companions, ownSubject, parents, Optional.empty());
  }

  /** What a fold saw through other subjects. */
  Set<String> companions(int fold) {
    return companions.isEmpty() ? Set.of() : companions.get(fold);
  }
}
