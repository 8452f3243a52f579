package io.noesis.ingest.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.format.nifti.NiftiSpec;
import io.noesis.ingest.format.nifti.NiftiWriter;
import io.noesis.ingest.volume.Affine;
import io.noesis.ingest.volume.BrainMask;
import io.noesis.ingest.volume.Grid;
import io.noesis.run.DataException;
import io.noesis.run.NoesisException;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which ROI a voxel belongs to, by label images and by tables. */
class RoiAtlasTest {
  private static final Grid GRID =
      new Grid(2, 3, 2, Affine.ofRows(-3, 0, 0, 10, 0, 3, 0, -5, 0, 0, 3, 1));

  @TempDir Path root;

  private void image(String name, Grid grid, int volumes, float... labels) {
    NiftiWriter.writeFloat32(
        root.resolve(name), new NiftiSpec(grid, volumes, 0, 1, 0, "labels"), t -> labels);
  }

  /** All voxels of the grid but the first, column 0 being the second in the order of nilearn. */
  private static SubjectResponses responses(ResponseColumns columns, int width) {
    List<Trial> trials = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      double nan = Double.NaN;
      trials.add(new Trial("01", "", "01", nan, nan, nan, nan, "s" + i, "", 1, ""));
    }
    float[] values = new float[2 * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return new SubjectResponses(
        "01",
        new TrialTable(trials),
        Tensor.wrap(values, 2, width),
        ResponseKind.BETAS,
        List.of(),
        List.of(),
        columns);
  }

  private static SubjectResponses voxels() {
    boolean[] inside = new boolean[GRID.voxels()];
    java.util.Arrays.fill(inside, 1, inside.length, true);
    BrainMask mask = BrainMask.of(GRID, inside);
    return responses(
        ResponseColumns.ofVoxels(
            Optional.of("mask"), mask.positionsMm(IntStream.range(0, mask.voxels()))),
        mask.voxels());
  }

  @Test
  void aVoxelHasTheLabelOfItsPlaceInMillimetres() throws IOException {
    // On disk the first axis is fastest: labels of (0,0,0), (1,0,0), (0,1,0), ...
    float[] labels = {7, 1, 2, 0, 1, 2, 9, 1, 2, 0, 0, 2};
    image("a_dseg.nii.gz", GRID, 1, labels);
    Files.writeString(root.resolve("a_dseg.tsv"), "index\tname\n1\tearly\n2\tlate\n3\tnone\n");
    RoiAtlas atlas = RoiAtlas.read(root, "a_dseg.nii.gz");
    SubjectResponses all = voxels();
    ColumnChoice choice = atlas.choose(List.of("late", "9"), all);
    // Columns go along k, then j, then i: (0,0,1) (0,1,0) (0,1,1) (0,2,0) (0,2,1) (1,0,0) ...
    assertEquals(List.of(0, 1, 2, 9, 10), choice.columns());
    SubjectResponses some = all.only(choice);
    assertEquals(
        Tensor.wrap(new float[] {0, 1, 2, 9, 10, 11, 12, 13, 20, 21}, 2, 5), some.responses());
    assertEquals(choice.columns().stream().map(all.positions()::get).toList(), some.positions());
    assertEquals(Optional.of("mask"), some.columns().mask());
    assertEquals(Optional.of(choice), some.columns().choice());
    assertTrue(some.notes().get(0).value().startsWith("5 of 11: late, 9 of a_dseg.nii.gz (SHA"));
    // The same places in an image that runs the other way along x.
    Grid turned = new Grid(2, 3, 2, Affine.ofRows(3, 0, 0, 7, 0, 3, 0, -5, 0, 0, 3, 1));
    image("b.nii", turned, 1, 1, 7, 0, 2, 2, 1, 1, 9, 0, 2, 2, 0);
    Files.copy(root.resolve("a_dseg.tsv"), root.resolve("b.tsv"));
    assertEquals(
        choice.columns(), RoiAtlas.read(root, "b.nii").choose(List.of("late", "9"), all).columns());
    assertNotEquals(atlas.fingerprint(), RoiAtlas.read(root, "b.nii").fingerprint());
    Files.writeString(root.resolve("a_dseg.tsv"), "index\tname\n1\tlate\n2\tearly\n");
    assertNotEquals(atlas.fingerprint(), RoiAtlas.read(root, "a_dseg.nii.gz").fingerprint());
  }

  @Test
  void aTableHasARowForEachColumn() throws IOException {
    Files.writeString(root.resolve("v.tsv"), "column\troi\n0\tv1\n1\tn/a\n2\tv2\n3\tv1\n");
    RoiAtlas atlas = RoiAtlas.read(root, "v.tsv");
    SubjectResponses all = responses(ResponseColumns.UNKNOWN, 4);
    assertEquals(List.of(0, 3), atlas.choose(List.of("v1"), all).columns());
    refused(
        DataException.class,
        "4 rows, expected one for each of the 5 columns",
        () -> atlas.choose(List.of("v1"), responses(ResponseColumns.UNKNOWN, 5)));
    refused(RecipeException.class, "Known: v1, v2.", () -> atlas.choose(List.of("n/a"), all));
    Files.writeString(root.resolve("w.tsv"), "column\tregion\n0\tv1\n");
    refused(DataException.class, "roi", () -> RoiAtlas.read(root, "w.tsv"));
  }

  @Test
  void whatDoesNotFitIsRefused() throws IOException {
    image("series.nii", GRID, 2, new float[12]);
    refused(DataException.class, "2 volumes", () -> RoiAtlas.read(root, "series.nii"));
    float[] parts = new float[12];
    parts[3] = 0.5f;
    image("parts.nii", GRID, 1, parts);
    refused(DataException.class, "the label 0.5", () -> RoiAtlas.read(root, "parts.nii"));
    refused(DataException.class, "no such file", () -> RoiAtlas.read(root, "none.nii"));
    float[] ones = new float[12];
    ones[0] = 1;
    ones[1] = 2;
    image("one.nii", GRID, 1, ones);
    Files.writeString(root.resolve("one.tsv"), "index\tname\n1\tfirst\n2\tsecond\n3\tthird\n");
    RoiAtlas atlas = RoiAtlas.read(root, "one.nii");
    refused(
        DataException.class,
        "none of the 11 voxels of the responses lies in first",
        () -> atlas.choose(List.of("first"), voxels()));
    refused(
        RecipeException.class,
        "no voxel has the label of 'third'",
        () -> atlas.choose(List.of("third"), voxels()));
    refused(
        DataException.class,
        "where the columns of the responses lie is not known",
        () -> atlas.choose(List.of("first"), responses(ResponseColumns.UNKNOWN, 11)));
    Grid shifted = new Grid(2, 3, 2, Affine.ofRows(-3, 0, 0, 11, 0, 3, 0, -5, 0, 0, 3, 1));
    image("shifted.nii", shifted, 1, ones);
    refused(
        DataException.class,
        "is no voxel of the atlas",
        () -> RoiAtlas.read(root, "shifted.nii").choose(List.of("1"), voxels()));
  }

  private static void refused(
      Class<? extends NoesisException> type, String why, Runnable choosing) {
    String message = assertThrows(type, choosing::run).getMessage();
    assertTrue(message.contains(why), message);
  }
}
