package io.noesis.experiment;

import io.noesis.alignment.train.Lineage;
import io.noesis.ingest.format.Summary;
import io.noesis.ingest.format.Summary.Fact;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says in words whom and what a decoder learned from. */
final class LineageFacts {
  private static final String KEY = "metadata lineage";
  private static final int SHORT = 12;

  private LineageFacts() {}

  /** The same summary, with the lineage in a file's metadata told in lines of its own. */
  static Summary inWords(Summary summary) {
    List<Fact> facts = new ArrayList<>();
    for (Fact fact : summary.facts()) {
      Optional<Lineage> lineage =
          fact.label().equals(KEY)
              ? Lineage.read(Map.of("lineage", fact.value()), summary.path())
              : Optional.empty();
      if (lineage.isPresent()) {
        add(facts, "trained on", lineage.get());
      } else {
        facts.add(fact);
      }
    }
    return new Summary(summary.path(), summary.format(), facts);
  }

  private static void add(List<Fact> facts, String label, Lineage lineage) {
    facts.add(
        new Fact(
            label,
            String.join(", ", lineage.subjects())
                + ": "
                + lineage.stimuli().size()
                + " stimuli, run "
                + lineage.run().substring(0, Math.min(SHORT, lineage.run().length()))));
    lineage.parents().forEach(parent -> add(facts, "started from", parent));
  }
}
