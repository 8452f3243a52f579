package io.noesis.ingest.study;

import io.noesis.run.DataException;
import io.noesis.run.Seed;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Turns units that stay together (stimuli, runs, categories) into the folds of a split rule. */
final class SplitFolds {
  private SplitFolds() {}

  static List<String> shuffle(List<String> units, Seed seed) {
    List<String> sorted = units.stream().sorted().toList();
    return IntStream.of(seed.child("units").random().permutation(sorted.size()))
        .mapToObj(sorted::get)
        .toList();
  }

  /** The tested units of each fold: one share, or all units in {@code folds} shares. */
  static List<List<String>> chunks(List<String> shuffled, SplitSpec spec) {
    int n = shuffled.size();
    if (spec.folds() == 0) {
      int tested = (int) Math.max(1, Math.min(n - 1L, Math.round(spec.fraction() * n)));
      return List.of(shuffled.subList(0, tested));
    }
    requireFolds(n, spec);
    List<List<String>> out = new ArrayList<>();
    for (int k = 0; k < spec.folds(); k++) {
      out.add(
          shuffled.subList(
              (int) ((long) n * k / spec.folds()), (int) ((long) n * (k + 1) / spec.folds())));
    }
    return out;
  }

  /** One unit per fold, or every {@code folds}-th unit together. */
  static List<List<String>> groups(List<String> units, SplitSpec spec) {
    int folds = spec.folds() == 0 ? units.size() : spec.folds();
    requireFolds(units.size(), spec);
    List<List<String>> out = new ArrayList<>();
    for (int k = 0; k < folds; k++) {
      List<String> together = new ArrayList<>();
      for (int i = k; i < units.size(); i += folds) {
        together.add(units.get(i));
      }
      out.add(together);
    }
    return out;
  }

  private static void requireFolds(int units, SplitSpec spec) {
    if (units < Math.max(2, spec.folds())) {
      throw impossible(
          spec,
          "there are " + units + " units for " + Math.max(2, spec.folds()) + " folds",
          "Use fewer folds.");
    }
  }

  static List<Split> assign(
      List<String> unitOfRow,
      List<String> units,
      List<List<String>> tested,
      SplitSpec spec,
      Seed seed) {
    List<Split> out = new ArrayList<>();
    for (int k = 0; k < tested.size(); k++) {
      Set<String> test = new LinkedHashSet<>(tested.get(k));
      String name = foldName(spec, tested, k);
      Set<String> validation = validation(units, test, spec, seed.child(name));
      List<Split.Part> parts = new ArrayList<>();
      for (String unit : unitOfRow) {
        parts.add(
            unit.isEmpty()
                ? Split.Part.UNUSED
                : test.contains(unit)
                    ? Split.Part.TEST
                    : validation.contains(unit) ? Split.Part.VALIDATION : Split.Part.TRAIN);
      }
      out.add(checked(name, parts, spec));
    }
    return out;
  }

  private static Set<String> validation(
      List<String> units, Set<String> test, SplitSpec spec, Seed seed) {
    List<String> rest = units.stream().filter(u -> !u.isEmpty() && !test.contains(u)).toList();
    int n = (int) Math.min(rest.size() - 1L, Math.round(spec.validation() * rest.size()));
    if (spec.validation() == 0 || n <= 0) {
      return Set.of();
    }
    return new LinkedHashSet<>(shuffle(rest, seed.child("validation")).subList(0, n));
  }

  private static String foldName(SplitSpec spec, List<List<String>> tested, int k) {
    List<String> units = tested.get(k);
    boolean named = spec.rule().startsWith("leave-") && units.size() <= 4;
    if (named) {
      return spec.rule() + "/" + String.join("+", units);
    }
    return tested.size() == 1 ? spec.rule() : spec.rule() + "/fold-" + (k + 1);
  }

  /** Trials nearer than the gap to a tested one are left aside. */
  static Split withGap(Split split, SplitSpec spec) {
    List<Split.Part> parts = new ArrayList<>(split.parts());
    for (int test : split.rows(Split.Part.TEST)) {
      int last = Math.min(parts.size() - 1, test + spec.gap());
      for (int row = Math.max(0, test - spec.gap()); row <= last; row++) {
        if (parts.get(row) != Split.Part.TEST) {
          parts.set(row, Split.Part.UNUSED);
        }
      }
    }
    return checked(split.name(), parts, spec);
  }

  static Split checked(String name, List<Split.Part> parts, SplitSpec spec) {
    long train = parts.stream().filter(p -> p == Split.Part.TRAIN).count();
    long test = parts.stream().filter(p -> p == Split.Part.TEST).count();
    if (train == 0 || test == 0) {
      throw impossible(
          spec,
          "the split '"
              + name
              + "' of "
              + parts.size()
              + " trials has "
              + train
              + " to train and "
              + test
              + " to test",
          spec.rule().equals("study")
              ? "The events need a column 'part' with train and test; or use by-stimulus."
              : "Change the fraction, the folds or the rule.");
    }
    return new Split(name, parts);
  }

  static DataException impossible(SplitSpec spec, String found, String next) {
    return new DataException(
        "splitting the trials by '"
            + spec.rule()
            + "': "
            + found
            + ", expected trials to train and trials to test. "
            + next);
  }
}
