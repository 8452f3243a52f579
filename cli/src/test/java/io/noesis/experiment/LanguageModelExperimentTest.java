package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.simulate.EpochCodePlan;
import io.noesis.ingest.simulate.EpochSimulationSpec;
import io.noesis.ingest.simulate.Existing;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.SensorPlan;
import io.noesis.ingest.simulate.SimulatedEpochStudy;
import io.noesis.report.Report;
import io.noesis.run.NoesisException;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network whose tokens a frozen text decoder reads, from a recipe. */
class LanguageModelExperimentTest {
  @TempDir static Path shared;
  @TempDir Path temporary;
  private static Path study;
  private static Path decoder;

  @BeforeAll
  static void simulate() {
    study = shared.resolve("study");
    SimulatedEpochStudy.of(
            new EpochSimulationSpec(
                1,
                new PicturePlan(48, 1, 12, 1, 32),
                new SensorPlan(SensorPlan.Modality.EEG, 6, 25, -0.2, 0.79),
                new EpochCodePlan(EpochCodePlan.Code.EVOKED, 4, 0.6)),
            Seed.of(3))
        .write(study, Existing.KEEP, Progress.NONE);
    decoder = TinyDecoder.write(shared.resolve("t5.safetensors"), 128);
  }

  private static DecodingRecipe recipe(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "encoder.heads.words={of: words, pack: '" + TinyDecoder.PACK + "', words: 9}",
                "encoder.training.loss.settings.parts=[{loss: info-nce, weight: 0.5}, {loss:"
                    + " language-model, settings: {decoder: '"
                    + decoder
                    + "'}, weight: 0.5, head: tokens, target: words}]",
                "captions=null",
                "encoder.settings.depth=1",
                "encoder.training.epochs=2",
                "encoder.training.batchSize=16",
                "evaluation.permutations=99",
                "evaluation.bootstraps=99",
                "evaluation.gallery=0"));
    all.addAll(List.of(more));
    return DecodingRecipe.of(Recipes.tree("simulated-eeg-glim-text", all));
  }

  private static Execution execution(Path out) {
    return SmallPeople.execution(study, out).withAllowed(Set.of("NO-SIGNAL"));
  }

  @Test
  void captionsAreToldWordByWordInTraining() throws Exception {
    Path out = temporary.resolve("run");
    Report report = new Experiment(recipe(), execution(out)).run();
    assertFalse(report.subjects().get(0).scores().isEmpty());
    assertFalse(recipe().encoder().met().containsKey("words"), "told, not met: no output to score");
    String targets = Files.readString(out.resolve("heads/words/targets.json"));
    assertFalse(targets.contains("resources"), () -> "no path of this machine: " + targets);
    Tensor words = Npy.read(out.resolve("heads/words/targets.npy"));
    assertEquals(9, words.dim(1));
    for (int row = 0; row < words.dim(0); row++) {
      boolean ended = false;
      for (int i = 0; i < 9; i++) {
        float word = words.at(row, i);
        assertTrue(word == Math.rint(word) && word >= -1 && word < 39, "word " + word);
        assertTrue(!ended || word == -1, "nothing behind the end");
        ended = word == -1;
      }
      assertTrue(words.at(row, 0) >= 0);
    }
    assertTrue(
        Files.readString(
                out.resolve("sub-01/decoder/fold-001.safetensors"),
                java.nio.charset.StandardCharsets.ISO_8859_1)
            .contains("words told by t5.safetensors"));
  }

  @Test
  void whatCannotBeReadIsRefusedBeforeAnythingIsWritten() {
    refused("none", "encoder.heads.words.pack=none");
    refused("there is no file", parts("none.safetensors", "tokens"));
    Path narrow = TinyDecoder.write(temporary.resolve("narrow.safetensors"), 16);
    Path out = temporary.resolve("narrow");
    NoesisException width =
        assertThrows(
            NoesisException.class,
            () ->
                new Experiment(recipe(parts(narrow.toString(), "tokens")), execution(out)).train());
    assertTrue(width.getMessage().contains("reads tokens of 16 numbers"), width::getMessage);
    NoesisException count =
        assertThrows(NoesisException.class, () -> recipe("encoder.heads.words={of: words}"));
    assertTrue(count.getMessage().contains("say how many"), count::getMessage);
    for (String target : List.of("target: text", "weight: 1")) {
      NoesisException numbers =
          assertThrows(
              NoesisException.class,
              () ->
                  recipe(
                      "encoder.heads={text: {of: caption, pack: embedded}, words: {of: words, pack:"
                          + " '"
                          + TinyDecoder.PACK
                          + "', words: 9}}",
                      parts(decoder.toString(), "tokens")
                              .replace("target: words}]", target + "}, {loss: mse, target: text}, ")
                          + "{loss: info-nce, target: words}]"));
      assertTrue(numbers.getMessage().contains("name a target of 'words'"), numbers::getMessage);
    }
    NoesisException mixed =
        assertThrows(
            NoesisException.class,
            () ->
                new Experiment(
                        recipe("encoder.training.batches.mixup=0.3"),
                        execution(temporary.resolve("mixed")))
                    .train());
    assertTrue(mixed.getMessage().contains("numbers of words, which cannot be mixed"));
    NoesisException main =
        assertThrows(
            NoesisException.class,
            () -> recipe("targets={of: words, pack: '" + TinyDecoder.PACK + "', words: 9}"));
    assertTrue(main.getMessage().contains("which only heads have"), main::getMessage);
  }

  private static String parts(String file, String head) {
    return "encoder.training.loss.settings.parts=[{loss: info-nce}, {loss: language-model, settings:"
        + " {decoder: '"
        + file
        + "'}, head: "
        + head
        + ", target: words}]";
  }

  private void refused(String words, String override) {
    Path out = temporary.resolve("refused");
    NoesisException e =
        assertThrows(
            NoesisException.class,
            () -> new Experiment(recipe(override), execution(out)).train(),
            override);
    assertTrue(e.getMessage().contains(words), e::getMessage);
  }
}
