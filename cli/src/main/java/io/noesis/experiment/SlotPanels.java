package io.noesis.experiment;

import io.noesis.alignment.score.Difference;
import io.noesis.alignment.score.Statistics;
import io.noesis.report.ScoreLine;
import io.noesis.report.SlotsPanel;
import io.noesis.report.SlotsPanel.SlotContrast;
import io.noesis.report.SlotsPanel.SlotScore;
import io.noesis.report.SlotsPanel.SlotSubject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a report says of slots and triples, by their headline scores. */
final class SlotPanels {
  private static final String ACCURACY = "category_accuracy@";
  private static final String TRIPLE = "triple.";

  private final List<SlotSubject> subjects = new ArrayList<>();

  /**
   * One subject.
   *
   * @param subject label
   * @param slots its scores; nothing is added where it has none
   */
  void add(String subject, SlotScores slots) {
    if (slots.scores().isEmpty()) {
      return;
    }
    String headline = slots.scores().get(0).entries().get(0).variant();
    List<SlotScore> scores = new ArrayList<>();
    for (HeadScores head : slots.scores()) {
      String slot = slot(head.head());
      for (Scoring.Entry entry : head.entries()) {
        if (shown(entry.score().metric()) && entry.variant().startsWith(headline)) {
          String rest = entry.variant().substring(headline.length());
          scores.add(new SlotScore(which(slot, rest), who(head.name(), slot), line(entry)));
        }
      }
    }
    subjects.add(
        new SlotSubject(subject, inOrder(scores), contrasts(slots, headline), slots.notes()));
  }

  /** The panel; empty where nobody has slots. */
  Optional<SlotsPanel> panel() {
    return subjects.isEmpty() ? Optional.empty() : Optional.of(new SlotsPanel(group(), subjects));
  }

  private static boolean shown(String metric) {
    return metric.startsWith(ACCURACY) || metric.startsWith(TRIPLE);
  }

  private static String slot(String head) {
    return head.startsWith(TripleScoring.TRIPLES) ? TripleScoring.TRIPLES : head;
  }

  /** A slot, or some of the triples: {@code known triples}. */
  private static String which(String slot, String rest) {
    return rest.isEmpty() ? slot : rest.replaceFirst("^, ", "");
  }

  /** The name of scores without that of the slot. */
  private static String who(String name, String slot) {
    return name.replace(", " + slot, "");
  }

  private static ScoreLine line(Scoring.Entry entry) {
    return SubjectPanels.scores(List.of(entry)).get(0);
  }

  /** What is said of one thing stands together. */
  private static List<SlotScore> inOrder(List<SlotScore> scores) {
    Map<String, List<SlotScore>> byThing = new LinkedHashMap<>();
    scores.forEach(
        s -> byThing.computeIfAbsent(s.slot() + s.score().metric(), k -> new ArrayList<>()).add(s));
    return byThing.values().stream().flatMap(List::stream).toList();
  }

  private static List<SlotContrast> contrasts(SlotScores slots, String headline) {
    Map<String, List<SlotScores.Pair>> families = new LinkedHashMap<>();
    for (SlotScores.Pair pair : slots.differences()) {
      boolean counts =
          shown(pair.contrast().difference().metric())
              && pair.contrast().variant().startsWith(headline);
      if (counts) {
        String slot = pair.slot();
        String kind = slot.equals(TripleScoring.TRIPLES) ? slot : "";
        String family = kind + who(pair.first(), slot) + " - " + who(pair.second(), slot);
        families.computeIfAbsent(family, f -> new ArrayList<>()).add(pair);
      }
    }
    List<SlotContrast> contrasts = new ArrayList<>();
    for (List<SlotScores.Pair> family : families.values()) {
      double[] p =
          Statistics.holm(
              family.stream().mapToDouble(pair -> pair.contrast().difference().p()).toArray());
      for (int i = 0; i < p.length; i++) {
        SlotScores.Pair pair = family.get(i);
        String rest = pair.contrast().variant().substring(headline.length());
        contrasts.add(
            new SlotContrast(
                which(pair.slot(), rest),
                who(pair.first(), pair.slot()),
                who(pair.second(), pair.slot()),
                RidgePanels.line(corrected(pair.contrast().difference(), p[i]))));
      }
    }
    return contrasts;
  }

  private static Difference corrected(Difference d, double p) {
    return new Difference(
        d.metric(), d.value(), d.low(), d.high(), p, d.n(), d.unit(), d.direction(), d.protocol());
  }

  /** Means over three subjects and more of what so many have. */
  private List<SlotScore> group() {
    Map<List<String>, List<List<ScoreLine>>> all = new LinkedHashMap<>();
    for (SlotSubject subject : subjects) {
      for (SlotScore s : subject.scores()) {
        all.computeIfAbsent(List.of(s.slot(), s.who(), s.score().metric()), k -> new ArrayList<>())
            .add(List.of(s.score()));
      }
    }
    List<SlotScore> group = new ArrayList<>();
    all.forEach(
        (of, scores) ->
            GroupScores.of(scores)
                .forEach(mean -> group.add(new SlotScore(of.get(0), of.get(1), mean))));
    return group;
  }
}
