package io.noesis.alignment.audit;

import io.noesis.alignment.train.Lineage;
import io.noesis.ingest.study.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code LEAK-LINEAGE}: the decoder that this one was started from, or one before it, has seen the
 * tested subject, or a stimulus that is tested now. Stimuli are compared by pixels, and by id where
 * they have no picture. Weights that others published say nothing of it, which is a warning.
 */
final class LeakLineage implements Audit {
  static final String CODE = "LEAK-LINEAGE";

  @Override
  public String code() {
    return CODE;
  }

  @Override
  public Phase phase() {
    return Phase.PLAN;
  }

  @Override
  public List<Finding> inspect(AuditCase subject) {
    Findings findings = new Findings(CODE, subject.subject());
    List<Lineage> parents = subject.background().parents();
    Optional<String> unknown = subject.background().unknown();
    if (unknown.isPresent()) {
      return List.of(
          findings.warn(
              "nobody says what the weights in " + unknown.get() + " were learnt from",
              "They were published by others. If the tested subject or a tested stimulus was in their"
                  + " training, what is decoded is partly remembered.",
              "Look up which data they were trained on, and say in your report that yours are not"
                  + " among them."));
    }
    if (parents.isEmpty()) {
      return List.of(
          findings.pass("no parent", "The first weights were drawn at random, or there are none."));
    }
    List<Finding> out = new ArrayList<>();
    if (parents.stream()
        .anyMatch(p -> p.allSubjects().contains(subject.background().ownSubject()))) {
      out.add(
          findings.block(
              "the parent was trained on subject " + subject.subject(),
              "What is called adaptation to a new subject would be more training on a known one.",
              "Train the parent without this subject (study.subjects), or adapt to another one."));
    }
    int compared = 0;
    Set<String> worst = Set.of();
    int worstFold = 0;
    for (int fold = 0; fold < subject.folds().size(); fold++) {
      Split split = subject.folds().get(fold);
      Set<String> seen = parents.get(fold).allStimuli();
      Set<String> both = new TreeSet<>();
      Set<String> tested = new Fold(split, subject.trials()).stimuli(true);
      compared += tested.size();
      tested.stream()
          .filter(id -> seen.contains(subject.twins().fingerprint(id)))
          .forEach(both::add);
      if (both.size() > worst.size()) {
        worst = both;
        worstFold = fold;
      }
    }
    if (!worst.isEmpty()) {
      out.add(
          findings.block(
              worst.size()
                  + " test stimuli of the fold '"
                  + subject.folds().get(worstFold).name()
                  + "' were in the training of the parent",
              "The parent may have remembered them through other subjects: "
                  + Findings.some(worst)
                  + ".",
              "Split by stimulus with the parent's rule and seed, so that both leave the same"
                  + " stimuli out."));
    }
    if (out.isEmpty()) {
      out.add(
          findings.pass(
              "0 of " + compared + " test stimuli were in the training of the parents",
              "The parents saw "
                  + Findings.some(parents.get(0).allSubjects())
                  + " and "
                  + parents.get(0).allStimuli().size()
                  + " stimuli. Compared by pixels, and by id where there is no picture."));
    }
    return out;
  }
}
