package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.Choices;
import io.noesis.encoders.Shown;
import io.noesis.ingest.simulate.EpochCodePlan;
import io.noesis.ingest.simulate.EpochSimulationSpec;
import io.noesis.ingest.simulate.Existing;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.SensorPlan;
import io.noesis.ingest.simulate.SimulatedEpochStudy;
import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.Trial;
import io.noesis.report.Report;
import io.noesis.report.Report.Line;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GLIM that meets one of three captions at every step, in its embedding and in its words. */
class DrawnCaptionsRunTest {
  private static final int EACH = 3;

  @TempDir static Path shared;
  private static Path study;
  private static Path decoder;

  @BeforeAll
  static void simulate() {
    study = shared.resolve("study");
    SimulatedEpochStudy.of(
            new EpochSimulationSpec(
                1,
                new PicturePlan(48, 1, 12, 1, 32).withCaptions(EACH),
                new SensorPlan(SensorPlan.Modality.EEG, 6, 25, -0.2, 0.79),
                new EpochCodePlan(EpochCodePlan.Code.EVOKED, 4, 0.6)),
            Seed.of(3))
        .write(study, Existing.KEEP, Progress.NONE);
    decoder = TinyDecoder.write(shared.resolve("t5.safetensors"), 128);
  }

  private static DecodingRecipe recipe(String captions, String words) {
    return DecodingRecipe.of(
        Recipes.tree(
            "simulated-eeg-glim-text",
            List.of(
                "targets.captions=" + captions,
                "encoder.heads.words={of: words, pack: '"
                    + TinyDecoder.PACK
                    + "', words: 9, captions: "
                    + words
                    + "}",
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
                "evaluation.gallery=0")));
  }

  private static Report run(String captions, String words, Path out) {
    Execution execution =
        SmallPeople.execution(study, out)
            .withAllowed(Set.of("NO-SIGNAL"))
            .withPlaces(KeptEmbeddings.places());
    return new Experiment(recipe(captions, words), execution).run();
  }

  /** Without what the file says of the run. */
  private static Map<String, Tensor> weights(Path out) {
    Map<String, Tensor> weights = new TreeMap<>();
    try (Safetensors file = Safetensors.open(out.resolve("sub-01/decoder/fold-001.safetensors"))) {
      file.names().forEach(name -> weights.put(name, file.read(name)));
    }
    return weights;
  }

  @Test
  void aRunMeetsEachAndSaysSo() {
    Path each = shared.resolve("each");
    Path again = shared.resolve("again");
    Path fixed = shared.resolve("fixed");
    Path words = shared.resolve("words");
    Report report = run("each", "each", each);
    run("each", "each", again);
    run("mean", "first", fixed);
    run("mean", "each", words);
    assertEquals(weights(each), weights(again), "the same draws");
    assertNotEquals(weights(fixed), weights(words), "words are drawn");
    assertNotEquals(weights(each), weights(words), "and so are embeddings");
    // What stands for them where nothing is drawn.
    for (String file : List.of("targets.npy", "heads/words/targets.npy")) {
      assertEquals(Npy.read(fixed.resolve(file)), Npy.read(each.resolve(file)), file);
    }
    assertFacts(report);
    drawnFromAll(each);
  }

  private static void assertFacts(Report report) {
    List<Line> facts = report.study().facts();
    String main = "one caption of each stimulus, drawn at every step, in training; elsewhere the ";
    assertTrue(
        facts.contains(new Line("captions as targets", main + "mean of all; each has 3")),
        facts::toString);
    assertTrue(
        facts.contains(new Line("captions as 'words'", main + "first; each has 3")),
        facts::toString);
  }

  private static void drawnFromAll(Path out) {
    RunFolder run = RunFolder.open(out);
    TargetTable embedding = TargetTable.read(run);
    HeadTargets heads = HeadTargets.read(recipe("each", "each").encoder(), run);
    List<Trial> trials = Decoded.read(run, "01").trials().trials();
    Map<String, Choices> choices = heads.choices(embedding, trials);
    assertEquals(Set.of(Shown.EMBEDDING, "words"), choices.keySet());
    List<Stimulus> stimuli = StimulusFile.read(run).all();
    choices.forEach(
        (name, own) -> {
          assertEquals(trials.size(), own.ofRow().size());
          assertEquals(EACH * stimuli.size(), own.all().dim(0));
          for (int row = 0; row < trials.size(); row++) {
            int place = embedding.embeddings().rowsOf(List.of(trials.get(row).stimulus()))[0];
            int first = EACH * place;
            assertEquals(List.of(first, first + 1, first + 2), own.ofRow().get(row));
          }
        });
    Tensor firsts = HeadTargets.rows(heads.tables().get("words"), trials);
    Choices told = choices.get("words");
    int[] numbers = told.ofRow().stream().mapToInt(own -> own.get(0)).toArray();
    assertEquals(firsts, told.all().rows(numbers), "the first caption stands for a stimulus");
  }
}
