package io.noesis.ingest.volume;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.signal.Scaling;
import io.noesis.ingest.signal.Trend;
import io.noesis.run.DataException;
import io.noesis.tensor.Tensor;
import org.junit.jupiter.api.Test;

class MaskerTest {
  private static final Grid GRID = new Grid(2, 3, 2, Affine.diagonal(2, 2, 2));

  /** Volume t has 100 t + (disk index) at every voxel. */
  private static Volume run(int volumes) {
    float[] values = new float[volumes * 12];
    for (int i = 0; i < values.length; i++) {
      values[i] = 100f * (i / 12) + i % 12;
    }
    return Volume.series(GRID, volumes, 2, values);
  }

  private static BrainMask mask(int... disk) {
    boolean[] inside = new boolean[12];
    for (int d : disk) {
      inside[d] = true;
    }
    return BrainMask.of(GRID, inside);
  }

  @Test
  void columnsFollowTheLastAxisUnlessAskedOtherwise() {
    // Disk indices i + 2 j + 6 k: (1,0,0)=1, (0,1,0)=2, (0,0,1)=6, (1,2,1)=11.
    BrainMask mask = mask(1, 2, 6, 11);
    assertArrayEquals(new int[] {6, 2, 1, 11}, mask.indices());
    assertArrayEquals(new int[] {0, 0, 1}, mask.voxel(0));
    BrainMask disk = mask.in(VoxelOrder.FIRST_AXIS_FASTEST);
    assertArrayEquals(new int[] {1, 2, 6, 11}, disk.indices());
    assertEquals(mask, disk.in(VoxelOrder.LAST_AXIS_FASTEST));
    Masker masker = new Masker(mask, MaskerOptions.RAW);
    assertArrayEquals(
        new float[] {6, 2, 1, 11, 106, 102, 101, 111}, masker.mask(run(2)).values().array());
  }

  @Test
  void unmaskPutsValuesBack() {
    Masker masker = new Masker(mask(0, 5, 7), MaskerOptions.RAW);
    MaskedRun masked = masker.mask(run(3));
    Volume back = masker.unmask(masked.values(), 2);
    assertEquals(masked.values(), masker.mask(back).values());
    assertEquals(0, back.at(1, 0, 0, 2));
    assertEquals(205, back.at(1, 2, 0, 2));
    assertEquals(2, back.trSeconds());
  }

  @Test
  void anotherSpaceIsRefusedWithBothNamed() {
    BrainMask mask = mask(1, 2);
    Grid shifted = new Grid(2, 3, 2, Affine.ofRows(2, 0, 0, 0.03, 0, 2, 0, 0, 0, 0, 2, 0));
    Volume image = Volume.of(shifted, new float[12]);
    Masker masker = new Masker(mask, MaskerOptions.RAW);
    DataException e = assertThrows(DataException.class, () -> masker.mask(image));
    assertTrue(e.getMessage().contains("2 x 3 x 2 at [2"), e.getMessage());
    assertTrue(e.getMessage().contains("0.03"), e.getMessage());
    assertTrue(e.getMessage().contains("Resample"), e.getMessage());
    Volume larger = Volume.of(new Grid(3, 3, 2, GRID.affine()), new float[18]);
    e = assertThrows(DataException.class, () -> masker.mask(larger));
    assertTrue(e.getMessage().contains("3 x 3 x 2"), e.getMessage());
    Grid rounded = new Grid(2, 3, 2, Affine.ofRows(2, 0, 0, 0.001, 0, 2, 0, 0, 0, 0, 2, 0));
    assertEquals(2, masker.mask(Volume.of(rounded, new float[12])).mask().voxels());
  }

  private static Volume withNan() {
    float[] values = run(4).array().clone();
    values[12 + 5] = Float.NaN;
    values[24 + 7] = Float.NEGATIVE_INFINITY;
    values[3] = Float.NaN;
    return Volume.series(GRID, 4, 2, values);
  }

