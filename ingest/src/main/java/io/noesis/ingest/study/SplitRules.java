package io.noesis.ingest.study;

import io.noesis.run.DataException;
import io.noesis.run.Registry;
import io.noesis.run.Registry.Entry;
import io.noesis.run.Seed;
import io.noesis.run.Suggest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The rules by which trials are split, by name. */
public final class SplitRules {
  private static final Registry<SplitRule> REGISTRY =
      Registry.of(
          "split rule",
          List.of(
              new Entry<>(
                  "by-stimulus",
                  SplitRules::byStimulus,
                  "a share of the stimuli is tested; all trials of a stimulus stay together"),
              new Entry<>(
                  "study", SplitRules::asTheStudySays, "train and test as the study prescribes"),
              new Entry<>(
                  "leave-run-out", SplitRules::leaveRunOut, "each recorded run is tested once"),
              new Entry<>(
                  "contiguous-blocks",
                  SplitRules::contiguousBlocks,
                  "a recording of one run in blocks of neighbouring trials, each tested once"),
              new Entry<>(
                  "leave-category-out",
                  SplitRules::leaveCategoryOut,
                  "categories that were never trained on are tested"),
              new Entry<>(
                  "by-trial",
                  SplitRules::byTrial,
                  "dangerous: trials of one stimulus fall on both sides, so memorising scores;"
                      + " for showing leaks only, audits reject it"),
              new Entry<>("file", SplitRules::fromFiles, "split tables made before")));

  private SplitRules() {}

  /** All rules, for recipes, descriptions and contract tests. */
  public static Registry<SplitRule> registry() {
    return REGISTRY;
  }

  /**
   * Splits by the rule that the spec names.
   *
   * @param trials of one subject
   * @param stimuli all stimuli of the study
   * @param spec the rule and its numbers
   * @param seed of the run; the rule draws from its child {@code split}
   * @return one split, or one per fold
   */
  public static List<Split> split(
      TrialTable trials, StimulusSet stimuli, SplitSpec spec, Seed seed) {
    SplitRule rule = REGISTRY.get(spec.rule());
    if (trials.size() == 0) {
      throw SplitFolds.impossible(spec, "there is no trial", "Check the subject's events.");
    }
    return rule.split(trials, stimuli, spec, seed.child("split"));
  }

  private static List<Split> byStimulus(
      TrialTable trials, StimulusSet stimuli, SplitSpec spec, Seed seed) {
    Function<Trial, String> unit =
        spec.group().isEmpty() ? Trial::stimulus : t -> groupOf(stimuli.get(t.stimulus()), spec);
    Set<String> all = new TreeSet<>();
    for (Stimulus stimulus : stimuli.all()) {
      all.add(spec.group().isEmpty() ? stimulus.id() : groupOf(stimulus, spec));
    }
    all.addAll(trials.distinct(unit));
    return shuffled(trials, unit, List.copyOf(all), spec, seed);
  }

  private static String groupOf(Stimulus stimulus, SplitSpec spec) {
    String column = spec.group().orElseThrow();
    String value =
        column.equals("category") ? stimulus.category() : stimulus.attributes().get(column);
    if (value == null || value.isEmpty()) {
      throw SplitFolds.impossible(
          spec,
          "the stimulus '" + stimulus.id() + "' has no value in the column '" + column + "'",
          Suggest.sentence(column, stimulus.attributes().keySet()));
    }
    return value;
  }

  private static List<Split> byTrial(
      TrialTable trials, StimulusSet stimuli, SplitSpec spec, Seed seed) {
    // The table's own rows are the units: number the trials by identity of their place.
    List<String> rows = IntStream.range(0, trials.size()).mapToObj(i -> "row-" + i).toList();
    return SplitFolds.assign(
        rows, rows, SplitFolds.chunks(SplitFolds.shuffle(rows, seed), spec), spec, seed);
  }

  private static List<Split> shuffled(
      TrialTable trials,
      Function<Trial, String> unit,
      List<String> units,
      SplitSpec spec,
      Seed seed) {
    List<String> ofRow = trials.trials().stream().map(unit).toList();
    return SplitFolds.assign(
        ofRow, units, SplitFolds.chunks(SplitFolds.shuffle(units, seed), spec), spec, seed);
  }

  private static List<Split> leaveRunOut(
      TrialTable trials, StimulusSet stimuli, SplitSpec spec, Seed seed) {
    List<String> runs = trials.distinct(SplitRules::runName);
    if (runs.size() < 2) {
      throw SplitFolds.impossible(
          spec,
          "all " + trials.size() + " trials are of one run (" + runs.get(0) + ")",
          "It needs two runs and more; use by-stimulus for a study of one run.");
    }
    List<String> ofRow = trials.trials().stream().map(SplitRules::runName).toList();
    return SplitFolds.assign(ofRow, runs, SplitFolds.groups(runs, spec), spec, seed);
  }

