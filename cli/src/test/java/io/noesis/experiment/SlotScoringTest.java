package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.score.Score;
import io.noesis.ingest.study.ResponseKind;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.ingest.study.Trial;
import io.noesis.ingest.study.TrialTable;
import io.noesis.reconstruction.pack.ModelFolder;
import io.noesis.run.Progress;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scores of slots of trials made by hand: eight stimuli, each shown in two runs. */
class SlotScoringTest {
  private static final int STIMULI = 8;
  private static final List<String> COLOURS = List.of("red", "blue");
  private static final List<String> PLACES = List.of("sea", "city", "wood", "room");

  @TempDir Path folder;

  private static StimulusSet stimuli() {
    List<Stimulus> all = new ArrayList<>();
    for (int i = 0; i < STIMULI; i++) {
      Map<String, String> attributes =
          Map.of("colour", COLOURS.get(i % 2), "place", PLACES.get(i / 2));
      all.add(new Stimulus("s" + i, "", Optional.empty(), Optional.empty(), attributes));
    }
    return StimulusSet.of(all);
  }

  private TargetTable table(String column, List<String> concepts) {
    DecodingRecipe recipe =
        DecodingRecipe.of(
            Recipes.tree(
                "simulated-tensor-brain",
                List.of(
                    "encoder.heads.colour.attribute={column: "
                        + column
                        + ", concepts: ["
                        + String.join(", ", concepts)
                        + "]}")));
    return TargetTable.make(
        recipe.encoder().heads().get("colour"),
        stimuli(),
        new ModelPlaces(new ModelFolder(folder), Optional.empty()),
        Progress.NONE);
  }

  private static Trial trial(String run, int stimulus, int repetition) {
    double unknown = Double.NaN;
    return new Trial(
        "01", "", run, unknown, unknown, unknown, unknown, "s" + stimulus, "", repetition, "test");
  }

  /** Each run shows all stimuli once; values are logits. */
  private static Decoded decoded(Tensor values) {
    List<Trial> trials = new ArrayList<>();
    List<Decoded.Row> rows = new ArrayList<>();
    for (int run = 1; run <= 2; run++) {
      for (int i = 0; i < STIMULI; i++) {
        rows.add(new Decoded.Row(trials.size(), 0));
        trials.add(trial("0" + run, i, run));
      }
    }
    List<Split.Part> parts = new ArrayList<>(Collections.nCopies(trials.size(), Split.Part.TEST));
    trials.add(trial("03", 0, 1));
    parts.add(Split.Part.TRAIN);
    return new Decoded(
        "01",
        new TrialTable(trials),
        List.of(new Split("study", parts)),
        rows,
        values,
        Tensor.zeros(1, values.dim(1)),
        ResponseKind.BETAS,
        List.of(),
        List.of());
  }

  /** Logits that say the right concept of a stimulus, but for some trials. */
  private static Tensor said(int concepts, int each, List<Integer> wrong) {
    Tensor values = Tensor.zeros(2 * STIMULI, concepts);
    for (int row = 0; row < 2 * STIMULI; row++) {
      int right = each == 1 ? row % STIMULI % concepts : row % STIMULI / each;
      int says = wrong.contains(row) ? (right + 1) % concepts : right;
      // Wrong ones are said less loudly, so that a repetition outvotes them.
      values.array()[row * concepts + says] = wrong.contains(row) ? 1 : 3;
    }
    return values;
  }

  private static Score accuracy(List<Scoring.Entry> scores, String variant) {
    return scores.stream()
        .filter(e -> e.variant().equals(variant) && e.score().metric().startsWith("category_acc"))
        .findFirst()
        .orElseThrow()
        .score();
  }