  @Test
  void voxelsWithNanAreCountedAndRefused() {
    Masker masker = new Masker(mask(1, 5, 7, 8), MaskerOptions.RAW);
    DataException e = assertThrows(DataException.class, () -> masker.mask(withNan()));
    assertTrue(e.getMessage().contains("2 of 4 voxels"), e.getMessage());
    assertTrue(e.getMessage().contains("drop"), e.getMessage());
  }

  @Test
  void voxelsWithNanAreDroppedOrZeroedWhenAsked() {
    MaskedRun dropped =
        new Masker(mask(1, 5, 7, 8), new MaskerOptions(Trend.NONE, Scaling.NONE, NonFinite.DROP))
            .mask(withNan());
    assertEquals(2, dropped.nonFiniteVoxels());
    assertEquals(mask(1, 8), dropped.mask());
    assertArrayEquals(new float[] {8, 1, 108, 101, 208, 201, 308, 301}, dropped.values().array());
    MaskedRun zeroed =
        new Masker(mask(5, 8), new MaskerOptions(Trend.NONE, Scaling.NONE, NonFinite.ZERO))
            .mask(withNan());
    assertEquals(1, zeroed.nonFiniteVoxels());
    assertArrayEquals(new float[] {8, 0, 108, 0, 208, 0, 308, 0}, zeroed.values().array());
  }

  @Test
  void constantVoxelsBecomeZeroAndAreCounted() {
    float[] values = run(4).array().clone();
    for (int t = 0; t < 4; t++) {
      values[12 * t + 2] = 1234.5f;
    }
    MaskerOptions zscore =
        new MaskerOptions(Trend.NONE, Scaling.ZSCORE_POPULATION, NonFinite.REFUSE);
    MaskedRun run = new Masker(mask(1, 2), zscore).mask(Volume.series(GRID, 4, 2, values));
    assertEquals(1, run.constantVoxels());
    float far = (float) Math.sqrt(1.8);
    assertArrayEquals(
        new float[] {0, -far, 0, -far / 3, 0, far / 3, 0, far}, run.values().array(), 1e-6f);
  }

  @Test
  void masksAreIntersectedAndMadeFromMeans() {
    assertEquals(mask(2, 5), mask(1, 2, 5).intersect(mask(2, 5, 8)));
    assertThrows(DataException.class, () -> mask(1).intersect(mask(2)));
    Volume mean = Volume.mean(run(3));
    assertEquals(105, mean.at(1, 2, 0, 0));
    assertEquals(mask(6, 7, 8, 9, 10, 11), BrainMask.brighterThan(mean, 0.5));
    assertThrows(
        DataException.class, () -> BrainMask.brighterThan(Volume.of(GRID, new float[12]), 0.2));
    assertThrows(DataException.class, () -> BrainMask.nonZero(run(2)));
  }

  @Test
  void memoryIsEstimatedBeforeItIsUsed() {
    Masker masker = new Masker(mask(1, 2), MaskerOptions.RAW);
    long needed = masker.bytesNeeded(run(1000));
    assertTrue(needed >= 4 * 2000 && needed < 2 << 20, "needed " + needed);
    VolumeSource endless = new Endless();
    DataException e = assertThrows(DataException.class, () -> masker.mask(endless));
    assertTrue(
        e.getMessage().contains("2^31-1") || e.getMessage().contains("-Xmx"), e.getMessage());
  }

  /** Claims more volumes than any memory holds. */
  private static final class Endless implements VolumeSource {
    @Override
    public String name() {
      return "endless.nii";
    }

    @Override
    public Grid grid() {
      return GRID;
    }

    @Override
    public int volumes() {
      return Integer.MAX_VALUE;
    }

    @Override
    public double trSeconds() {
      return 1;
    }

    @Override
    public long bufferBytes() {
      return 0;
    }

    @Override
    public void forEachVolume(Visitor visitor) {
      throw new AssertionError("must not be read");
    }
  }

  @Test
  void unmaskingAsksForTheMasksWidth() {
    Masker masker = new Masker(mask(1, 2), MaskerOptions.RAW);
    assertThrows(IllegalArgumentException.class, () -> masker.unmask(Tensor.zeros(3, 4), 0));
  }
}
