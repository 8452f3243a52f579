package io.noesis.ingest.study.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.format.nifti.NiftiSpec;
import io.noesis.ingest.format.nifti.NiftiWriter;
import io.noesis.ingest.glm.Confounds;
import io.noesis.ingest.glm.Drift;
import io.noesis.ingest.glm.Nuisance;
import io.noesis.ingest.glm.RunTiming;
import io.noesis.ingest.study.EpochAxes;
import io.noesis.ingest.study.ResponseKind;
import io.noesis.ingest.study.Study;
import io.noesis.ingest.study.SubjectResponses;
import io.noesis.ingest.study.Trial;
import io.noesis.ingest.volume.BrainMask;
import io.noesis.run.DataException;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.run.YamlTree;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Windows of volumes in the place of betas. */
class BidsWindowsTest {
  private static final double[] ONSETS = {4, 19, 34};

  /** The voxel of each column. */
  private static final int[] COLUMNS = BrainMask.of(BidsFolder.GRID, BidsFolder.half()).indices();

  private static final String FOUR = "windows: {fromSeconds: 1.5, toSeconds: 6}";

  @TempDir Path root;
  private BidsFolder folder;

  @BeforeEach
  void write() throws IOException {
    folder = BidsFolder.good(root);
  }

  private Study open(String settings) {
    return StudyLayouts.open("bids", root, YamlTree.parse(settings, "settings"));
  }

  private SubjectResponses read(String settings) {
    return open(settings).responses("01", Progress.NONE);
  }

  /** A run's voxels of the mask without drift. */
  private static Tensor rest(String run) {
    float[][] values = BidsFolder.values(run);
    Tensor bold = Tensor.zeros(BidsFolder.VOLUMES, 12);
    for (int v = 0; v < BidsFolder.VOLUMES; v++) {
      for (int c = 0; c < 12; c++) {
        bold.array()[v * 12 + c] = values[v][COLUMNS[c]];
      }
    }
    return Nuisance.without(
        RunTiming.of(BidsFolder.VOLUMES, BidsFolder.TR),
        Confounds.none(BidsFolder.VOLUMES),
        new Drift.Cosine(0.01),
        bold);
  }

  @Test
  void eachTrialHasTheVolumesAfterItsOnset() {
    SubjectResponses responses = read(FOUR);
    assertEquals(ResponseKind.SAMPLES, responses.kind());
    assertEquals(ResponseKind.SAMPLES, open(FOUR).kind());
    assertEquals(List.of(6, 12, 4), sizes(responses.responses()));
    for (int trial = 0; trial < 6; trial++) {
      Tensor run = rest(trial < 3 ? "01" : "02");
      // 5.5 s, 20.5 s and 35.5 s lie nearest to the volumes at 6, 21 and 36 s.
      int first = (int) Math.round((ONSETS[trial % 3] + 1.5) / 1.5);
      for (int voxel = 0; voxel < 12; voxel++) {
        for (int volume = 0; volume < 4; volume++) {
          assertEquals(
              run.at(first + volume, voxel),
              responses.responses().array()[(trial * 12 + voxel) * 4 + volume]);
        }
      }
    }
    EpochAxes axes = responses.epochs().orElseThrow();
    assertEquals(1 / 1.5, axes.samplingRateHz());
    assertEquals(1.5, axes.startSeconds());
    assertEquals(List.of(9.0, 0.0, 0.0), axes.positions().get(column(3)));
    Trial second = responses.trials().get(1);
    assertEquals(21, second.windowStartSeconds());
    assertEquals(27, second.windowEndSeconds());
  }

  private static int column(int voxel) {
    return IntStream.range(0, 12).filter(c -> COLUMNS[c] == voxel).findFirst().orElseThrow();
  }

  private static List<Integer> sizes(Tensor tensor) {
    return java.util.Arrays.stream(tensor.shape().toArray()).boxed().toList();
  }

  @Test
  void trialsWithoutAWholeWindowAreNoTrials() {
    // The third trial would need volumes up to 60 s, which the run does not have.
    Study study = open("windows: {fromSeconds: 0, toSeconds: 26}");
    assertEquals(4, study.trials("01").size());
    SubjectResponses responses = study.responses("01", Progress.NONE);
    assertEquals(List.of(4, 12, 18), sizes(responses.responses()));
    assertTrue(
        responses.notes().stream().anyMatch(n -> n.value().contains("2 trials without a whole")),
        responses.notes()::toString);
    assertEquals(6, open("windows: {fromSeconds: -3, toSeconds: 0}").trials("01").size());
    assertEquals(4, open("windows: {fromSeconds: -6, toSeconds: 0}").trials("01").size());
    DataException none =
        assertThrows(
            DataException.class,
            () -> open("windows: {fromSeconds: 0, toSeconds: 90}").trials("01"));
    assertTrue(none.getMessage().contains("no trial has its whole window"), none::getMessage);
    assertThrows(RecipeException.class, () -> open("windows: {fromSeconds: 3, toSeconds: 0}"));
  }

  private void atlas(float... labels) {
    NiftiWriter.writeFloat32(
        root.resolve("sub-01_dseg.nii.gz"), NiftiSpec.volume(BidsFolder.GRID), t -> labels);
  }

  @Test
  void parcelsAreTheMeansOfTheirVoxelsInTheOrderOfTheirLabels() {
    float[] labels = new float[24];
    labels[0] = 10;
    labels[5] = 10;
    labels[2] = 2;
    labels[20] = 2; // Outside the mask.
    atlas(labels);
    String settings =
        "windows: {fromSeconds: 1.5, toSeconds: 6, parcels: 'sub-{subject}_dseg.nii.gz'}";
    SubjectResponses responses = read(settings);
    SubjectResponses voxels = read(FOUR);
    assertEquals(List.of(6, 2, 4), sizes(responses.responses()));
    assertEquals(List.of("2", "10"), responses.epochs().orElseThrow().channels());
    for (int trial = 0; trial < 6; trial++) {
      for (int volume = 0; volume < 4; volume++) {
        float[] in = voxels.responses().array();
        int at = trial * 12 * 4 + volume;
        float[] out = responses.responses().array();
        assertEquals(in[at + column(2) * 4], out[trial * 8 + volume], 1e-3);
        float both = in[at + column(0) * 4] + in[at + column(5) * 4];
        assertEquals(both / 2, out[trial * 8 + 4 + volume], 1e-3);
      }
    }
    String scaled = settings.replace("windows", "scaling: zscore-sample\nwindows");
    assertEquals(2, read(scaled).fits().size());
    String before = open(settings).fingerprint();
    labels[1] = 2;
    atlas(labels);
    assertTrue(!before.equals(open(settings).fingerprint()), "the atlas belongs to the data");
    labels[23] = 7;
    atlas(labels);
    DataException empty = assertThrows(DataException.class, () -> read(settings));
    assertTrue(empty.getMessage().contains("no voxel of the mask lies in 7"), empty::getMessage);
  }
}
