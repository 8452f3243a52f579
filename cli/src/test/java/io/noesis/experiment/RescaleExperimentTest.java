package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.report.AuditLine;
import io.noesis.report.Report;
import io.noesis.run.NoesisException;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is decoded among all test trials stands beside what each trial alone is decoded to. */
class RescaleExperimentTest {
  private static final String RESCALED = "encoder.rescale=test-trials";
  private static final String ATLAS =
      "derivatives/simulation/sub-{subject}/func/sub-{subject}_task-pictures_desc-rois_dseg.nii.gz";
  @TempDir static Path shared;
  @TempDir Path temporary;
  private static Path study;
  private static Report alone;
  private static Report rescaled;

  @BeforeAll
  static void bothWays() {
    study = SmallPeople.write(shared.resolve("study"));
    alone = run("simulated", "alone");
    rescaled = run("simulated", "rescaled", RESCALED);
  }

  private static Report run(String recipe, String out, String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "study.subjects=[\"01\"]",
                "evaluation.permutations=99",
                "evaluation.bootstraps=99"));
    all.addAll(List.of(overrides));
    return new Experiment(
            DecodingRecipe.of(Recipes.tree(recipe, all)),
            SmallPeople.execution(study, shared.resolve(out)).withAllowed(Set.of("NO-SIGNAL")))
        .run();
  }

  private static Tensor array(String run, String name) {
    return Npy.read(shared.resolve(run).resolve("sub-01").resolve(name));
  }

  /** Values of one encoder by metric and variant. */
  private static Map<String, String> scores(String run, String encoder) {
    TsvTable table = Tsv.read(shared.resolve(run).resolve("scores.tsv"));
    Map<String, String> scores = new TreeMap<>();
    for (int row = 0; row < table.rows(); row++) {
      if (table.value(row, "encoder").orElseThrow().equals(encoder)) {
        scores.put(
            table.value(row, "metric").orElseThrow()
                + ", "
                + table.value(row, "variant").orElseThrow(),
            table.value(row, "value").orElseThrow() + " p " + table.value(row, "p").orElseThrow());
      }
    }
    return scores;
  }

  private static AuditLine audit(Report report) {
    return report.audits().stream()
        .filter(line -> line.code().equals("TRANSDUCTIVE"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatIsDecodedHasTheMeanOfTheTrainingTargetsAndIsKeptAloneToo() {
    assertEquals(array("alone", "decoded.npy"), array("rescaled", "decoded_alone.npy"));
    assertNotEquals(array("alone", "decoded.npy"), array("rescaled", "decoded.npy"));
    assertFalse(Files.exists(shared.resolve("alone/sub-01/decoded_alone.npy")));
    float[] means = array("rescaled", "training_means.npy").array();
    assertArrayEquals(
        means, ColumnStatistics.of(array("rescaled", "decoded.npy")).mean().array(), 1e-6f);
  }

  @Test
  void bothAreScoredAndTheirDifferenceIsTested() {
    Map<String, String> ofAlone = scores("alone", "ridge");
    assertEquals(ofAlone, scores("rescaled", "ridge, trials alone"));
    assertEquals(ofAlone.keySet(), scores("rescaled", "ridge").keySet());
    assertNotEquals(ofAlone, scores("rescaled", "ridge"));
    assertEquals(Map.of(), scores("alone", "ridge, trials alone"));
    TsvTable differences = Tsv.read(shared.resolve("rescaled/differences.tsv"));
    assertEquals("ridge", differences.value(0, "first").orElseThrow());
    assertEquals("ridge, trials alone", differences.value(0, "second").orElseThrow());
    double value = rescaled.subjects().get(0).scores().get(0).value();
    double before = alone.subjects().get(0).scores().get(0).value();
    assertEquals(
        rescaled.subjects().get(0).scores().get(0).metric(),
        differences.value(0, "metric").orElseThrow());
    assertEquals(value - before, differences.numberOrNaN(0, "difference"), 1e-9);
    assertFalse(Files.exists(shared.resolve("alone/differences.tsv")));
  }

  @Test
  void theReaderIsTold() throws IOException {
    assertEquals("PASS", audit(alone).verdict());
    assertTrue(audit(alone).decidedBy().startsWith("3 test trials"), audit(alone).decidedBy());
    AuditLine warned = audit(rescaled);
    assertEquals("WARN", warned.verdict());
    assertTrue(
        warned.decidedBy().matches("image_from_brain.two_way@\\S+ .*each alone.*"),
        warned.decidedBy());
    String fact =
        rescaled.subjects().get(0).facts().stream()
            .filter(line -> line.label().equals("each test trial decoded alone"))
            .findFirst()
            .orElseThrow()
            .value();
    assertTrue(fact.contains("a new trial has the first"), fact);
    assertTrue(
        rescaled.methods().contains("standardised dimension by dimension"), rescaled.methods());
    assertFalse(alone.methods().contains("encoder.rescale"), alone.methods());
    String fits = Files.readString(shared.resolve("rescaled/sub-01/decoding.json"));
    assertTrue(fits.contains("rescaling of decoded embeddings"), fits);
    assertEquals(
        "PASS",
        rescaled.audits().stream()
            .filter(line -> line.code().equals("LEAK-FIT"))
            .findFirst()
            .orElseThrow()
            .verdict());
    assertNotEquals(
        RunFolder.open(shared.resolve("alone")).identity(),
        RunFolder.open(shared.resolve("rescaled")).identity());
  }

  @Test
  void newResponsesAreNoTestTrialsOfTheRun() throws IOException {
    Tensor some =
        OpenedStudy.open(SmallPeople.recipe().study(), java.util.Optional.of(study))
            .study()
            .responses("01", Progress.NONE)
            .responses()
            .rows(new int[] {0, 1});
    Path responses = temporary.resolve("new.npy");
    Npy.write(responses, some);
    Path out = temporary.resolve("encoded");
    RecipeException refused =
        assertThrows(
            RecipeException.class,
            () ->
                Encoding.of(
                    EncodingSpec.of(shared.resolve("rescaled"), ResponseFiles.of(responses), out),
                    Progress.NONE));
    assertTrue(refused.getMessage().contains("noesis export"), refused::getMessage);
    assertFalse(Files.exists(out.resolve("embeddings.npy")));
    Path graphs = temporary.resolve("graphs");
    RunFolder run = RunFolder.open(shared.resolve("rescaled"));
    DecoderExport.write(run, List.of(), OptionalInt.empty(), graphs, Progress.NONE);
    String manifest = Files.readString(graphs.resolve(DecoderExport.MANIFEST));
    assertTrue(manifest.contains("each response alone"), manifest);
    assertEquals(
        java.util.Optional.empty(),
        DecoderExport.rescaling(RunFolder.open(shared.resolve("alone"))));
  }

  @Test
  void ridgeBesideANetworkAndRowsWithoutARegionAreRescaledAlike() {
    run(
        "simulated-network",
        "network",
        RESCALED,
        "evaluation.ablation={atlas: '" + ATLAS + "'}",
        "encoder.start=random",
        "encoder.settings.width=8",
        "encoder.training.epochs=1",
        "encoder.training.batchSize=16");
    assertEquals(array("rescaled", "decoded.npy"), array("network", "ridge/fold-001_decoded.npy"));
    Tensor region = array("network", "ablation/region-001_fold-001_decoded.npy");
    assertNotEquals(array("network", "decoded.npy"), region);
    assertArrayEquals(
        array("network", "training_means.npy").array(),
        ColumnStatistics.of(region).mean().array(),
        1e-6f);
  }

  @Test
  void whatCannotBeHadIsRefused() {
    RecipeException prior =
        assertThrows(
            RecipeException.class,
            () -> DecodingRecipe.of(Recipes.tree("simulated-prior", List.of(RESCALED))));
    assertTrue(prior.getMessage().contains("rescale: a prior"), prior::getMessage);
    RecipeException told =
        assertThrows(
            RecipeException.class,
            () -> DecodingRecipe.of(Recipes.tree("simulated-motion", List.of(RESCALED))));
    assertTrue(told.getMessage().contains("rescale: what a network is told"), told::getMessage);
    RecipeException adapted =
        assertThrows(
            RecipeException.class,
            () ->
                DecodingRecipe.of(
                    Recipes.tree(
                        "simulated-network", List.of(RESCALED, "adaptation={parent: a}"))));
    assertTrue(adapted.getMessage().contains("encoder.rescale: the points"), adapted::getMessage);
    NoesisException one =
        assertThrows(
            NoesisException.class,
            () -> run("simulated", "one", RESCALED, "split={rule: by-stimulus, folds: 60}"));
    assertTrue(one.getMessage().contains("standardises over at least 2"), one::getMessage);
    assertFalse(Files.exists(shared.resolve("one/sub-01/decoder")), "before anything is trained");
  }
}
