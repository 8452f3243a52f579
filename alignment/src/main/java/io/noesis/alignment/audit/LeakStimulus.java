package io.noesis.alignment.audit;

import io.noesis.alignment.embedding.TargetUnit;
import io.noesis.ingest.study.Stimulus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code LEAK-STIMULUS}: what is tested was seen in training. The same id, file or pixels: BLOCK. A
 * nearly equal picture, or another stimulus with the same target embedding: WARN. Validation trials
 * count as seen, since they choose settings.
 */
final class LeakStimulus implements Audit {
  static final String CODE = "LEAK-STIMULUS";
  private static final double SAME_TARGET = 0.999;
  private static final String REMEDY =
      "Split by stimulus (rule by-stimulus), with equal pictures under one id; where subjects are"
          + " trained together, with the same seed for all.";

  @Override
  public String code() {
    return CODE;
  }

  @Override
  public Phase phase() {
    return Phase.PLAN;
  }

  /** What one fold shares between training and test. */
  private record Shared(
      String fold, int tested, Set<String> same, Set<String> standIns, Set<String> near) {}

  @Override
  public List<Finding> inspect(AuditCase subject) {
    Findings findings = new Findings(CODE, subject.subject());
    Map<String, Set<String>> nearTargets =
        subject.unit() == TargetUnit.STIMULUS && subject.targets().isPresent()
            ? NearTargets.find(subject.targets().get(), SAME_TARGET)
            : Map.of();
    Map<String, Set<String>> nearPixels = nearPixels(subject.twins());
    List<Shared> folds = new ArrayList<>();
    for (int f = 0; f < subject.folds().size(); f++) {
      Fold fold = new Fold(subject.folds().get(f), subject.trials());
      Set<String> others = subject.background().companions(f);
      folds.add(shared(subject, fold, others, new Near(nearPixels, nearTargets)));
    }
    List<Finding> out = new ArrayList<>();
    worst(folds, s -> s.same().size()).ifPresent(s -> out.add(same(findings, folds, s)));
    worst(folds, s -> s.near().size()).ifPresent(s -> out.add(near(findings, s)));
    worst(folds, s -> s.standIns().size()).ifPresent(s -> out.add(standIns(findings, s)));
    if (out.isEmpty()) {
      out.add(
          findings.pass(
              "0 of "
                  + folds.stream().mapToInt(Shared::tested).sum()
                  + " test stimuli in "
                  + folds.size()
                  + (folds.size() == 1 ? " fold are" : " folds are")
                  + " in training",
              compared(subject)));
    }
    return out;
  }

  private static java.util.Optional<Shared> worst(
      List<Shared> folds, java.util.function.ToIntFunction<Shared> size) {
    return folds.stream()
        .filter(s -> size.applyAsInt(s) > 0)
        .max(java.util.Comparator.comparingInt(size));
  }

  private static Finding same(Findings findings, List<Shared> folds, Shared s) {
    return findings.block(
        count(s.same().size(), s)
            + "; "
            + folds.stream().filter(f -> !f.same().isEmpty()).count()
            + " of "
            + folds.size()
            + " folds are touched",
        "A decoder that only remembers its training stimuli would score well: "
            + Findings.some(s.same())
            + ".",
        REMEDY);
  }

  private static Finding near(Findings findings, Shared s) {
    return findings.warn(
        s.near().size() + " nearly equal pairs across training and test in the fold " + s.fold(),
        "Part of the score may be memory: " + Findings.some(s.near()) + ".",
        "Look at these pairs; put each on one side of the split, or say that they were left.");
  }

  private static Finding standIns(Findings findings, Shared s) {
    return findings.warn(
        count(s.standIns().size(), s) + " by category only",
        "The study does not tell which pictures were shown, so the same picture may be in training"
            + " and in test.",
        "Name the pictures in the events if they are known; else say that decoding is of"
            + " categories, perhaps of repeated pictures.");
  }

  private static String count(int shared, Shared s) {
    return shared + " of " + s.tested() + " test stimuli are in training in the fold " + s.fold();
  }

