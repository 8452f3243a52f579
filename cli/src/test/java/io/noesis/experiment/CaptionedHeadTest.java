package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.score.Condition;
import io.noesis.ingest.simulate.EpochCodePlan;
import io.noesis.ingest.simulate.EpochSimulationSpec;
import io.noesis.ingest.simulate.Existing;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.SensorPlan;
import io.noesis.ingest.simulate.SimulatedEpochStudy;
import io.noesis.reconstruction.caption.CaptionRequest;
import io.noesis.reconstruction.caption.Captioner;
import io.noesis.reconstruction.caption.DecodingOptions;
import io.noesis.reconstruction.caption.GraphCaptioner;
import io.noesis.reconstruction.caption.WordSearch;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.report.Report;
import io.noesis.run.AuditException;
import io.noesis.run.NoesisException;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Captions that a text decoder writes freely from the output that it read in training. */
class CaptionedHeadTest {
  private static final int TOKENS = 5;
  private static final int WIDTH = 16;

  @TempDir static Path shared;
  private static Path study;
  private static Path decoder;
  private static Path run;
  private static Report report;

  @BeforeAll
  static void trainOnce() throws IOException {
    study = shared.resolve("study");
    SimulatedEpochStudy.of(
            new EpochSimulationSpec(
                1,
                new PicturePlan(48, 1, 12, 2, 32),
                new SensorPlan(SensorPlan.Modality.EEG, 6, 25, -0.2, 0.79),
                new EpochCodePlan(EpochCodePlan.Code.EVOKED, WIDTH, 0.6)),
            Seed.of(3))
        .write(study, Existing.KEEP, Progress.NONE);
    decoder = TinyDecoder.write(shared.resolve("t5.safetensors"), WIDTH);
    states();
    run = shared.resolve("run");
    report = new Experiment(recipe(), execution(run)).run();
  }

  /** What a text encoder would say of each caption, for the ceiling. */
  private static void states() throws IOException {
    List<String> ids = Files.readAllLines(study.resolve("embeddings.tsv"));
    PinnedRandom random = Seed.of(8).random();
    Npy.write(
        study.resolve("states.npy"),
        Tensor.zeros(ids.size() - 1, TOKENS, WIDTH).map(zero -> random.nextGaussian()));
    Files.write(study.resolve("states.tsv"), ids);
  }

