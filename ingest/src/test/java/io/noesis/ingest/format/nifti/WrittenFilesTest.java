package io.noesis.ingest.format.nifti;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.noesis.ingest.volume.Affine;
import io.noesis.ingest.volume.BrainMask;
import io.noesis.ingest.volume.Grid;
import io.noesis.ingest.volume.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The writer's bytes do not change: they are those committed in {@code written/}, of which
 * tests/fixtures/make/nifti_written.py tells what nibabel reads from them. When the writer is meant
 * to change, write them again with {@link #main} and run that script.
 */
class WrittenFilesTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("noesis.root", "."))
          .resolve("ingest/src/test/resources/io/noesis/ingest/format/nifti/written");
  private static final Affine SHEARED =
      Affine.ofRows(-1.9, 0.3, -0.4, 80, 0.2, 2.4, 0.5, -110, 0.6, -0.3, 3.1, -60);
  private static final Affine ROTATED = Affine.ofRows(0, -1.5, 0, 7, -2, 0, 0, -8, 0, 0, -3, 9.125);

  @TempDir Path folder;

  /** Writes the files anew: {@code java -cp ... WrittenFilesTest FOLDER}. */
  public static void main(String[] args) {
    write(Path.of(args[0]));
  }

  private static void write(Path folder) {
    NiftiWriter.writeInt16(
        folder.resolve("int16_scaled.nii"),
        NiftiSpec.series(new Grid(3, 4, 2, SHEARED), 5, 1.5)
            .scaledBy(0.25, -10)
            .describedAs("simulated"),
        t -> ramp(t));
    float[] values = {1.5f, -0f, Float.NaN, 3e38f, -1e-40f, Float.NEGATIVE_INFINITY, 7, 8};
    NiftiWriter.write(
        folder.resolve("float32_rotated.nii"), Volume.of(new Grid(2, 2, 2, ROTATED), values));
    boolean[] inside = new boolean[32_768];
    inside[5] = inside[32_767] = true;
    NiftiWriter.writeMask(
        folder.resolve("mask_nifti2.nii"),
        BrainMask.of(new Grid(32_768, 1, 1, Affine.diagonal(1, 1, 1)), inside));
  }

  private static short[] ramp(int volume) {
    short[] out = new short[24];
    for (int v = 0; v < 24; v++) {
      out[v] = (short) (volume * 100 - v * 1000);
    }
    return out;
  }

  @Test
  void bytesAreThoseCommitted() throws IOException {
    write(folder);
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertEquals(3, all.size());
      for (Path file : all) {
        byte[] golden = Files.readAllBytes(GOLDEN.resolve(file.getFileName()));
        assertArrayEquals(golden, Files.readAllBytes(file), file.toString());
      }
    }
  }

  @Test
  void committedFilesStillRead() {
    float[] values = NiftiFile.readValues(GOLDEN.resolve("int16_scaled.nii"));
    for (int i = 0; i < values.length; i++) {
      assertEquals(0.25f * ramp(i / 24)[i % 24] - 10, values[i]);
    }
    assertEquals(2, NiftiFile.readMask(GOLDEN.resolve("mask_nifti2.nii")).voxels());
  }
}
