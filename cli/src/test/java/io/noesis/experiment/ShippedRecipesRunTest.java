package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.ingest.simulate.EpochCodePlan;
import io.noesis.ingest.simulate.EpochSimulationSpec;
import io.noesis.ingest.simulate.Existing;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.SensorPlan;
import io.noesis.ingest.simulate.SimulatedEpochStudy;
import io.noesis.report.AuditLine;
import io.noesis.report.Report;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every shipped recipe, from the study to the report, each epoch count at 1 and what is drawn at a
 * few steps. Recipes of recordings run where these are, some of them in other tests.
 */
class ShippedRecipesRunTest {
  private static final Path DATA = Path.of("../../shared/data");
  private static final String TINY =
      "../reconstruction/src/test/resources/io/noesis/reconstruction/pack/tiny-clip";

  /** Run at full length by RealDataTest and KriegeskorteRunTest. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "haxby2001-vt",
          "haxby2001-slice",
          "haxby2001-vt-zero-shot",
          "eegutils-spatial-cueing",
          "eegutils-spatial-cueing-nice",
          "kriegeskorte92");

  /** Counts that make a recipe long, and what they are here. */
  private static final Map<String, Integer> QUICK =
      Map.ofEntries(
          Map.entry("epochs", 1),
          Map.entry("batchSize", 16),
          Map.entry("permutations", 99),
          Map.entry("bootstraps", 99),
          Map.entry("gallery", 0),
          Map.entry("candidates", 3),
          Map.entry("weightings", 3),
          Map.entry("steps", 2),
          Map.entry("stimuli", 3));

  @TempDir static Path shared;
  @TempDir Path temporary;

  @BeforeAll
  static void simulate() throws IOException {
    SmallPeople.write(shared.resolve("simulated"));
    EpochSimulationSpec epochs =
        new EpochSimulationSpec(
            2,
            new PicturePlan(96, 1, 24, 2, 32),
            new SensorPlan(SensorPlan.Modality.EEG, 8, 50, -0.2, 0.79),
            new EpochCodePlan(EpochCodePlan.Code.EVOKED, 4, 0.6));
    SimulatedEpochStudy.of(epochs, Seed.of(3))
        .write(shared.resolve("simulated-eeg"), Existing.KEEP, Progress.NONE);
    arrays(Files.createDirectories(shared.resolve("arrays")));
    SmallPeople.writeMoving(shared.resolve("simulated-motion"), 8);
  }

  /** Sixty trials of twelve voxels that add up four numbers. */
  private static void arrays(Path folder) throws IOException {
    PinnedRandom random = Seed.of(2).random();
    Tensor embeddings = Tensor.zeros(60, 4);
    Tensor responses = Tensor.zeros(60, 12);
    StringBuilder trials = new StringBuilder("stimulus\n");
    StringBuilder ids = new StringBuilder("stimulus\n");
    for (int row = 0; row < 60; row++) {
      for (int d = 0; d < 4; d++) {
        embeddings.array()[row * 4 + d] = (float) random.nextGaussian();
      }
      for (int v = 0; v < 12; v++) {
        responses.array()[row * 12 + v] =
            (float) (embeddings.at(row, v % 4) + 0.3 * random.nextGaussian());
      }
      trials.append("s").append(row).append('\n');
      ids.append("s").append(row).append('\n');
    }
    Npy.write(folder.resolve("responses.npy"), responses);
    Npy.write(folder.resolve("embeddings.npy"), embeddings);
    Files.writeString(folder.resolve("trials.tsv"), trials);
    Files.writeString(folder.resolve("embeddings.tsv"), ids);
  }

  static Stream<String> names() {
    return Recipes.shipped().keySet().stream().filter(name -> !ELSEWHERE.contains(name));
  }

  private static void shorten(JsonNode node) {
    if (node instanceof ObjectNode mapping) {
      QUICK.forEach(
          (key, most) -> {
            if (mapping.path(key).isInt() && mapping.path(key).asInt() > most) {
              mapping.put(key, most.intValue());
            }
          });
    }
    node.forEach(ShippedRecipesRunTest::shorten);
  }

  /** The study that a recipe is for: a simulated one, or a recording that may not be there. */
  private static Path root(JsonNode tree) {
    if (tree.path("name").asText().equals("simulated-motion")) {
      return shared.resolve("simulated-motion");
    }
    String layout = tree.path("study").path("layout").asText();
    String name = tree.path("study").path("manifest").asText(layout);
    return switch (name) {
      case "bids" -> shared.resolve("simulated");
      case "arrays", "simulated", "simulated-eeg" -> shared.resolve(name);
      default -> DATA.resolve(name);
    };
  }

  @ParameterizedTest
  @MethodSource("names")
  void itRuns(String name) {
    ObjectNode tree =
        Recipes.tree(
            name,
            switch (name) {
              case "simulated-prior-tokens" -> List.of("targets.pack=" + TINY, "encoder.tokens=17");
              case "simulated-eeg-glim-text" ->
                  List.of(
                      "captions=null", // Written by CaptionedHeadTest: this T5 is too narrow.
                      "encoder.heads.words.pack=" + TinyDecoder.PACK.toAbsolutePath(),
                      "encoder.training.loss.settings.parts=[{loss: info-nce}, {loss:"
                          + " language-model, head: tokens, target: words, settings: {decoder: '"
                          + TinyDecoder.write(shared.resolve("t5.safetensors"), 128)
                          + "'}}]");
              case "haxby2001-vt-network" ->
                  List.of("split.rule=contiguous-blocks", "split.folds=2");
              default -> List.of();
            });
    if (tree.get("study") instanceof ObjectNode study && !study.has("subjects")) {
      if (root(tree).startsWith(shared) && !study.path("layout").asText().equals("arrays")) {
        study.putArray("subjects").add("01").add("02");
      }
    }
    Path root = root(tree);
    assumeTrue(Files.isDirectory(root), "needs the recordings in " + root);
    if (tree.path("kind").asText("decoding").equals("decoding") && !tree.has("evaluation")) {
      tree.putObject("evaluation");
    }
    if (tree.get("evaluation") instanceof ObjectNode evaluation
        && !tree.path("kind").asText().equals("geometry")) {
      evaluation.put("permutations", 99).put("bootstraps", 99);
    }
    shorten(tree);
    Execution execution =
        SmallPeople.execution(root, temporary.resolve("run"))
            .withAllowed(Set.of("NO-SIGNAL", "GENERATOR-PRIOR"))
            .withPlaces(KeptEmbeddings.places());
    Report report = Experiments.run(tree, execution);
    assertTrue(Files.isRegularFile(temporary.resolve("run/report.html")));
    if (Recipe.of(tree) instanceof DecodingRecipe recipe) {
      assertFalse(report.subjects().isEmpty());
      report
          .subjects()
          .forEach(subject -> assertFalse(subject.scores().isEmpty(), subject.toString()));
      assertEquals(
          List.of("PASS"),
          report.audits().stream()
              .filter(audit -> audit.code().equals("TRANSDUCTIVE"))
              .map(AuditLine::verdict)
              .distinct()
              .toList(),
          "each trial alone as among the others");
      assertEquals(
          RidgeBeside.belongs(recipe.encoder()) ? report.subjects().size() : 0,
          report.ridge() == null ? 0 : report.ridge().subjects().size(),
          "ridge beside it");
    }
  }
}