  private static DecodingRecipe recipe(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "targets={of: given}",
                "encoder.heads={words: {of: words, pack: '"
                    + TinyDecoder.PACK
                    + "', words: 9}, states: {of: array, file: states.npy}}",
                "encoder.training.loss.settings.parts=[{loss: info-nce, weight: 0.5}, {loss:"
                    + " language-model, settings: {decoder: '"
                    + decoder
                    + "'}, weight: 0.5, head: tokens, target: words}, {loss: mse, weight: 0.01,"
                    + " head: tokens, target: states}]",
                "encoder.settings.depth=1",
                "encoder.settings.gathering={queries: 5, width: 32, depth: 1}",
                "encoder.training.epochs=2",
                "encoder.training.batchSize=16",
                "captions={pack: '"
                    + TinyDecoder.PACK
                    + "', head: tokens, truth: states, search: beam, width: 2, maxTokens: 8}",
                "evaluation.permutations=99",
                "evaluation.bootstraps=99",
                "evaluation.gallery=0"));
    all.addAll(List.of(more));
    return DecodingRecipe.of(Recipes.tree("simulated-eeg-glim-text", all));
  }

  private static Execution execution(Path out) {
    return SmallPeople.execution(study, out).withAllowed(Set.of("NO-SIGNAL", "GENERATOR-PRIOR"));
  }

  private static Map<String, String> captions(Condition condition) {
    RunFolder folder = RunFolder.open(run);
    MadeRequest request = MadeRequest.read(folder, MadeRequest.CAPTIONS).orElseThrow();
    return MadeTable.read(folder.file(request.table("01"))).of(condition.key()).stream()
        .collect(Collectors.toMap(MadeTable.Row::stimulus, MadeTable.Row::content));
  }

  private static String written(Tensor states) {
    try (Captioner captioner =
        GraphCaptioner.open(ModelPack.open(TinyDecoder.PACK), DecodingOptions.threads(1))) {
      return captioner
          .caption(
              states.reshape(1, TOKENS * WIDTH),
              new CaptionRequest(new WordSearch.Beam(2, 1), 8, 0),
              Progress.NONE)
          .get(0)
          .text();
    }
  }

  @Test
  void aCaptionIsWhatTheDecoderWritesFromTheOutputOfTheNetwork() {
    RunFolder folder = RunFolder.open(run);
    Decoded decoded = Decoded.read(folder, "01");
    FoldDecoder fold = FoldDecoder.of(folder, "01", java.util.OptionalInt.empty()).get(0);
    OpenedStudy opened = OpenedStudy.open(recipe().study(), java.util.Optional.of(study));
    Tensor all = opened.study().responses("01", Progress.NONE).responses();
    Map<String, String> found = captions(Condition.DECODED);
    assertEquals(12, found.size());
    assertTrue(found.values().stream().distinct().count() > 1, found::toString);
    String stimulus = found.keySet().iterator().next();
    int[] rows =
        decoded.rows().stream()
            .map(Decoded.Row::trial)
            .filter(row -> decoded.trials().get(row).stimulus().equals(stimulus))
            .mapToInt(row -> row)
            .toArray();
    assertEquals(2, rows.length);
    Tensor said =
        EncoderSpec.flat(
            fold.encoder().heads(fold.preparation().apply(all.rows(rows)), "01").get("tokens"));
    Tensor kept = Npy.read(folder.file("sub-01/heads/tokens.test.npy"));
    List<Integer> trials = decoded.rows().stream().map(Decoded.Row::trial).toList();
    Tensor mean = Tensor.zeros(1, TOKENS * WIDTH);
    for (int k = 0; k < mean.size(); k++) {
      assertEquals(said.at(1, k), kept.at(trials.indexOf(rows[1]), k), 1e-6);
    }
    for (int k = 0; k < mean.size(); k++) {
      mean.array()[k] = (said.at(0, k) + said.at(1, k)) / 2;
    }
    assertEquals(written(mean), found.get(stimulus));
  }

  @Test
  void theCeilingIsWrittenFromTheTruthAndNullsAreThere() {
    Map<String, String> ceiling = captions(Condition.CEILING);
    HeadTargets heads = HeadTargets.read(recipe().encoder(), RunFolder.open(run));
    String stimulus = ceiling.keySet().iterator().next();
    Tensor truth = heads.tables().get("states").embeddings().select(List.of(stimulus)).values();
    assertEquals(written(truth), ceiling.get(stimulus));
    assertNotEquals(ceiling, captions(Condition.DECODED));
    assertEquals(12, captions(Condition.MEAN).size());
    assertEquals(1, Set.copyOf(captions(Condition.MEAN).values()).size());
    assertEquals(12, captions(Condition.NOISE).size());
    assertEquals(12, captions(Condition.SHUFFLED).size());
    String page = report.toString();
    assertTrue(page.contains("the output 'tokens' of the network"), "said in the report");
    assertTrue(page.contains("caption_meaning"), "scored");
  }

  @Test
  void withoutATruthThereIsNoCeilingAndThatBlocks() {
    Path out = shared.resolve("blind");
    AuditException blocked =
        assertThrows(
            AuditException.class,
            () ->
                new Experiment(
                        recipe(
                            "captions={pack: '"
                                + TinyDecoder.PACK
                                + "', head: tokens, maxTokens: 8}"),
                        execution(out))
                    .run());
    assertTrue(blocked.getMessage().contains("NO-CEILING"), blocked::getMessage);
  }

  private static void refused(String words, String... overrides) {
    NoesisException e =
        assertThrows(
            NoesisException.class,
            () -> {
              DecodingRecipe recipe = recipe(overrides);
              new Experiment(recipe, execution(shared.resolve("refused" + words.length()))).run();
            });
    assertTrue(e.getMessage().contains(words), e::getMessage);
  }

  @Test
  void whatCannotBeWrittenIsRefused() {
    refused("no part of the loss trains the output 'tokenz'", "captions.head=tokenz");
    refused("captions.truth: found 'text'", "captions.truth=text");
    refused("no head is given", "captions.head=null");
    refused("has several folds", "split={rule: leave-run-out}");
    refused(
        "it reads 80 numbers, and the output 'tokens' of the network has 64",
        "encoder.settings.gathering.queries=4",
        "captions.truth=null",
        "encoder.heads={words: {of: words, pack: '" + TinyDecoder.PACK + "', words: 9}}",
        "encoder.training.loss.settings.parts=[{loss: info-nce, weight: 0.5}, {loss:"
            + " language-model, settings: {decoder: '"
            + decoder
            + "'}, weight: 0.5, head: tokens, target: words}]");
  }
}