  private static String compared(AuditCase subject) {
    List<String> parts = new ArrayList<>();
    parts.add("Compared by id");
    Set<String> shown = new LinkedHashSet<>(subject.trials().distinct(t -> t.stimulus()));
    long pictured = shown.stream().filter(subject.twins().pixelsOf()::containsKey).count();
    if (pictured > 0) {
      parts.add("by file and pixels");
    }
    if (subject.unit() == TargetUnit.STIMULUS && subject.targets().isPresent()) {
      parts.add("by target embedding");
    }
    StringBuilder text = new StringBuilder(String.join(", ", parts)).append('.');
    if (pictured < shown.size()) {
      text.append(' ')
          .append(shown.size() - pictured)
          .append(" of ")
          .append(shown.size())
          .append(" stimuli have no picture and are not comparable by pixels.");
    }
    if (subject.unit() == TargetUnit.CATEGORY) {
      text.append(" Targets are those of categories, equal for all stimuli of one by design.");
    }
    return text.toString();
  }

  /** Which stimuli are nearly the same, by pixels and by targets. */
  private record Near(Map<String, Set<String>> pixels, Map<String, Set<String>> targets) {}

  private static Shared shared(AuditCase subject, Fold fold, Set<String> others, Near near) {
    Set<String> own = fold.stimuli(false);
    Set<String> seen = new LinkedHashSet<>(own);
    seen.addAll(others);
    Set<String> tested = fold.stimuli(true);
    Map<String, String> seenFiles = inverse(subject.twins().fileOf(), seen);
    Map<String, String> seenPixels = inverse(subject.twins().pixelsOf(), seen);
    Shared out =
        new Shared(
            "'" + fold.split().name() + "'",
            tested.size(),
            new LinkedHashSet<>(),
            new LinkedHashSet<>(),
            new LinkedHashSet<>());
    for (String id : tested) {
      String file = subject.twins().fileOf().get(id);
      String pixels = subject.twins().pixelsOf().get(id);
      if (seen.contains(id)) {
        (standsIn(subject, id) ? out.standIns() : out.same())
            .add(own.contains(id) ? id : id + " (through other subjects)");
      } else if (file != null && seenFiles.containsKey(file)) {
        out.same().add(id + " = " + seenFiles.get(file) + " (same file)");
      } else if (pixels != null && seenPixels.containsKey(pixels)) {
        out.same().add(id + " = " + seenPixels.get(pixels) + " (same pixels)");
      }
      for (String twin :
          pixels == null ? Set.<String>of() : near.pixels().getOrDefault(pixels, Set.of())) {
        if (seenPixels.containsKey(twin)) {
          out.near().add(id + " ~ " + seenPixels.get(twin) + " (pictures)");
        }
      }
      for (String twin : near.targets().getOrDefault(id, Set.of())) {
        if (seen.contains(twin)) {
          out.near().add(id + " ~ " + twin + " (targets)");
        }
      }
    }
    return out;
  }

  /** Whether a shared id is only a category's name, and targets are categories. */
  private static boolean standsIn(AuditCase subject, String id) {
    return subject.unit() == TargetUnit.CATEGORY
        && subject.stimuli().contains(id)
        && standsIn(subject.stimuli().get(id));
  }

  private static boolean standsIn(Stimulus stimulus) {
    return stimulus.standsForCategory() && stimulus.image().isEmpty();
  }

  private static Map<String, String> inverse(Map<String, String> keyOf, Set<String> ids) {
    Map<String, String> idOf = new HashMap<>();
    for (String id : ids) {
      String key = keyOf.get(id);
      if (key != null) {
        idOf.putIfAbsent(key, id);
      }
    }
    return idOf;
  }

  private static Map<String, Set<String>> nearPixels(StimulusTwins twins) {
    Map<String, Set<String>> near = new LinkedHashMap<>();
    for (StimulusTwins.NearPair pair : twins.near()) {
      near.computeIfAbsent(pair.one(), k -> new LinkedHashSet<>()).add(pair.other());
      near.computeIfAbsent(pair.other(), k -> new LinkedHashSet<>()).add(pair.one());
    }
    return near;
  }
}
