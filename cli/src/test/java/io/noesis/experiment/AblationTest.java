package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.ingest.simulate.EpochCodePlan;
import io.noesis.ingest.simulate.EpochSimulationSpec;
import io.noesis.ingest.simulate.Existing;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.SensorPlan;
import io.noesis.ingest.simulate.SignalPlan;
import io.noesis.ingest.simulate.SimulatedEpochStudy;
import io.noesis.ingest.simulate.SimulatedStudy;
import io.noesis.ingest.simulate.SimulationSpec;
import io.noesis.report.AblationPanel.RegionLine;
import io.noesis.report.Report;
import io.noesis.report.ReportJson;
import io.noesis.report.ReportText;
import io.noesis.run.NoesisException;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Decoding without one region after another. */
class AblationTest {
  private static final String ATLAS =
      "derivatives/simulation/sub-{subject}/func/sub-{subject}_task-pictures_desc-rois_dseg.nii.gz";

  @TempDir static Path shared;
  @TempDir Path temporary;
  private static Path study;
  private static Path run;
  private static Report report;

  @BeforeAll
  static void runOnce() {
    study = shared.resolve("study");
    SignalPlan usual = SignalPlan.defaults();
    SimulatedStudy.of(
            SimulationSpec.defaults()
                .withSize(2, 120)
                .withPictures(new PicturePlan(72, 1, 16, 3, 32))
                .withSignal(
                    new SignalPlan(0.8, usual.noiseVoxels(), usual.rho(), usual.driftPercent())),
            Seed.of(3))
        .write(study, Existing.KEEP, Progress.NONE);
    run = shared.resolve("run");
    report = new Experiment(recipe("simulated"), execution(study, run)).run();
  }