  /**
   * Each fold tests what the other was trained on, so nothing that is tested is known; the name of
   * the one is the beginning of the other's.
   */
  @Test
  void knownTriplesAreThoseOfTheFoldItself() {
    DecodingRecipe recipe =
        DecodingRecipe.of(
            Recipes.tree(
                "simulated-tensor-brain",
                List.of(
                    "evaluation.permutations=99",
                    "evaluation.bootstraps=99",
                    "evaluation.repetitions=[single]")));
    List<Trial> trials = new ArrayList<>();
    List<List<Split.Part>> parts = List.of(new ArrayList<>(), new ArrayList<>());
    List<Decoded.Row> rows = new ArrayList<>();
    for (int i = 0; i < STIMULI; i++) {
      int fold = i < STIMULI / 2 ? 0 : 1;
      trials.add(trial("01", i, 1));
      rows.add(new Decoded.Row(i, fold));
      parts.get(fold).add(Split.Part.TEST);
      parts.get(1 - fold).add(Split.Part.TRAIN);
    }
    Slots slots =
        new Slots(
            Stream.of("background", "colour", "group")
                .map(name -> slot(name, rows, trials, parts))
                .toList());
    SlotScores scores = TripleScoring.of(recipe, slots, "network", stimuli());
    List<Scoring.Entry> alone = scores.scores().get(0).entries();
    assertTrue(alone.stream().noneMatch(e -> e.variant().contains("known")), alone::toString);
    assertTrue(
        scores.notes().stream().anyMatch(note -> note.label().contains("known triples")),
        () -> scores.notes().toString());
    assertEquals(
        STIMULI,
        alone.stream()
            .filter(e -> e.variant().contains("new"))
            .findFirst()
            .orElseThrow()
            .score()
            .n());
  }

  private Slots.Slot slot(
      String name, List<Decoded.Row> rows, List<Trial> trials, List<List<Split.Part>> parts) {
    TargetTable table = table("place", PLACES);
    Tensor values = Tensor.zeros(rows.size(), PLACES.size());
    return new Slots.Slot(
        name,
        table,
        new Decoded(
            "01",
            new TrialTable(trials),
            List.of(new Split("by/fold-1", parts.get(0)), new Split("by/fold-10", parts.get(1))),
            rows,
            values,
            Tensor.zeros(2, PLACES.size()),
            ResponseKind.BETAS,
            List.of(),
            List.of()));
  }

  /** Only red things are tested: that has no null, and is no error after hours of training. */
  @Test
  void aSlotThatShowsOneThingIsNotScored() {
    DecodingRecipe recipe = DecodingRecipe.of(Recipes.tree("simulated-tensor-brain", List.of()));
    TargetTable colour = table("colour", COLOURS);
    Decoded all = decoded(said(2, 1, List.of()));
    List<Decoded.Row> red = new ArrayList<>();
    int[] rows = new int[STIMULI];
    for (int row = 0; row < 2 * STIMULI; row += 2) {
      rows[red.size()] = row;
      red.add(all.rows().get(row));
    }
    Decoded some =
        new Decoded(
            "01",
            all.trials(),
            all.folds(),
            red,
            all.values().rows(rows),
            all.trainingMeans(),
            ResponseKind.BETAS,
            List.of(),
            List.of());
    Scoring scoring = new Scoring(recipe, colour, stimuli());
    assertEquals(List.of(), scoring.ofConcepts(some, List.of(colour)));
  }

  /**
   * Each run shows several concepts, but no stimulus belongs to one run: truths are exchanged among
   * all stimuli, not within runs.
   */
  @Test
  void truthsOfStimuliThatRunsRepeatArePermutedAmongAll() {
    DecodingRecipe recipe =
        DecodingRecipe.of(
            Recipes.tree("simulated-tensor-brain", List.of("evaluation.permutations=199")));
    TargetTable colour = table("colour", COLOURS);
    TargetTable place = table("place", PLACES);
    Scoring scoring = new Scoring(recipe, colour, stimuli());
    List<Scoring.Entry> one =
        scoring.ofConcepts(decoded(said(2, 1, List.of(3, 9))), List.of(colour));
    Score single = accuracy(one, "single trials");
    assertEquals("category_accuracy@2", single.metric());
    assertEquals(14 / 16.0, single.value(), 1e-12);
    assertEquals(STIMULI, single.n());
    assertTrue(single.protocol().contains("199 permutations among all units"), single::protocol);
    assertEquals(1, accuracy(one, "repetitions averaged").value());
    // Of 70 ways to deal four reds and four blues one is right: no p can be below 1/70 on average.
    assertTrue(single.p() > 1 / 200.0 - 1e-12 && single.p() < 0.06, () -> "" + single.p());
    Slots both =
        new Slots(
            List.of(
                new Slots.Slot("colour", colour, decoded(said(2, 1, List.of(3, 9)))),
                new Slots.Slot("place", place, decoded(said(4, 2, List.of(3, 4))))));
    Score joint = accuracy(scoring.ofConcepts(both.together(), both.targets()), "single trials");
    assertEquals("category_accuracy@8", joint.metric());
    assertEquals(13 / 16.0, joint.value(), 1e-12);
    assertEquals(1 / 200.0, joint.p(), 1e-12);
    assertTrue(joint.protocol().contains("among all units"), joint::protocol);
  }
}
