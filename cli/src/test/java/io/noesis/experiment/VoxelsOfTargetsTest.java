package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.ingest.format.nifti.NiftiFile;
import io.noesis.ingest.format.nifti.NiftiWriter;
import io.noesis.ingest.simulate.Existing;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.Roi;
import io.noesis.ingest.simulate.SignalPlan;
import io.noesis.ingest.simulate.SimulatedStudy;
import io.noesis.ingest.simulate.SimulationSpec;
import io.noesis.ingest.study.ColumnChoice;
import io.noesis.ingest.volume.BrainMask;
import io.noesis.ingest.volume.Volume;
import io.noesis.report.AlsoPanel;
import io.noesis.report.Report;
import io.noesis.report.ScoreLine;
import io.noesis.run.DataException;
import io.noesis.run.NoesisException;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Safetensors;
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

/** Each target of a run is decoded from ROIs of its own. */
class VoxelsOfTargetsTest {
  private static final String ATLAS =
      "derivatives/simulation/sub-{subject}/func/sub-{subject}_task-pictures_desc-rois_dseg.nii.gz";

  @TempDir static Path shared;
  @TempDir Path temporary;
  private static Path study;
  private static Path first;
  private static Report report;
  private static int measured;

  @BeforeAll
  static void runOnce() {
    study = shared.resolve("study");
    SignalPlan usual = SignalPlan.defaults();
    SimulatedStudy.of(
            SimulationSpec.defaults()
                .withSize(1, 120)
                .withPictures(new PicturePlan(72, 1, 16, 3, 32))
                .withSignal(
                    new SignalPlan(0.8, usual.noiseVoxels(), usual.rho(), usual.driftPercent())),
            Seed.of(3))
        .write(study, Existing.KEEP, Progress.NONE);
    first = shared.resolve("first");
    report = new Experiment(recipe(silent()), execution(first)).run();
    measured = NiftiFile.readMask(atlas()).voxels();
  }

  /** A further target that is decoded from voxels without signal. */
  private static String silent() {
    return "also.nothing={targets: {of: latent, pack: embedded}, voxels: {atlas: '"
        + ATLAS
        + "', rois: [silent]}}";
  }

  /** The shipped recipe without pictures. */
  private static DecodingRecipe recipe(String... more) {
    List<String> all = new ArrayList<>(List.of(more));
    all.addAll(
        List.of("evaluation.permutations=99", "evaluation.bootstraps=99", "evaluation.gallery=0"));
    ObjectNode tree = Recipes.tree("simulated-takagi", all);
    tree.remove("pictures");
    return DecodingRecipe.of(tree);
  }

  /** Low-level latents alone. */
  private static DecodingRecipe latents(String... more) {
    List<String> all = new ArrayList<>(List.of("targets={of: latent, pack: embedded}", "also={}"));
    all.addAll(List.of(more));
    return recipe(all.toArray(String[]::new));
  }

  private static Execution execution(Path out) {
    return Execution.in(out)
        .withRoot(study)
        .withThreads(2)
        .withPlaces(KeptEmbeddings.places())
        .withAllowed(Set.of("NO-SIGNAL"));
  }

  private static Tensor decoded(Path run) {
    return Npy.read(run.resolve("sub-01/decoded.npy"));
  }

  private static Preparation preparation(Path run) {
    return Preparation.read(run.resolve(Decoded.preparationFile("01", 0)));
  }

  private static Path atlas() {
    return study.resolve(ATLAS.replace("{subject}", "01"));
  }

