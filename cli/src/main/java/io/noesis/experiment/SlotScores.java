package io.noesis.experiment;

import io.noesis.ingest.study.StimulusSet;
import io.noesis.report.Report.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How often slots say the right concept, one by one and all of them together, beside ridge that was
 * fitted to the same targets.
 *
 * @param scores of the decoder's slots, then of ridge's, then of triples
 * @param differences the decoder minus ridge, and what a prior of triples makes
 * @param notes lines of the data card
 */
record SlotScores(List<HeadScores> scores, List<Pair> differences, List<Line> notes) {
  /** What scores of all slots at once are called. */
  static final String TOGETHER = "all slots";

  /** Of more concepts than these together, slots are scored one by one only. */
  private static final int COMBINATIONS = 20_000;

  /**
   * One decoder against another.
   *
   * @param slot of which both say something
   * @param first name of the one
   * @param second name of the other
   * @param contrast the first minus the second
   */
  record Pair(String slot, String first, String second, Scoring.Contrast contrast) {}

  /**
   * All that there is of one subject's slots.
   *
   * @param run its folder
   * @param recipe of the run
   * @param encoder what the decoder is called
   * @param decoded of the subject
   * @param stimuli of the study
   */
  static SlotScores of(
      RunFolder run, DecodingRecipe recipe, String encoder, Decoded decoded, StimulusSet stimuli) {
    Slots slots = Slots.of(run, recipe, decoded);
    if (slots.all().isEmpty()) {
      return new SlotScores(List.of(), List.of(), List.of());
    }
    SlotScores all = new SlotScores(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    all.score(recipe, encoder, stimuli, slots);
    all.add(TripleScoring.of(recipe, slots, encoder, stimuli));
    Optional<Slots> ridge = slots.ridge(run, decoded);
    if (ridge.isPresent()) {
      List<String> names = List.of(encoder, RidgeBeside.RIDGE);
      all.score(recipe, RidgeBeside.RIDGE, stimuli, ridge.get());
      all.scores.addAll(TripleScoring.ofRidge(recipe, ridge.get(), stimuli).scores);
      all.differences.addAll(differences(recipe, stimuli, names, slots, ridge.get()));
      all.differences.addAll(TripleScoring.differences(recipe, stimuli, names, slots, ridge.get()));
    }
    return all;
  }

  private void add(SlotScores others) {
    scores.addAll(others.scores);
    differences.addAll(others.differences);
    notes.addAll(others.notes);
  }

  /** Adds the scores of slots and of all together; of those that show one thing there are none. */
  private void score(DecodingRecipe recipe, String encoder, StimulusSet stimuli, Slots slots) {
    for (Group group : groups(slots)) {
      HeadScores own = group.scores(recipe, encoder, stimuli);
      if (own.entries().isEmpty()) {
        notes.add(new Line(own.output(), "not scored: all test stimuli show the same"));
      } else {
        scores.add(own);
      }
    }
  }

  /**
   * Slots of two decoders of the same rows against each other.
   *
   * @param recipe how they are scored
   * @param stimuli of the study
   * @param names of the one and of the other
   * @param one its slots
   * @param two the same slots of the other
   */
  static List<Pair> differences(
      DecodingRecipe recipe, StimulusSet stimuli, List<String> names, Slots one, Slots two) {
    List<Group> own = groups(one);
    List<Group> others = groups(two);
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < own.size(); i++) {
      Group group = own.get(i);
      String first = HeadScores.name(names.get(0), group.name);
      String second = HeadScores.name(names.get(1), group.name);
      scoring(recipe, group, stimuli)
          .contrastsOfConcepts(group.decoded, others.get(i).decoded, group.targets)
          .forEach(contrast -> pairs.add(new Pair(group.name, first, second, contrast)));
    }
    return pairs;
  }

  /** A slot, or all of them: a row is right where every one is. */
  private record Group(String name, Decoded decoded, List<TargetTable> targets) {
    HeadScores scores(DecodingRecipe recipe, String encoder, StimulusSet stimuli) {
      return new HeadScores(
          encoder,
          name,
          words(encoder, name),
          scoring(recipe, this, stimuli).ofConcepts(decoded, targets));
    }
  }

  /** What it is called on the data card. */
  static String words(String encoder, String name) {
    return "head '" + name + "'" + (encoder.equals(RidgeBeside.RIDGE) ? ", by ridge" : "");
  }

  private static Scoring scoring(DecodingRecipe recipe, Group group, StimulusSet stimuli) {
    return new Scoring(recipe, group.targets.get(0), stimuli);
  }

  private static List<Group> groups(Slots slots) {
    List<Group> groups = new ArrayList<>();
    slots
        .all()
        .forEach(
            slot -> groups.add(new Group(slot.name(), slot.decoded(), List.of(slot.targets()))));
    if (slots.all().size() > 1 && slots.combinations() <= COMBINATIONS) {
      groups.add(new Group(TOGETHER, slots.together(), slots.targets()));
    }
    return groups;
  }
}