  /** The rows' order is that of recording; noise drifts, so a shuffled split would leak it. */
  private static List<Split> contiguousBlocks(
      TrialTable trials, StimulusSet stimuli, SplitSpec spec, Seed seed) {
    int n = trials.size();
    int blocks = spec.folds() == 0 ? 5 : spec.folds();
    if (n < 2 * blocks) {
      throw SplitFolds.impossible(
          spec, n + " trials do not make " + blocks + " blocks of two", "Use fewer folds.");
    }
    List<Integer> blockOfRow =
        IntStream.range(0, n).mapToObj(row -> (int) ((long) row * blocks / n)).toList();
    List<String> names = IntStream.range(0, blocks).mapToObj(b -> "block-" + (b + 1)).toList();
    List<String> ofRow = blockOfRow.stream().map(names::get).toList();
    List<List<String>> tested = names.stream().map(List::of).toList();
    return SplitFolds.assign(ofRow, names, tested, spec, seed).stream()
        .map(split -> SplitFolds.withGap(split, spec))
        .toList();
  }

  private static String runName(Trial trial) {
    String subject = trial.subject().isEmpty() ? "" : "sub-" + trial.subject() + "_";
    String session = trial.session().isEmpty() ? "" : "ses-" + trial.session() + "_";
    return subject + session + "run-" + trial.run();
  }

  private static List<Split> leaveCategoryOut(
      TrialTable trials, StimulusSet stimuli, SplitSpec spec, Seed seed) {
    List<String> categories =
        trials.distinct(Trial::category).stream().filter(c -> !c.isEmpty()).toList();
    if (categories.size() < 2) {
      throw SplitFolds.impossible(
          spec,
          "the trials name " + categories.size() + " categories",
          "It needs two and more; name a category column in the study's settings.");
    }
    for (String wanted : spec.heldOut()) {
      if (!categories.contains(wanted)) {
        throw SplitFolds.impossible(
            spec,
            "no trial is of the held-out category '" + wanted + "'",
            Suggest.sentence(wanted, categories));
      }
    }
    List<List<String>> tested =
        !spec.heldOut().isEmpty()
            ? List.of(spec.heldOut())
            : spec.together() > 1
                ? combinations(categories, spec)
                : SplitFolds.groups(categories, spec);
    List<String> ofRow = trials.trials().stream().map(Trial::category).toList();
    return SplitFolds.assign(ofRow, categories, tested, spec, seed);
  }

  private static List<Split> asTheStudySays(
      TrialTable trials, StimulusSet stimuli, SplitSpec spec, Seed seed) {
    List<Split.Part> parts = new ArrayList<>();
    for (Trial trial : trials.trials()) {
      parts.add(partOf(trial.part(), spec));
    }
    return List.of(SplitFolds.checked("study", parts, spec));
  }

  /**
   * Reads the name of a part in any of the usual spellings; an empty one is {@code UNUSED}.
   *
   * @throws DataException when it is none of them
   */
  private static Split.Part partOf(String text, SplitSpec spec) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "train", "training" -> Split.Part.TRAIN;
      case "test", "testing" -> Split.Part.TEST;
      case "val", "valid", "validation" -> Split.Part.VALIDATION;
      case "", "unused" -> Split.Part.UNUSED;
      default ->
          throw SplitFolds.impossible(
              spec,
              "a trial's part is '" + text + "'",
              "Expected train, validation, test or n/a in the column 'part'.");
    };
  }

  private static List<Split> fromFiles(
      TrialTable trials, StimulusSet stimuli, SplitSpec spec, Seed seed) {
    if (spec.files().isEmpty()) {
      throw SplitFolds.impossible(spec, "no file is named", "Name split tables under 'files'.");
    }
    String subject = trials.get(0).subject();
    return spec.files().stream()
        .map(f -> Path.of(f.toString().replace("{subject}", subject)))
        .map(f -> SplitFile.read(f, trials))
        .toList();
  }

  /** Every combination of {@code together} units, in the order of the units. */
  private static List<List<String>> combinations(List<String> units, SplitSpec spec) {
    if (units.size() <= spec.together()) {
      throw SplitFolds.impossible(
          spec,
          "there are " + units.size() + " categories to leave out " + spec.together() + " together",
          "Leave fewer out together.");
    }
    List<List<String>> out = new ArrayList<>(List.of(List.<String>of()));
    for (String unit : units) {
      for (List<String> shorter : List.copyOf(out)) {
        if (shorter.size() < spec.together()) {
          List<String> longer = new ArrayList<>(shorter);
          longer.add(unit);
          out.add(longer);
        }
      }
    }
    return out.stream().filter(c -> c.size() == spec.together()).toList();
  }
}
