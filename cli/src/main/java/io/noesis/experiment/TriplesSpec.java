package io.noesis.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.noesis.alignment.triple.TriplePrior;
import io.noesis.alignment.triple.TriplePriors;
import io.noesis.run.Check;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * How triples are scored: where the one that was shown stands among all combinations of three
 * slots' concepts.
 *
 * @param slots three heads whose targets are attributes: subject, predicate and object, in the
 *     order in which the prior reads them
 * @param recall k of the scores {@code triple.recallK}: how often the triple is among the best k
 * @param prior what is known of triples from training stimuli, added to a second set of scores;
 *     empty for none
 */
public record TriplesSpec(List<String> slots, List<Integer> recall, Optional<Prior> prior) {
  private static final List<Integer> RECALL = List.of(1, 10, 50, 100);

  /**
   * A prior of triples.
   *
   * @param kind of {@code noesis describe triple-priors}
   * @param weight λ, by which its logarithm is multiplied before it is added
   * @param settings of the kind; missing ones take its defaults
   */
  public record Prior(String kind, double weight, JsonNode settings) {
    /** Checks name, settings and weight. */
    public Prior {
      Check.argument(
          weight > 0 && Double.isFinite(weight),
          "prior.weight: expected a number above 0, found %s; leave the prior out for none",
          weight);
      TriplePriors.registry().get(kind).make(settings, "evaluation.triples.prior.settings");
    }

    /** Counts of training stimuli, as probable as they say. */
    public static Prior defaults() {
      return new Prior("counts", 1, JsonNodeFactory.instance.objectNode());
    }

    /** The prior itself. */
    TriplePrior make() {
      return TriplePriors.registry().get(kind).make(settings, "evaluation.triples.prior.settings");
    }
  }

  /** Copies and checks. */
  public TriplesSpec {
    slots = List.copyOf(slots);
    recall = recall.isEmpty() ? RECALL : List.copyOf(recall);
    Check.argument(
        slots.size() == 3 && new HashSet<>(slots).size() == 3,
        "triples.slots: expected three different heads, of subject, predicate and object, found %s",
        slots);
    Check.argument(
        recall.stream().allMatch(k -> k > 0) && new HashSet<>(recall).size() == recall.size(),
        "triples.recall: expected numbers of at least 1, each once, found %s",
        recall);
  }
}
