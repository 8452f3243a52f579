package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.train.Lineage;
import io.noesis.ingest.format.Formats;
import io.noesis.report.Report;
import io.noesis.report.ScoreLine;
import io.noesis.run.CancelledException;
import io.noesis.run.MemoryException;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncodingExperimentTest {
  @TempDir static Path shared;
  @TempDir Path temporary;
  private static Path study;

  @BeforeAll
  static void simulate() {
    study = SmallPeople.write(shared.resolve("study"));
  }

  private static EncodingRecipe recipe(String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "study.subjects=[\"01\"]",
                "evaluation.permutations=99",
                "evaluation.bootstraps=99",
                "model.weightings=4"));
    all.addAll(List.of(overrides));
    return EncodingRecipe.of(Recipes.tree("simulated-encoding", all));
  }

  private Report run(EncodingRecipe recipe, String out) {
    return new EncodingExperiment(recipe, SmallPeople.execution(study, temporary.resolve(out)))
        .run();
  }

  @Test
  void voxelsArePredictedAboveChanceAndMapped() throws Exception {
    Report report = run(recipe(), "run");
    ScoreLine mean = report.subjects().get(0).scores().get(0);
    System.out.println(mean + " " + report.subjects().get(0).facts());
    assertEquals("encoding_correlation", mean.metric());
    assertTrue(mean.value() > mean.nullHigh(), mean::toString);
    assertEquals(Report.Level.SUPPORTED, report.verdict().level());
    Path folder = temporary.resolve("run/sub-01");
    List<String> lines = Files.readAllLines(folder.resolve("voxels.tsv"));
    assertEquals(
        "voxel\tx\ty\tz\tr\tr2\tp\tq\tr2_captions\tr2_categories\tceiling_percent", lines.get(0));
    assertEquals(report.subjects().get(0).scores().get(0).n(), 12, "repetitions are averaged");
    Path map = folder.resolve("sub-01_desc-encoding_stat-correlation.nii.gz");
    assertTrue(Files.isRegularFile(map), "no map");
    assertTrue(Formats.of(map).isPresent(), "a file that we read");
    String page = Files.readString(temporary.resolve("run/report.html"));
    assertTrue(page.contains("voxels predicted"), "the page says how many");
    assertTrue(
        report.subjects().get(0).facts().stream()
            .anyMatch(fact -> fact.label().equals("R² of captions")),
        report.subjects().get(0).facts()::toString);
  }

  private static EncodingRecipe queries(String epochs, String hidden) {
    return recipe(
        "model.method=network",
        "model.network={architecture: roi-queries, settings: {rois: 4, encoder: {width:"
            + " 16, depth: 1, heads: 2, hidden: "
            + hidden
            + ", dropout: 0, headHidden: 0}}, training:"
            + " {loss: {name: mse, settings: {}}, epochs: "
            + epochs
            + ", batchSize: 16, optimizer: {learningRate: 0.003}, validation: {part: 0, patience:"
            + " 0}}}");
  }

  @Test
  void aNetworkOfQueriesPredictsVoxels() {
    Report report = run(queries("30", "16"), "network");
    ScoreLine mean = report.subjects().get(0).scores().get(0);
    System.out.println(mean);
    assertTrue(mean.value() > mean.nullHigh(), mean::toString);
  }

  /** It is kept as decoders are; stopped, it goes on to the same bytes. */
  @Test
  void aNetworkIsKeptWithWhatItSawAndGoesOnWhereItStopped() throws IOException {
    EncodingRecipe recipe = queries("2", "16");
    run(recipe, "calm");
    Path out = temporary.resolve("stopped");
    Path place = out.resolve("sub-01/encoder/fold-001");
    Execution often = SmallPeople.execution(study, out).withCheckpointEvery(Duration.ZERO);
    Execution stopping =
        often.withCancelled(() -> Files.exists(place.resolve("checkpoint.safetensors")));
    CancelledException stopped =
        assertThrows(
            CancelledException.class, () -> new EncodingExperiment(recipe, stopping).run());
    assertTrue(stopped.getMessage().contains("after step 1 of"), stopped::getMessage);
    new EncodingExperiment(recipe, often).run();
    assertEquals(2, Files.readAllLines(place.resolve(SmallPeople.METRICS)).size());
    assertFalse(Files.exists(place.resolve("checkpoint.safetensors")));
    Path weights = place.resolveSibling("fold-001.safetensors");
    for (String file : List.of("sub-01/encoder/fold-001.onnx", "sub-01/voxels.tsv")) {
      assertEquals(
          -1, Files.mismatch(temporary.resolve("calm").resolve(file), out.resolve(file)), file);
    }
    try (Safetensors file = Safetensors.open(weights)) {
      Lineage lineage = Lineage.read(file.metadata(), weights).orElseThrow();
      assertEquals(1, lineage.subjects().size());
      assertTrue(lineage.subjects().get(0).endsWith("/01"), lineage::toString);
      assertEquals(48, lineage.stimuli().size());
    }
    Execution little =
        SmallPeople.execution(study, temporary.resolve("little")).withMemoryLimitMb(1);
    assertThrows(
        MemoryException.class, () -> new EncodingExperiment(queries("2", "99999"), little).run());
  }

  @Test
  void itIsNoDecoding() {
    RecipeException e =
        assertThrows(
            RecipeException.class,
            () -> DecodingRecipe.of(Recipes.tree("simulated-encoding", List.of())));
    assertTrue(e.getMessage().contains("encoding"), e::getMessage);
    assertThrows(RecipeException.class, () -> recipe("model.method=network"));
  }

  @Test
  void voxelsOfAnObliqueRecordingHaveNoGrid() {
    List<List<Double>> straight =
        List.of(List.of(2.0, 4.0, -6.0), List.of(4.0, 4.0, -6.0), List.of(2.0, 6.0, -3.0));
    VoxelGrid grid = VoxelGrid.of(straight).orElseThrow();
    assertEquals("2 x 2 x 2", grid.grid().sizes());
    assertEquals(7, grid.volume(Tensor.wrap(new float[] {5, 6, 7}, 3)).at(0, 1, 1, 0));
    assertEquals(3.0, grid.grid().affine().zoomsMm()[2]);
    List<List<Double>> oblique =
        List.of(List.of(0.0, 0.0, 0.0), List.of(1.9, 0.3, 0.0), List.of(-0.3, 1.9, 0.0));
    assertFalse(VoxelGrid.of(oblique).isPresent());
    assertEquals(Optional.empty(), VoxelGrid.of(List.of()));
  }
}
