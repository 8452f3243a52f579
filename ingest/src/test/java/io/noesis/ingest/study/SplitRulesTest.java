package io.noesis.ingest.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.DataException;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitRulesTest {
  private static final String[] CATEGORIES = {"face", "house", "cat", "shoe"};

  /** Three runs, in each of which every one of 20 stimuli is shown once. */
  private static TrialTable table(String subject) {
    List<Trial> trials = new ArrayList<>();
    for (int run = 1; run <= 3; run++) {
      for (int s = 0; s < 20; s++) {
        trials.add(
            new Trial(
                subject,
                "",
                "0" + run,
                4.0 * s,
                2,
                4.0 * s,
                4.0 * s + 20,
                "s" + s,
                CATEGORIES[s % 4],
                run,
                run == 3 ? "test" : "train"));
      }
    }
    return new TrialTable(trials);
  }

  private static StimulusSet stimuli(int n) {
    List<Stimulus> all = new ArrayList<>();
    for (int s = 0; s < n; s++) {
      all.add(
          new Stimulus(
              "s" + s,
              CATEGORIES[s % 4],
              Optional.empty(),
              Optional.empty(),
              Map.of("family", "f" + s / 5)));
    }
    return StimulusSet.of(all);
  }

  private static List<Split> split(SplitSpec spec) {
    return SplitRules.split(table("01"), stimuli(20), spec, Seed.of(1));
  }

  private static Set<String> stimuliOf(TrialTable trials, Split split, Split.Part part) {
    return new HashSet<>(trials.select(split.rows(part)).distinct(Trial::stimulus));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "by-stimulus",
        "study",
        "leave-run-out",
        "contiguous-blocks",
        "leave-category-out",
        "by-trial",
        "file"
      })
  void everyRuleOfTheRegistryCoversEveryTrialOnceAndRepeats(String rule, @TempDir Path folder) {
    assertTrue(SplitRules.registry().names().contains(rule));
    assertEquals(7, SplitRules.registry().names().size(), "a new rule needs its line here");
    SplitSpec spec = SplitSpec.defaults().withRule(rule);
    if (rule.equals("file")) {
      Split made = split(SplitSpec.defaults()).get(0);
      SplitFile.write(folder.resolve("sub-01_desc-split_trials.tsv"), table("01"), made);
      spec = spec.withFiles(List.of(folder.resolve("sub-{subject}_desc-split_trials.tsv")));
    }
    List<Split> first = split(spec);
    assertEquals(first, split(spec));
    for (Split split : first) {
      assertEquals(60, split.parts().size());
      assertTrue(split.rows(Split.Part.TEST).length > 0 && split.rows(Split.Part.TRAIN).length > 0);
    }
  }

  @Test
  void contiguousBlocksTestEachTrialOnceAndLeaveAGapAside() {
    SplitSpec spec = SplitSpec.defaults().withRule("contiguous-blocks").withFolds(7).withGap(2);
    List<Split> folds = split(spec);
    assertEquals(7, folds.size());
    int tested = 0;
    for (Split fold : folds) {
      int[] test = fold.rows(Split.Part.TEST);
      assertEquals(tested, test[0], "blocks follow each other");
      assertEquals(test.length - 1, test[test.length - 1] - test[0], "neighbours");
      tested += test.length;
      Set<Integer> aside = new HashSet<>();
      IntStream.of(fold.rows(Split.Part.UNUSED)).forEach(aside::add);
      Set<Integer> expected = new HashSet<>();
      for (int k = 1; k <= 2; k++) {
        expected.add(test[0] - k);
        expected.add(test[test.length - 1] + k);
      }
      expected.removeIf(row -> row < 0 || row >= 60);
      assertEquals(expected, aside);
    }
    assertEquals(60, tested);
    assertThrows(DataException.class, () -> split(spec.withFolds(31)));
    assertThrows(DataException.class, () -> split(spec.withGap(60)));
  }

  @Test
  void byStimulusKeepsRepetitionsTogetherForEverySubject() {
    Split one = split(SplitSpec.defaults().withFraction(0.25)).get(0);
    TrialTable trials = table("01");
    Set<String> test = stimuliOf(trials, one, Split.Part.TEST);
    assertEquals(5, test.size());
    assertEquals(15, one.rows(Split.Part.TEST).length);
    Set<String> train = stimuliOf(trials, one, Split.Part.TRAIN);
    assertFalse(train.stream().anyMatch(test::contains));
    // another subject who saw only some of the stimuli
    int[] some = trials.rows(t -> !t.stimulus().equals("s3") && !t.stimulus().equals("s7"));
    TrialTable fewer = table("02").select(some);
    Split other =
        SplitRules.split(fewer, stimuli(20), SplitSpec.defaults().withFraction(0.25), Seed.of(1))
            .get(0);
    assertTrue(test.containsAll(stimuliOf(fewer, other, Split.Part.TEST)));
    assertNotEquals(
        one,
        SplitRules.split(trials, stimuli(20), SplitSpec.defaults().withFraction(0.25), Seed.of(2))
            .get(0));
  }

  @Test
  void foldsByStimulusTestEveryTrialOnce() {
    List<Split> folds = split(SplitSpec.defaults().withFolds(4).withValidation(0.2));
    assertEquals(4, folds.size());
    for (int row = 0; row < 60; row++) {
      int tested = 0;
      for (Split fold : folds) {
        tested += fold.parts().get(row) == Split.Part.TEST ? 1 : 0;
      }
      assertEquals(1, tested);
    }
    Set<String> validation = stimuliOf(table("01"), folds.get(0), Split.Part.VALIDATION);
    assertEquals(3, validation.size());
  }

  @Test
  void stimuliOfOneGroupStayTogether() {
    TrialTable trials = table("01");
    Split split = split(SplitSpec.defaults().withGroup("family")).get(0);
    Set<String> families = new HashSet<>();
    for (String id : stimuliOf(trials, split, Split.Part.TEST)) {
      families.add(stimuli(20).get(id).attributes().get("family"));
    }
    assertEquals(1, families.size());
    assertEquals(5, stimuliOf(trials, split, Split.Part.TEST).size());
    assertThrows(DataException.class, () -> split(SplitSpec.defaults().withGroup("famly")));
  }

  @Test
  void leaveRunOutTestsEachRunOnce() {
    List<Split> folds = split(SplitSpec.defaults().withRule("leave-run-out"));
    assertEquals(
        List.of(
            "leave-run-out/sub-01_run-01",
            "leave-run-out/sub-01_run-02",
            "leave-run-out/sub-01_run-03"),
        folds.stream().map(Split::name).toList());
    assertEquals(20, folds.get(1).rows(Split.Part.TEST).length);
    assertEquals(20, folds.get(1).rows(Split.Part.TEST)[0]);
    assertEquals(2, split(SplitSpec.defaults().withRule("leave-run-out").withFolds(2)).size());
  }

  @Test
  void leaveCategoryOutTestsUnseenCategories() {
    List<Split> each = split(SplitSpec.defaults().withRule("leave-category-out"));
    assertEquals(4, each.size());
    SplitSpec two =
        SplitSpec.defaults().withRule("leave-category-out").withHeldOut(List.of("cat", "face"));
    Split split = split(two).get(0);
    assertEquals("leave-category-out/cat+face", split.name());
    assertEquals(30, split.rows(Split.Part.TEST).length);
    RecipeOrData.message(() -> split(two.withHeldOut(List.of("faces"))), "Did you mean 'face'?");
    List<Split> pairs = split(SplitSpec.defaults().withRule("leave-category-out").withTogether(2));
    assertEquals(6, pairs.stream().map(Split::name).distinct().count());
    assertEquals(30, pairs.get(5).rows(Split.Part.TEST).length);
    RecipeOrData.message(
        () -> split(SplitSpec.defaults().withRule("leave-category-out").withTogether(4)),
        "Leave fewer out together");
  }

  @Test
  void impossibleSplitsSayWhatTheTrialsLack() {
    TrialTable oneRun = table("01").select(table("01").rows(t -> t.run().equals("01")));
    StimulusSet stimuli = stimuli(20);
    SplitSpec runs = SplitSpec.defaults().withRule("leave-run-out");
    RecipeOrData.message(
        () -> SplitRules.split(oneRun, stimuli, runs, Seed.of(1)), "all 20 trials are of one run");
    RecipeOrData.message(
        () -> SplitRules.split(oneRun, stimuli, runs.withRule("study"), Seed.of(1)),
        "The events need a column 'part'");
    RecipeOrData.message(() -> split(SplitSpec.defaults().withFolds(21)), "Use fewer folds");
    RecipeOrData.message(() -> split(SplitSpec.defaults().withRule("file")), "no file is named");
    RecipeOrData.message(
        () -> SplitRules.split(new TrialTable(List.of()), stimuli, runs, Seed.of(1)),
        "there is no trial");
    assertThrows(RecipeException.class, () -> split(SplitSpec.defaults().withRule("by-stimuls")));
    assertThrows(IllegalArgumentException.class, () -> SplitSpec.defaults().withFraction(1));
  }

  @Test
  void aSplitFileThatDoesNotFitIsRefused(@TempDir Path folder) throws Exception {
    TrialTable trials = table("01");
    Split made = split(SplitSpec.defaults()).get(0);
    Path file = folder.resolve("x_desc-split_trials.tsv");
    SplitFile.write(file, trials, made);
    assertEquals(made, SplitFile.read(file, trials));
    String text = Files.readString(file);
    Files.writeString(file, text.replaceFirst("\ttrain", "\ttest"));
    RecipeOrData.message(() -> SplitFile.read(file, trials), "its hash is");
    Files.writeString(file, text.replaceFirst("\ts0\t", "\ts1\t"));
    RecipeOrData.message(() -> SplitFile.read(file, trials), "line 2: stimulus is 's1'");
    Files.writeString(file, text.replaceFirst("\ttrain", "\tmaybe"));
    RecipeOrData.message(() -> SplitFile.read(file, trials), "part is 'maybe'");
    Files.writeString(file, text);
    TrialTable fewer = trials.select(new int[] {0, 1, 2});
    RecipeOrData.message(() -> SplitFile.read(file, fewer), "row 3 is no trial");
  }

  private static final class RecipeOrData {
    static void message(org.junit.jupiter.api.function.Executable work, String expected) {
      DataException e = assertThrows(DataException.class, work, expected);
      assertTrue(e.getMessage().contains(expected), e.getMessage());
    }
  }
}
