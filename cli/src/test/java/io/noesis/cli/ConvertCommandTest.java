package io.noesis.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.format.nifti.NiftiFile;
import io.noesis.ingest.format.nifti.NiftiHeader;
import io.noesis.ingest.format.nifti.NiftiSpec;
import io.noesis.ingest.format.nifti.NiftiType;
import io.noesis.ingest.format.nifti.NiftiWriter;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.ingest.volume.Affine;
import io.noesis.ingest.volume.BrainMask;
import io.noesis.ingest.volume.Grid;
import io.noesis.ingest.volume.Volume;
import io.noesis.run.AtomicFile;
import io.noesis.tensor.DType;
import io.noesis.tensor.Npy;
import io.noesis.tensor.NpyHeader;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against files of tests/fixtures/make/convert.py (nibabel, NumPy, SciPy, safetensors). */
class ConvertCommandTest {
  @TempDir Path folder;

  private static Path fixture(String name) {
    try {
      return Path.of(ConvertCommandTest.class.getResource("convert/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path converted(String in, String out, Object... more) {
    Path file = folder.resolve(out);
    Object[] words =
        Stream.concat(Stream.of("convert", fixture(in), file), Arrays.stream(more)).toArray();
    Call.of(words).ended(0);
    return file;
  }

  @Test
  void imageBecomesTheArrayOfNibabel() {
    Path out = converted("bold.nii.gz", "whole.npy");
    assertEquals(Npy.read(fixture("whole.npy")), Npy.read(out));
    assertEquals(List.of(4L, 5L, 3L, 7L), NpyHeader.read(out).shape());
    assertEquals(Npy.read(fixture("five.npy")), Npy.read(converted("five.nii", "five.npy")));
  }

  @Test
  void manyLargeVolumesAreTurnedInBlocks() {
    // More volumes than are turned together, and not a multiple of them.
    Grid grid = new Grid(3, 2, 4, Affine.diagonal(2, 2, 2));
    float[] values = new float[grid.voxels() * 37];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    Volume series = Volume.series(grid, 37, 2, values);
    Path in = folder.resolve("long.nii");
    NiftiWriter.write(in, series);
    Call.of("convert", in, folder.resolve("long.npy")).ended(0);
    Tensor out = Npy.read(folder.resolve("long.npy"));
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 2; j++) {
        for (int k = 0; k < 4; k++) {
          for (int t = 0; t < 37; t++) {
            assertEquals(series.at(i, j, k, t), out.array()[((i * 2 + j) * 4 + k) * 37 + t]);
          }
        }
      }
    }
  }

  @Test
  void maskedImageBecomesTheMatrixOfNumPy() {
    Path raw = converted("bold.nii.gz", "raw.npy", "--mask", fixture("mask.nii.gz"));
    assertEquals(Npy.read(fixture("masked.npy")), Npy.read(raw));
  }

  @Test
  void zscoreAndDetrendAreThoseOfSciPy() {
    Path mask = fixture("mask.nii.gz");
    near("zscored.npy", converted("bold.nii.gz", "z.npy", "--mask", mask, "--zscore"));
    near(
        "detrended.npy",
        converted("bold.nii.gz", "d.npy", "--mask", mask, "--zscore", "--detrend"));
  }

  private static void near(String expected, Path found) {
    assertArrayEquals(Npy.read(fixture(expected)).array(), Npy.read(found).array(), 1e-5f);
  }

  @Test
  void matrixGoesBackToItsVoxels() {
    Path image = converted("masked.npy", "back.nii.gz", "--mask", fixture("mask.nii.gz"));
    assertEquals(List.of(4L, 5L, 3L, 7L), NiftiHeader.read(image).shape());
    Path again = folder.resolve("again.npy");
    Call.of("convert", image, again, "--mask", fixture("mask.nii.gz")).ended(0);
    assertEquals(Npy.read(fixture("masked.npy")), Npy.read(again));
    BrainMask mask = NiftiFile.readMask(fixture("mask.nii.gz"));
    Volume volume = NiftiFile.read(image);
    boolean[] inside = mask.flags();
    for (int v = 0; v < inside.length; v++) {
      assertTrue(inside[v] || volume.array()[v] == 0);
    }
    assertTrue(mask.grid().matches(volume.grid()));
  }

  @Test
  void oneRowBecomesOneVolumeAndATableAnImage() {
    Path mask = fixture("mask.nii.gz");
    int voxels = NiftiFile.readMask(mask).voxels();
    Path row = folder.resolve("row.npy");
    Npy.write(row, Tensor.zeros(voxels));
    Call.of("convert", row, folder.resolve("row.nii"), "--mask", mask).ended(0);
    assertEquals(List.of(4L, 5L, 3L), NiftiHeader.read(folder.resolve("row.nii")).shape());
    Path table = converted("bold.nii.gz", "bold.tsv", "--mask", mask);
    Call.of("convert", table, folder.resolve("table.nii"), "--mask", mask).ended(0);
    Call.of("convert", fixture("masked.npy"), folder.resolve("array.nii"), "--mask", mask).ended(0);
    assertArrayEquals(
        NiftiFile.readValues(folder.resolve("array.nii")),
        NiftiFile.readValues(folder.resolve("table.nii")));
  }

  @Test
  void maskedImageMayStayAnImage() {
    Path mask = fixture("mask.nii.gz");
    Path image = converted("bold.nii.gz", "z.nii.gz", "--mask", mask, "--zscore");
    assertEquals(1.5, NiftiHeader.read(image).trSeconds(), 1e-6);
    Path rows = folder.resolve("z.npy");
    Call.of("convert", image, rows, "--mask", mask).ended(0);
    near("zscored.npy", rows);
  }

  @Test
  void imagesAreWrittenAnewWithTheirValuesAndSpace() {
    Path whole = converted("plain.nii", "plain.nii.gz");
    Path scaled = converted("bold.nii.gz", "bold.nii");
    assertEquals(NiftiType.INT16, NiftiHeader.read(whole).type());
    assertEquals(NiftiType.FLOAT32, NiftiHeader.read(scaled).type());
    assertArrayEquals(NiftiFile.readValues(fixture("plain.nii")), NiftiFile.readValues(whole));
    assertArrayEquals(NiftiFile.readValues(fixture("bold.nii.gz")), NiftiFile.readValues(scaled));
    NiftiHeader before = NiftiHeader.read(fixture("bold.nii.gz"));
    NiftiHeader after = NiftiHeader.read(scaled);
    assertTrue(before.grid().affine().near(after.grid().affine(), 1e-6));
    assertEquals(before.trSeconds(), after.trSeconds(), 1e-6);
  }

  @Test
  void arraysKeepTheirValuesAndKind() {
    Path doubles = converted("fortran.npy", "c.npy");
    assertEquals(Npy.readDoubles(fixture("fortran.npy")), Npy.readDoubles(doubles));
    assertEquals(Optional.of(DType.FLOAT64), NpyHeader.read(doubles).dtype());
    Path whole = converted("whole_numbers.npy", "w.npy");
    assertEquals(Npy.readLongs(fixture("whole_numbers.npy")), Npy.readLongs(whole));
    assertEquals(16777217, Npy.readLongs(whole).array()[3]);
    assertArrayEquals(
        new double[] {0, 1, 2, 3, 4, 5},
        Npy.readDoubles(converted("several.npz", "a.npy", "--name", "a")).array());
    assertArrayEquals(
        new long[] {0, 1, 2, 3},
        Npy.readLongs(converted("several.npz", "b.npy", "--name", "b")).array());
    assertArrayEquals(
        new float[] {0.5f, 2, -1},
        Npy.read(converted("tensors.safetensors", "h.npy", "--name", "h")).array());
    Path y = converted("several.mat", "y.npy", "--name", "y");
    assertEquals(List.of(1L, 4L), NpyHeader.read(y).shape());
    assertArrayEquals(new double[] {1, -2, 3, 4}, Npy.readDoubles(y).array());
  }

  @Test
  void tablesReadBackAsTheSameNumbers() {
    Path table = converted("one.npz", "one.tsv");
    TsvTable read = Tsv.read(table);
    assertEquals(List.of("column_0"), read.columns());
    assertEquals(List.of("0.1", "n/a", "-3.0", "1.0E-30", "5.0"), read.texts("column_0"));
    Path x = converted("several.mat", "x.tsv", "--name", "x");
    Path back = folder.resolve("x.npy");
    Call.of("convert", x, back).ended(0);
    assertArrayEquals(
        new double[] {0, 1 / 3.0, 2 / 3.0, 1, 4 / 3.0, 5 / 3.0}, Npy.readDoubles(back).array());
    Path masked = converted("bold.nii.gz", "m.tsv", "--mask", fixture("mask.nii.gz"));
    assertEquals("voxel_0", Tsv.read(masked).columns().get(0));
    assertEquals(7, Tsv.read(masked).rows());
  }

  @Test
  void aColumnOfATableIsChosenByName() {
    Path onset = converted("events.tsv", "onset.npy", "--name", "onset");
    assertEquals(List.of(2L), NpyHeader.read(onset).shape());
    assertArrayEquals(new double[] {0, 4.25}, Npy.readDoubles(onset).array());
    double[] duration =
        Npy.readDoubles(converted("events.tsv", "duration.npy", "--name", "duration")).array();
    assertArrayEquals(new double[] {1.5, Double.NaN}, duration);
    String words = refused(3, fixture("events.tsv"), "all.npy");
    assertTrue(words.contains("'trial_type' holds 'face' in line 2"), words);
    assertTrue(words.contains("--name"), words);
  }

  @Test
  void voxelsThatAreNotFiniteFollowTheRule() {
    Grid grid = new Grid(2, 2, 1, Affine.diagonal(1, 1, 1));
    Path in = folder.resolve("nan.nii");
    float[] values = {1, 2, Float.NaN, 4, 5, 7, 9, 11};
    NiftiWriter.write(in, Volume.series(grid, 2, 1, values));
    Path mask = folder.resolve("all.nii");
    NiftiWriter.writeMask(mask, BrainMask.of(grid, new boolean[] {true, true, true, true}));
    String refusal = refused(3, in, "refused.npy", "--mask", mask);
    assertTrue(refusal.contains("1 of 4 voxels"), refusal);
    Path zero = folder.resolve("zero.npy");
    Call.of("convert", in, zero, "--mask", mask, "--non-finite", "zero").ended(0);
    // Columns in NumPy's order: (0,0) (0,1) (1,0) (1,1).
    assertArrayEquals(new float[] {1, 0, 2, 4, 5, 0, 7, 11}, Npy.read(zero).array());
    Path drop = folder.resolve("drop.npy");
    Call call = Call.of("convert", in, drop, "--mask", mask, "--non-finite", "drop").ended(0);
    assertArrayEquals(new float[] {1, 2, 4, 5, 7, 11}, Npy.read(drop).array());
    assertTrue(call.out().contains("1 voxels were NaN or infinite"), call.out());
  }

  @Test
  void anExistingOutputIsOnlyReplacedWhenForced() throws IOException {
    Path out = folder.resolve("out.npy");
    Files.writeString(out, "mine");
    String message = refused(2, fixture("one.npz"), "out.npy");
    assertTrue(message.contains("--force"), message);
    assertEquals("mine", Files.readString(out));
    Call.of("convert", fixture("one.npz"), out, "--force").ended(0);
    assertEquals(5, Npy.read(out).size());
    Call same = Call.of("convert", out, out, "--force").ended(2);
    assertTrue(same.err().contains("one file"), same.err());
    Files.createDirectory(folder.resolve("folder.npy"));
    Call.of("convert", fixture("one.npz"), folder.resolve("folder.npy"), "--force").ended(2);
  }

  @Test
  void aDamagedInputLeavesTheOutputAsItWas() throws IOException {
    Path cut = folder.resolve("cut.nii.gz");
    byte[] whole = Files.readAllBytes(fixture("bold.nii.gz"));
    Files.write(cut, Arrays.copyOf(whole, whole.length - 40));
    Path out = folder.resolve("out.npy");
    Files.writeString(out, "mine");
    for (Object[] more : List.of(new Object[0], new Object[] {"--mask", fixture("mask.nii.gz")})) {
      Object[] words =
          Stream.concat(Stream.of("convert", cut, out, "--force"), Arrays.stream(more)).toArray();
      Call.of(words).ended(3);
    }
    Call.of("convert", cut, folder.resolve("new.nii.gz")).ended(3);
    assertEquals("mine", Files.readString(out));
    try (Stream<Path> left = Files.list(folder)) {
      assertTrue(
          left.noneMatch(
              f -> f.toString().endsWith(AtomicFile.TEMPORARY_SUFFIX) || f.endsWith("new.nii.gz")));
    }
  }

  @Test
  void impossiblePairsSayWhatIsPossible() {
    Path mask = fixture("mask.nii.gz");
    Path bold = fixture("bold.nii.gz");
    assertTrue(refused(2, bold, "x.mat").contains(".npy, .nii.gz, .nii or .tsv"));
    assertPossible(refused(2, bold, "x.tsv"), "needs --mask");
    assertPossible(refused(2, bold, "x.npy", "--zscore"), "need --mask");
    assertPossible(refused(2, bold, "x.npy", "--non-finite", "zero"), "need --mask");
    assertPossible(refused(2, bold, "x.npy", "--name", "y"), "--name names nothing");
    assertPossible(refused(2, fixture("masked.npy"), "x.nii.gz"), "needs --mask");
    assertPossible(refused(2, fixture("masked.npy"), "x.npy", "--mask", mask), "--mask makes");
    assertPossible(
        refused(2, fixture("masked.npy"), "x.nii", "--mask", mask, "--detrend"), "are for images");
    assertPossible(refused(2, fixture("events.tsv"), "x.tsv"), "such a table already");
    assertTrue(refused(2, fixture("five.npy"), "x.tsv").contains("expected one or two axes"));
    assertTrue(refused(2, fixture("masked.npy"), "x.npy", "--name", "a").contains("one array"));
    assertTrue(refused(2, fixture("several.npz"), "x.npy").contains("--name: a, b, words"));
    assertTrue(refused(2, fixture("several.npz"), "x.npy", "--name", "c").contains("Known: a, b"));
    assertTrue(refused(2, fixture("several.mat"), "x.npy").contains("--name: x, y, z"));
  }

  private static void assertPossible(String message, String because) {
    assertTrue(message.contains(because), message);
    assertTrue(message.contains("Possible: a NIfTI image to .npy"), message);
  }

  @Test
  void dataThatDoNotFitAreRefused() throws IOException {
    Path mask = fixture("mask.nii.gz");
    assertTrue(
        refused(3, fixture("whole_numbers.npy"), "x.nii", "--mask", mask).contains("[2, 3]"));
    assertTrue(refused(3, fixture("five.nii"), "x.npy", "--mask", mask).contains("3 or 4 axes"));
    assertTrue(refused(3, fixture("several.npz"), "x.npy", "--name", "words").contains("texts"));
    assertTrue(refused(3, fixture("several.mat"), "x.npy", "--name", "word").contains("char"));
    assertTrue(refused(3, fixture("several.mat"), "x.npy", "--name", "z").contains("complex"));
    assertTrue(refused(3, folder.resolve("none.npy"), "x.npy").contains("no such file"));
    Files.createFile(folder.resolve("empty.npy"));
    assertTrue(refused(3, folder.resolve("empty.npy"), "x.npy").contains("0 bytes"));
    Files.writeString(folder.resolve("words.txt"), "just words");
    assertTrue(refused(3, folder.resolve("words.txt"), "x.npy").contains("of no format"));
    Files.writeString(folder.resolve("a.json"), "{}");
    assertTrue(refused(2, folder.resolve("a.json"), "x.npy").contains("holds no array"));
    Path infinite = folder.resolve("infinite.npy");
    Npy.write(infinite, Tensor.wrap(new float[] {1, Float.POSITIVE_INFINITY}, 2));
    assertTrue(refused(3, infinite, "x.tsv").contains("infinite"));
  }

  @Test
  void memoryIsEstimatedBeforeItIsUsed() {
    // 4 MB whole, 300 KB masked.
    Grid grid = new Grid(20, 20, 25, Affine.diagonal(2, 2, 2));
    Path in = folder.resolve("large.nii.gz");
    short[] zeros = new short[grid.voxels()];
    NiftiWriter.writeInt16(in, NiftiSpec.series(grid, 100, 2), t -> zeros);
    boolean[] inside = new boolean[grid.voxels()];
    Arrays.fill(inside, 0, 750, true);
    Path mask = folder.resolve("mask.nii");
    NiftiWriter.writeMask(mask, BrainMask.of(grid, inside));
    for (String out : List.of("x.npy", "x.nii.gz")) {
      String message = refused(2, in, out, "--mem-mb", 3);
      assertTrue(message.contains("about 4 MB") || message.contains("about 5 MB"), message);
      assertTrue(message.contains("--mem-mb") && message.contains("NOESIS_JAVA_OPTS"), message);
    }
    Path out = folder.resolve("masked.npy");
    Call.of("convert", in, out, "--mask", mask, "--mem-mb", 3).ended(0);
    assertEquals(List.of(100L, 750L), NpyHeader.read(out).shape());
    refused(2, in, "x.npy", "--mask", mask, "--mem-mb", 1);
  }

  private String refused(int code, Path in, String out, Object... more) {
    Path file = folder.resolve(out);
    boolean there = Files.exists(file);
    Object[] words = Stream.concat(Stream.of("convert", in, file), Arrays.stream(more)).toArray();
    Call call = Call.of(words).ended(code);
    assertTrue(there || !Files.exists(file), "something was written");
    assertFalse(call.err().isBlank());
    return call.err();
  }
}
