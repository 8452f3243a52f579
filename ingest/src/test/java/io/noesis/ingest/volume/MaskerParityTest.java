package io.noesis.ingest.volume;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.noesis.ingest.format.nifti.NiftiFile;
import io.noesis.ingest.format.nifti.NiftiWriter;
import io.noesis.ingest.signal.Scaling;
import io.noesis.ingest.signal.Standardizer;
import io.noesis.ingest.signal.TimeSeries;
import io.noesis.ingest.signal.Trend;
import io.noesis.run.Parallel;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against nilearn, SciPy and scikit-learn; made by tests/fixtures/make/nifti_masking.py. */
class MaskerParityTest {
  private static final Path ROOT = Path.of(System.getProperty("noesis.root"));
  private static final Path HERE =
      ROOT.resolve("ingest/src/test/resources/io/noesis/ingest/volume");
  private static final Path HAXBY = ROOT.resolve("../shared/data/haxby2001-vt").normalize();
  private static final float TOLERANCE = 1e-5f;

  @TempDir Path folder;

  private static float[] expected(String name) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(HERE.resolve(name + ".f32")));
    float[] out = new float[bytes.capacity() / 4];
    bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(out);
    return out;
  }

  private static MaskedRun masked(Trend trend, Scaling scaling) {
    BrainMask mask = NiftiFile.readMask(HERE.resolve("mask.nii.gz"));
    return new Masker(mask, new MaskerOptions(trend, scaling, NonFinite.REFUSE))
        .mask(NiftiFile.source(HERE.resolve("bold.nii.gz")));
  }

  @Test
  void columnsAndValuesAreThoseOfNiftiMasker() throws IOException {
    MaskedRun run = masked(Trend.NONE, Scaling.NONE);
    assertArrayEquals(expected("raw"), run.values().array(), "equal to the bit");
    assertEquals(2, run.trSeconds());
    assertEquals(63, run.mask().voxels());
  }

  @Test
  void detrendingAndScalingAreThoseOfNilearnAndScipy() throws IOException {
    check("zscore", Trend.NONE, Scaling.ZSCORE_POPULATION);
    check("zscore_detrended", Trend.LINEAR, Scaling.ZSCORE_POPULATION);
    check("zscore_sample", Trend.NONE, Scaling.ZSCORE_SAMPLE);
    check("zscore_sample_detrended", Trend.LINEAR, Scaling.ZSCORE_SAMPLE);
  }

  private static void check(String name, Trend trend, Scaling scaling) throws IOException {
    MaskedRun run = masked(trend, scaling);
    assertArrayEquals(expected(name), run.values().array(), TOLERANCE, name);
    assertEquals(1, run.constantVoxels(), name);
  }

  @Test
  void higherTrendsAreThoseOfPolyfit() throws IOException {
    Tensor raw = masked(Trend.NONE, Scaling.NONE).values();
    float[] expected = expected("quadratic");
    // Residuals of values near 1000 held in float32.
    assertArrayEquals(expected, TimeSeries.detrend(raw, 2).array(), 1e-4f);
    assertArrayEquals(expected, masked(Trend.QUADRATIC, Scaling.NONE).values().array(), 1e-4f);
  }

  @Test
  void runsAreCleanedEachOnItsOwn() throws IOException {
    Tensor raw = masked(Trend.NONE, Scaling.NONE).values();
    int[] runs = IntStream.range(0, 40).map(t -> t / 10).toArray();
    TimeSeries.Cleaned cleaned =
        TimeSeries.cleanWithin(raw, runs, Trend.LINEAR, Scaling.ZSCORE_SAMPLE);
    assertArrayEquals(expected("runs_of_10"), cleaned.values().array(), TOLERANCE);
    assertEquals(1, cleaned.constantColumns());
  }

  @Test
  void standardizersAreThoseOfScikitLearn() throws IOException {
    Tensor raw = masked(Trend.NONE, Scaling.NONE).values();
    int[] train = IntStream.range(0, 30).toArray();
    Standardizer fitted = Standardizer.fit(raw.rows(train), train);
    assertArrayEquals(expected("scaled"), fitted.apply(raw).array(), TOLERANCE);
    assertEquals(1, fitted.constantColumns());
    assertArrayEquals(train, fitted.fittedRows());
  }

  @Test
  void threadsDoNotChangeABit() throws IOException {
    float[] values = new float[300 * 3000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (900 + 50 * Math.sin(i * 0.37) + i % 3000);
    }
    float[] one = values.clone();
    float[] four = values.clone();
    Parallel.with(
        1, () -> TimeSeries.cleanInPlace(one, 3000, Trend.LINEAR, Scaling.ZSCORE_POPULATION));
    Parallel.with(
        4, () -> TimeSeries.cleanInPlace(four, 3000, Trend.LINEAR, Scaling.ZSCORE_POPULATION));
    assertArrayEquals(one, four);
  }

  @Test
  void realVoxelsComeInTheOrderTheirSourceSays() throws IOException {
    assumeTrue(Files.isDirectory(HAXBY), "needs " + HAXBY);
    float[] patterns = int16Npy(HAXBY.resolve("patterns_runs01-08.npy"));
    BrainMask mask = NiftiFile.readMask(HAXBY.resolve("mask_vt.nii.gz"));
    VolumeSource bold = NiftiFile.source(HAXBY.resolve("vt_bold_runs01-08.nii.gz"));
    Masker disk = new Masker(mask.in(VoxelOrder.FIRST_AXIS_FASTEST), MaskerOptions.RAW);
    MaskedRun run = disk.mask(bold);
    assertEquals("[576, 577]", run.values().shape().toString());
    assertArrayEquals(patterns, run.values().array());
    MaskedRun numpy = new Masker(mask, MaskerOptions.RAW).mask(bold);
    assertFalse(java.util.Arrays.equals(patterns, numpy.values().array()));
    for (int column = 0; column < 577; column += 96) {
      int[] ijk = mask.voxel(column);
      int other =
          IntStream.range(0, 577)
              .filter(c -> java.util.Arrays.equals(ijk, disk.mask().voxel(c)))
              .findFirst()
              .orElseThrow();
      assertEquals(run.values().at(100, other), numpy.values().at(100, column));
    }
    Path back = folder.resolve("back.nii.gz");
    NiftiWriter.write(back, disk.unmask(run.values(), run.trSeconds()));
    assertEquals(run.values(), disk.mask(NiftiFile.source(back)).values());
    assertTrue(bold.bufferBytes() < 2 << 20, "four volumes, not 576");
  }

  private static float[] int16Npy(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(10 + bytes.getShort(8));
    float[] out = new float[bytes.remaining() / 2];
    for (int i = 0; i < out.length; i++) {
      out[i] = bytes.getShort();
    }
    return out;
  }
}
