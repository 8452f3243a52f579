package io.noesis.ingest.format.nifti;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.volume.Affine;
import io.noesis.ingest.volume.BrainMask;
import io.noesis.ingest.volume.Grid;
import io.noesis.ingest.volume.Volume;
import io.noesis.run.OutputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NiftiWriterTest {
  private static final Affine OBLIQUE =
      Affine.ofRows(-1.9, 0.3, -0.4, 80, 0.2, 2.4, 0.5, -110, 0.6, -0.3, 3.1, -60);
  private static final Affine ROTATED = Affine.ofRows(0, -2, 0, 7, 2, 0, 0, -8, 0, 0, -3, 9);

  @TempDir Path folder;

  @Test
  void int16SeriesComeBackScaledAndTimed() {
    Grid grid = new Grid(3, 4, 2, OBLIQUE);
    Path file = folder.resolve("bold.nii.gz");
    short[] block = new short[24];
    NiftiWriter.writeInt16(
        file,
        NiftiSpec.series(grid, 5, 1.5).scaledBy(0.25, -10).describedAs("simulated"),
        t -> {
          for (int v = 0; v < 24; v++) {
            block[v] = (short) (t * 100 - v * 1000);
          }
          return block;
        });
    NiftiHeader header = NiftiHeader.read(file);
    assertEquals(List.of(3L, 4L, 2L, 5L), header.shape());
    assertEquals(1.5, header.trSeconds());
    assertEquals(NiftiType.INT16, header.type());
    assertEquals("simulated", header.description().text());
    assertEquals(NiftiHeader.Source.SFORM, header.orientation().source());
    assertEquals(0, header.orientation().qformCode(), "a sheared affine has no quaternion");
    assertTrue(header.orientation().affine().near(OBLIQUE, 1e-5));
    Volume volume = NiftiFile.read(file);
    assertEquals(0.25f * (300 - 7000) - 10, volume.array()[3 * 24 + 7]);
  }

  @Test
  void theQuaternionSaysTheSameAsTheRows() throws IOException {
    Path file = folder.resolve("rotated.nii");
    NiftiWriter.write(file, Volume.of(new Grid(2, 2, 2, ROTATED), new float[8]));
    assertEquals(2, NiftiHeader.read(file).orientation().qformCode());
    byte[] bytes = Files.readAllBytes(file);
    bytes[254] = 0;
    Files.write(file, bytes);
    NiftiHeader.Orientation orientation = NiftiHeader.read(file).orientation();
    assertEquals(NiftiHeader.Source.QFORM, orientation.source());
    assertTrue(orientation.affine().near(ROTATED, 1e-6), orientation.affine()::toString);
  }

  @Test
  void longAxesAreWrittenAsNifti2() {
    Path file = folder.resolve("long.nii.gz");
    float[] values = new float[40_000];
    values[39_999] = 2.5f;
    NiftiWriter.write(file, Volume.of(new Grid(40_000, 1, 1, ROTATED), values));
    NiftiHeader header = NiftiHeader.read(file);
    assertEquals(2, header.layout().version());
    assertEquals(List.of(40_000L, 1L, 1L), header.shape());
    assertArrayEquals(values, NiftiFile.readValues(file));
  }

  @Test
  void masksComeBack() {
    boolean[] inside = new boolean[24];
    inside[3] = inside[20] = true;
    BrainMask mask = BrainMask.of(new Grid(4, 3, 2, ROTATED), inside);
    Path file = folder.resolve("mask.nii.gz");
    NiftiWriter.writeMask(file, mask);
    assertEquals(mask, NiftiFile.readMask(file));
  }

  @Test
  void equalInputGivesEqualBytes() throws IOException, InterruptedException {
    Volume volume = Volume.of(new Grid(2, 2, 2, ROTATED), new float[] {1, 2, 3, 4, 5, 6, 7, 8});
    NiftiWriter.write(folder.resolve("a.nii.gz"), volume);
    Thread.sleep(1100);
    NiftiWriter.write(folder.resolve("b.nii.gz"), volume);
    byte[] a = Files.readAllBytes(folder.resolve("a.nii.gz"));
    assertArrayEquals(a, Files.readAllBytes(folder.resolve("b.nii.gz")));
    assertArrayEquals(new byte[] {0, 0, 0, 0}, java.util.Arrays.copyOfRange(a, 4, 8), "no time");
  }

  @Test
  void failureLeavesNothingBehind() throws IOException {
    Path file = folder.resolve("torn.nii.gz");
    NiftiSpec spec = NiftiSpec.series(new Grid(2, 2, 2, ROTATED), 3, 2);
    assertThrows(
        IllegalArgumentException.class,
        () -> NiftiWriter.writeInt16(file, spec, t -> new short[t == 2 ? 7 : 8]));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(0, left.count());
    }
    OutputException e =
        assertThrows(
            OutputException.class,
            () -> NiftiWriter.writeInt16(folder.resolve("x.img"), spec, t -> new short[8]));
    assertTrue(e.getMessage().contains(".nii.gz"), e.getMessage());
    assertFalse(Files.exists(folder.resolve("x.img")));
  }
}