  private static DecodingRecipe recipe(String name, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "evaluation.permutations=199",
                "evaluation.bootstraps=99",
                "evaluation.gallery=0",
                "targets.pack=embedded",
                "evaluation.ablation={atlas: '" + ATLAS + "'}",
                "study.subjects=[\"01\"]"));
    all.addAll(List.of(more));
    return DecodingRecipe.of(Recipes.tree(name, all));
  }

  private static Execution execution(Path root, Path out) {
    return Execution.in(out)
        .withRoot(root)
        .withThreads(2)
        .withPlaces(KeptEmbeddings.places())
        .withAllowed(Set.of("NO-SIGNAL"));
  }

  private static Tensor values(Path run, String file) {
    return Npy.read(run.resolve("sub-01/" + file));
  }

  private static RegionLine region(Report of, String name) {
    return of.ablation().subjects().get(0).regions().stream()
        .filter(line -> line.name().equals(name) && line.metric().startsWith("embedding_corr"))
        .findFirst()
        .orElseThrow();
  }

  /** Every voxel is in one region, so what they add to a linear decoder is all but its constant. */
  @Test
  void whatRegionsAddToALinearDecoderIsAllThatItSays() {
    Tensor whole = values(run, "decoded.npy");
    int rows = whole.dim(0);
    int dim = whole.dim(1);
    float[] rest = whole.array().clone();
    for (int region = 1; region <= 4; region++) {
      Tensor without =
          values(run, String.format("ablation/region-%03d_fold-001_decoded.npy", region));
      for (int i = 0; i < rest.length; i++) {
        rest[i] -= whole.array()[i] - without.array()[i];
      }
    }
    for (int row = 1; row < rows; row++) {
      for (int d = 0; d < dim; d++) {
        assertEquals(rest[d], rest[row * dim + d], 2e-5, "row " + row);
      }
    }
    List<RegionLine> regions = report.ablation().subjects().get(0).regions();
    assertEquals(
        List.of("early", "intermediate", "silent", "ventral"),
        regions.stream().map(RegionLine::name).distinct().toList());
    int of = regions.get(0).of();
    assertEquals(of, regions.stream().limit(4).mapToInt(RegionLine::columns).sum());
  }

  @Test
  void aSilentRegionIsNotMissedAndThatOfTheCodeIs() throws IOException {
    RegionLine ventral = region(report, "ventral");
    RegionLine silent = region(report, "silent");
    assertTrue(ventral.difference() > 0.03 && ventral.p() < 0.05, ventral.toString());
    assertTrue(silent.difference() < 0.002, "noise is not missed: " + silent);
    assertEquals(ventral.whole(), silent.whole());
    assertEquals(ventral.whole() - ventral.difference(), ventral.without(), 1e-12);
    TsvTable table = Tsv.read(run.resolve("ablation.tsv"));
    assertTrue(table.texts("metric").stream().anyMatch(m -> m.startsWith("embedding_")));
    assertTrue(table.texts("region").containsAll(List.of("early", "silent")));
    String page = Files.readString(run.resolve("report.html"));
    assertTrue(page.contains("Without one region") && page.contains("<th scope=\"row\">ventral"));
    assertTrue(page.contains("<th scope=\"rowgroup\" colspan=\"8\">embedding r, centred</th>"));
    assertTrue(report.methods().contains("without each of the regions of " + ATLAS));
    String text = ReportText.of(report);
    assertTrue(text.contains("all minus without one"), text);
    assertTrue(text.contains("\nembedding r, centred:\n01            early "), text);
    assertEquals(report, ReportJson.read(run.resolve("report.json")));
  }

  /** Of a joint network, of ROIs that were chosen, and through a diffusion prior. */
  @Test
  void anyDecoderIsAskedWithoutRegions() {
    Path joint = temporary.resolve("joint");
    new Experiment(
            recipe(
                "simulated-joint",
                "study.subjects=[\"01\", \"02\"]",
                "encoder.settings.width=24",
                "encoder.training.epochs=2",
                "evaluation.ablation.rois=[ventral]"),
            execution(study, joint))
        .train();
    String first = "ablation/region-001_fold-001_decoded.npy";
    assertNotEquals(values(joint, "decoded.npy"), values(joint, first));
    assertTrue(Files.isRegularFile(joint.resolve("sub-02/" + first)));
    assertFalse(Files.exists(joint.resolve("sub-01/ablation/region-002_fold-001_decoded.npy")));
    Path chosen = temporary.resolve("chosen");
    Report ventral =
        new Experiment(
                recipe(
                    "simulated",
                    "responses.voxels={atlas: '" + ATLAS + "', rois: [ventral, early]}"),
                execution(study, chosen))
            .run();
    List<RegionLine> regions = ventral.ablation().subjects().get(0).regions();
    assertEquals(
        List.of("early", "ventral"), regions.stream().map(RegionLine::name).distinct().toList());
    assertEquals(region(report, "early").columns(), regions.get(0).columns());
    Path drawn = temporary.resolve("drawn");
    new Experiment(
            recipe(
                "simulated-prior",
                "encoder.prior.training.epochs=1",
                "encoder.prior.folds=0",
                "encoder.prior.sampling.steps=2",
                "evaluation.ablation.rois=[silent, ventral]"),
            execution(study, drawn))
        .train();
    assertNotEquals(values(drawn, "decoded.npy"), values(drawn, first));
    assertArrayEquals(
        values(drawn, "decoded.npy").shape().toArray(), values(drawn, first).shape().toArray());
  }

  @Test
  void channelsOfEpochsAreRegionsByATable() throws IOException {
    Path epochs = temporary.resolve("eeg");
    SimulatedEpochStudy.of(
            new EpochSimulationSpec(
                1,
                new PicturePlan(96, 1, 24, 2, 32),
                new SensorPlan(SensorPlan.Modality.EEG, 8, 50, -0.2, 0.79),
                new EpochCodePlan(EpochCodePlan.Code.EVOKED, 4, 0.6)),
            Seed.of(3))
        .write(epochs, Existing.KEEP, Progress.NONE);
    Files.writeString(
        epochs.resolve("sites.tsv"), "roi\nfront\nfront\nfront\nn/a\nback\nback\nback\nback\n");
    ObjectNode tree =
        Recipes.tree(
            "simulated-eeg",
            List.of(
                "evaluation.permutations=99",
                "evaluation.bootstraps=99",
                "evaluation.ablation={atlas: sites.tsv}"));
    Path out = temporary.resolve("run");
    Report sites = new Experiment(DecodingRecipe.of(tree), execution(epochs, out)).run();
    assertEquals(4, region(sites, "back").columns());
    assertEquals(3, region(sites, "front").columns());
    assertEquals(8, region(sites, "front").of());
  }

  @Test
  void zerosTakeThePlaceOfAllSamplesOfAChannel() {
    Tensor rows = Tensor.wrap(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 2, 3, 2);
    Regions regions = new Regions(Map.of("a", List.of(0, 2)));
    assertArrayEquals(
        new float[] {0, 0, 3, 4, 0, 0, 0, 0, 9, 10, 0, 0}, regions.without("a", rows).array());
    assertEquals(1, rows.array()[0], "a copy");
  }

  @Test
  void whatNoAtlasKnowsIsRefusedBeforeAnythingIsWritten() throws IOException {
    Map<String, String> wrong =
        Map.of(
            "evaluation.ablation.rois=[ventrl]", "no ROI 'ventrl'. Did you mean 'ventral'?",
            "evaluation.ablation.rois=[early, early]", "a name twice",
            "evaluation.ablation.atlas=none.tsv", "none.tsv: there is no such file");
    wrong.forEach(
        (override, why) -> {
          Path out = temporary.resolve("refused");
          NoesisException refused =
              assertThrows(
                  NoesisException.class,
                  () ->
                      new Experiment(recipe("simulated", override), execution(study, out)).train());
          assertTrue(refused.getMessage().contains(why), refused.getMessage());
          assertFalse(Files.exists(out), override);
        });
    NoesisException aligned =
        assertThrows(
            NoesisException.class,
            () -> recipe("simulated-joint", "responses.alignment={method: procrustes}"));
    assertTrue(aligned.getMessage().contains("no regions there"), aligned.getMessage());
    try (Stream<Path> left = Files.list(temporary)) {
      assertEquals(0, left.count());
    }
  }
}