  private static ScoreLine twoWay(String name) {
    return report.also().targets().stream()
        .filter(target -> target.name().equals(name))
        .flatMap(target -> target.scores().stream())
        .map(AlsoPanel.AlsoScore::score)
        .filter(score -> score.metric().contains(".two_way@"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aTargetIsDecodedFromItsOwnRoisAndFromSilentOnesNotAtAll() {
    ScoreLine early = twoWay("low-level");
    ScoreLine silent = twoWay("nothing");
    assertEquals(ScoreLine.Standing.BETTER, early.standing());
    assertNotEquals(ScoreLine.Standing.BETTER, silent.standing());
    assertTrue(
        silent.value() > silent.nullLow() && silent.value() < silent.nullHigh(),
        silent.value() + " in " + silent.nullLow() + " to " + silent.nullHigh());
    assertTrue(early.value() > silent.value() + 0.15, early.value() + " and " + silent.value());
    assertTrue(
        report.subjects().get(0).scores().stream()
            .anyMatch(score -> score.standing() == ScoreLine.Standing.BETTER));
  }

  /** By the same key in a run of its own, and by the mask of the study, which knows no ROIs. */
  @Test
  void itIsWhatARunOfTheseVoxelsAloneDecodesBitForBit() {
    Path alone = temporary.resolve("alone");
    new Experiment(
            latents("responses.voxels={atlas: '" + ATLAS + "', rois: [early]}"), execution(alone))
        .train();
    assertArrayEquals(decoded(alone).array(), decoded(first.resolve("also/low-level")).array());
    Volume labels = NiftiFile.read(atlas());
    boolean[] early = new boolean[labels.array().length];
    for (int i = 0; i < early.length; i++) {
      early[i] = labels.array()[i] == Roi.EARLY.label();
    }
    NiftiWriter.writeMask(shared.resolve("early.nii.gz"), BrainMask.of(labels.grid(), early));
    Path masked = temporary.resolve("masked");
    ObjectNode tree =
        Recipes.tree(
            "simulated-low-level",
            List.of(
                "targets={of: latent, pack: embedded}",
                "also={}",
                "study.settings={mask: '" + shared.resolve("early.nii.gz") + "'}"));
    tree.remove("pictures");
    new Experiment(DecodingRecipe.of(tree), execution(masked)).train();
    assertTrue(preparation(masked).choice().isEmpty());
    assertArrayEquals(decoded(masked).array(), decoded(alone).array());
    Path all = temporary.resolve("all");
    tree = Recipes.tree("simulated-low-level", List.of("targets={of: latent, pack: embedded}"));
    tree.remove(List.of("pictures", "also"));
    new Experiment(DecodingRecipe.of(tree), execution(all)).train();
    assertNotEquals(decoded(all), decoded(alone));
  }

  @Test
  void runAndDecoderSayWhichVoxelsWereDecodedFrom() throws IOException {
    Path low = first.resolve("also/low-level");
    ColumnChoice choice = preparation(low).choice().orElseThrow();
    assertEquals(List.of(measured), preparation(low).axes());
    assertTrue(choice.columns().size() < measured / 2, choice.inWords());
    assertEquals(List.of(choice.columns().size()), preparation(low).prepared());
    assertTrue(choice.words().startsWith("early of " + ATLAS.replace("{subject}", "01")));
    ColumnChoice ventral = preparation(first).choice().orElseThrow();
    assertTrue(ventral.words().startsWith("ventral of "));
    assertTrue(choice.columns().stream().noneMatch(ventral.columns()::contains));
    assertTrue(Files.readString(low.resolve("provenance.json")).contains(choice.inWords()));
    assertTrue(Files.readString(first.resolve("provenance.json")).contains(ventral.inWords()));
    Path decoder = low.resolve(Decoded.decoderPlace("sub-01", 0) + ".safetensors");
    try (Safetensors weights = Safetensors.open(decoder)) {
      assertEquals(choice.inWords(), weights.metadata().get("voxels"));
    }
    String page = Files.readString(first.resolve("report.html"));
    assertTrue(page.contains(choice.inWords()), "the page of the whole run");
    assertTrue(page.contains(ventral.inWords()));
  }

  @Test
  void newResponsesOfAllVoxelsAreDecodedFromTheSameOnes() {
    Path responses =
        PriorExperimentTest.testResponses(
            recipe(), study, first, "01", temporary.resolve("new.npy"));
    Tensor rows = Npy.read(responses);
    assertEquals(measured, rows.dim(1));
    Path folder = temporary.resolve("encoded");
    Encoding.of(EncodingSpec.of(first, ResponseFiles.of(responses), folder), Progress.NONE);
    assertArrayEquals(
        decoded(first).array(), Npy.read(folder.resolve("embeddings.npy")).array(), 1e-4f);
    Tensor low = Npy.read(folder.resolve("also/low-level/embeddings.npy"));
    assertArrayEquals(decoded(first.resolve("also/low-level")).array(), low.array(), 1e-4f);
    // Other values outside early cortex change nothing of it.
    Set<Integer> early =
        Set.copyOf(preparation(first.resolve("also/low-level")).choice().orElseThrow().columns());
    for (int i = 0; i < rows.size(); i++) {
      if (!early.contains(i % measured)) {
        rows.array()[i] += 3;
      }
    }
    Npy.write(responses, rows);
    Path other = temporary.resolve("other");
    Encoding.of(EncodingSpec.of(first, ResponseFiles.of(responses), other), Progress.NONE);
    assertEquals(low, Npy.read(other.resolve("also/low-level/embeddings.npy")));
    assertNotEquals(
        Npy.read(folder.resolve("embeddings.npy")), Npy.read(other.resolve("embeddings.npy")));
    Npy.write(responses, Tensor.zeros(2, early.size()));
    String refused =
        assertThrows(
                DataException.class,
                () ->
                    Encoding.of(
                        EncodingSpec.of(
                            first, ResponseFiles.of(responses), temporary.resolve("narrow")),
                        Progress.NONE))
            .getMessage();
    assertTrue(refused.contains("expected [trials, " + measured + "]"), refused);
  }

  @Test
  void itGoesOnWhereItStoppedUnlessTheAtlasIsAnother() throws IOException {
    Path own = study.resolve("own_dseg.nii.gz");
    Files.copy(atlas(), own);
    Path table = study.resolve("own_dseg.tsv");
    String names = "index\tname\n1\tv1\n2\tv4\n3\tit\n";
    Files.writeString(table, names);
    DecodingRecipe recipe = latents("responses.voxels={atlas: own_dseg.nii.gz, rois: [v1, '4']}");
    Path run = temporary.resolve("own");
    new Experiment(recipe, execution(run)).train();
    List<String> heard = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public void done(String result) {
            heard.add(result);
          }
        };
    new Experiment(recipe, execution(run).withProgress(progress)).train();
    assertTrue(heard.contains("already trained by an earlier run"), heard.toString());
    Files.writeString(table, names.replace("v1", "V1").replace("v4", "v1"));
    NoesisException refused =
        assertThrows(NoesisException.class, () -> new Experiment(recipe, execution(run)).train());
    assertTrue(refused.getMessage().contains(run.toString()), refused.getMessage());
  }

  @Test
  void whatNoAtlasKnowsIsRefusedBeforeAnythingIsWritten() {
    Map<String, String> wrong =
        Map.of(
            "responses.voxels.rois=[ventral, erly]",
            "no ROI 'erly'. Did you mean 'early'? Known: early, intermediate, silent, ventral.",
            "also.low-level.voxels.rois=[V1]",
            "no ROI 'V1'. Known: early, intermediate, silent, ventral.",
            "also.low-level.voxels.rois=[]",
            "leave 'voxels' out to use all voxels",
            "also.low-level.voxels.rois=[early, early]",
            "a name twice",
            "also.low-level.voxels.roi=[early]",
            "did you mean 'rois'",
            "also.low-level.voxels={rois: [early]}",
            "atlas",
            "also.low-level.voxels.atlas=sub-{subject}.nii.gz",
            "sub-01.nii.gz: there is no such file");
    wrong.forEach(
        (override, why) -> {
          Path out = temporary.resolve("refused");
          NoesisException refused =
              assertThrows(
                  NoesisException.class,
                  () -> new Experiment(recipe(override), execution(out)).train(),
                  override);
          assertTrue(refused.getMessage().contains(why), refused.getMessage());
          assertFalse(Files.exists(out), override);
          assertThrows(
              NoesisException.class,
              () -> new Experiment(recipe(override), execution(out)).check(),
              override);
        });
    RecipeException encoding =
        assertThrows(
            RecipeException.class,
            () ->
                Recipe.of(
                    Recipes.tree(
                        "simulated-encoding",
                        List.of("responses.voxels={atlas: a.nii, rois: [early]}"))));
    assertTrue(encoding.getMessage().contains("responses.voxels"), encoding.getMessage());
  }

  @Test
  void roisOutsideTheMaskOfTheStudyAreRefused() throws IOException {
    Volume labels = NiftiFile.read(atlas());
    boolean[] ventral = new boolean[labels.array().length];
    for (int i = 0; i < ventral.length; i++) {
      ventral[i] = labels.array()[i] == Roi.VENTRAL.label();
    }
    Path mask = temporary.resolve("ventral.nii.gz");
    NiftiWriter.writeMask(mask, BrainMask.of(labels.grid(), ventral));
    Path out = temporary.resolve("outside");
    DecodingRecipe recipe =
        latents(
            "study.settings={mask: '" + mask + "'}",
            "responses.voxels={atlas: '" + ATLAS + "', rois: [early]}");
    String refused =
        assertThrows(DataException.class, () -> new Experiment(recipe, execution(out)).train())
            .getMessage();
    assertTrue(refused.contains("voxels of the responses lies in early"), refused);
    try (Stream<Path> files = Files.walk(out)) {
      assertTrue(files.noneMatch(file -> file.endsWith("decoded.npy")));
    }
  }
}
