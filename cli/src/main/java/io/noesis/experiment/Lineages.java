package io.noesis.experiment;

import io.noesis.alignment.audit.StimulusTwins;
import io.noesis.alignment.train.Lineage;
import io.noesis.ingest.study.Split;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What decoders of a run say of where they come from.
 *
 * @param identity of the run
 * @param study its name
 * @param twins by which stimuli are known
 * @param others on whose responses networks are pretrained, where these are other people's
 */
record Lineages(
    String identity, String study, StimulusTwins twins, Optional<PretrainingSource> others) {
  /** Of a fold that is trained on one subject. */
  Map<String, String> metadata(SubjectWork subject, int fold) {
    Map<String, String> texts =
        metadata(lineage(List.of(subject), fold), subject.folds().get(fold), subject.label());
    subject.voxelsChosen().ifPresent(words -> texts.put("voxels", words));
    return texts;
  }

  /**
   * The texts in a decoder's file.
   *
   * @param lineage what it saw
   * @param split by which it was trained
   * @param subjects whose trials, in words
   */
  Map<String, String> metadata(Lineage lineage, Split split, String subjects) {
    Map<String, String> texts = new LinkedHashMap<>(lineage.metadata());
    texts.put("noesis_run", identity);
    texts.put("subject", subjects);
    texts.put("split", split.name());
    texts.put("split_sha256", split.hash());
    return texts;
  }

  /** What a network that is trained on a fold of these subjects has seen. */
  Lineage lineage(List<SubjectWork> subjects, int fold) {
    Set<String> stimuli = new TreeSet<>();
    subjects.forEach(
        subject -> subject.trainedStimuli(fold).forEach(id -> stimuli.add(twins.fingerprint(id))));
    Lineage own =
        Lineage.of(identity, subjects.stream().map(s -> subject(s.label())).toList(), stimuli);
    return others.isEmpty() ? own : own.startedFrom(ofPretraining(subjects.get(0).label(), fold));
  }

  /** What a network that is pretrained on others' responses has seen by then. */
  Lineage ofPretraining(String decoded, int fold) {
    return others.orElseThrow().lineage(identity, decoded, fold, twins);
  }

  /** What a network has seen that is adapted to some trials of one subject. */
  Lineage lineage(SubjectWork subject, int[] rows, Lineage parent) {
    Set<String> stimuli = new TreeSet<>();
    for (int row : rows) {
      stimuli.add(twins.fingerprint(subject.trials().get(row).stimulus()));
    }
    return Lineage.of(identity, List.of(subject(subject.label())), stimuli).startedFrom(parent);
  }

  /** Of a model that learned from one subject's trials alone. */
  Lineage of(String label, Set<String> fingerprints) {
    return Lineage.of(identity, List.of(subject(label)), fingerprints);
  }

  /** By what a stimulus is known. */
  String fingerprint(String stimulus) {
    return twins.fingerprint(stimulus);
  }

  /** A subject's name among those of all studies. */
  String subject(String label) {
    return study + "/" + label;
  }
}
