package io.noesis.ingest.volume;

import io.noesis.ingest.signal.TimeSeries;
import io.noesis.run.Check;
import io.noesis.run.DataException;
import io.noesis.run.Progress;
import io.noesis.tensor.Tensor;

/**
 * The only door between volumes and {@code [volumes, voxels]}, and back. A run is read in one
 * streaming pass: each volume gives its masked voxels to one row, and is forgotten; detrending and
 * scaling then happen in the matrix itself. Immutable; may be shared between threads.
 */
public final class Masker {
  private final BrainMask mask;
  private final MaskerOptions options;

  /**
   * @param mask which voxels become columns
   * @param options what is done to each run
   */
  public Masker(BrainMask mask, MaskerOptions options) {
    this.mask = mask;
    this.options = options;
  }

  /** Which voxels become columns. */
  public BrainMask mask() {
    return mask;
  }

  /**
   * Turns a run into a matrix, hearing nothing meanwhile.
   *
   * @see #mask(VolumeSource, Progress)
   */
  public MaskedRun mask(VolumeSource run) {
    return mask(run, Progress.NONE);
  }

  /**
   * Turns a run into a matrix in one pass over its volumes.
   *
   * @param run the volumes
   * @param progress hears each volume
   * @return {@code [volumes, voxels]} and what was met on the way
   * @throws DataException when run and mask lie in different spaces, voxels are not finite (unless
   *     the options say what to do), the matrix does not fit, or the file cannot be read
   */
  public MaskedRun mask(VolumeSource run, Progress progress) {
    mask.requireSameSpace(run.grid(), run.name());
    requireMemory(run);
    int[] voxels = mask.columns();
    int width = voxels.length;
    float[] values = new float[Math.multiplyExact(run.volumes(), width)];
    boolean[] broken = new boolean[width];
    progress.begin("masking " + run.name(), run.volumes());
    run.forEachVolume(
        (t, frame) -> {
          int row = t * width;
          frame.gather(voxels, values, row);
          for (int v = 0; v < width; v++) {
            broken[v] |= !Float.isFinite(values[row + v]);
          }
          progress.step(1);
        });
    MaskedRun result = clean(values, broken, run);
    progress.done(run.volumes() + " volumes x " + result.mask().voxels() + " voxels");
    return result;
  }

  private MaskedRun clean(float[] values, boolean[] broken, VolumeSource run) {
    int count = 0;
    for (boolean b : broken) {
      count += b ? 1 : 0;
    }
    BrainMask kept = mask;
    float[] finite = values;
    if (count > 0) {
      switch (options.nonFinite()) {
        case REFUSE -> throw refused(run, broken, count);
        case DROP -> {
          if (count == broken.length) {
            throw refused(run, broken, count);
          }
          kept = mask.without(broken);
          finite = withoutColumns(values, broken, kept.voxels());
        }
        case ZERO -> zeroColumns(values, broken);
      }
    }
    int constant =
        TimeSeries.cleanInPlace(finite, kept.voxels(), options.trend(), options.scaling());
    Tensor matrix = Tensor.wrap(finite, run.volumes(), kept.voxels());
    return new MaskedRun(matrix, kept, run.trSeconds(), constant, count);
  }

  private DataException refused(VolumeSource run, boolean[] broken, int count) {
    int first = 0;
    while (!broken[first]) {
      first++;
    }
    int[] ijk = mask.voxel(first);
    return new DataException(
        String.format(
            "masking %s: %d of %d voxels inside the mask are NaN or infinite in some volume (the"
                + " first is voxel (%d, %d, %d)), expected finite values. Drop them (nonFinite:"
                + " drop), set them to zero (nonFinite: zero), or take them out of the mask.",
            run.name(), count, broken.length, ijk[0], ijk[1], ijk[2]));
  }

  private static float[] withoutColumns(float[] values, boolean[] drop, int kept) {
    int rows = values.length / drop.length;
    float[] out = new float[rows * kept];
    int at = 0;
    for (int i = 0; i < values.length; i++) {
      if (!drop[i % drop.length]) {
        out[at++] = values[i];
      }
    }
    return out;
  }

  private static void zeroColumns(float[] values, boolean[] zero) {
    for (int i = 0; i < values.length; i++) {
      if (zero[i % zero.length]) {
        values[i] = 0;
      }
    }
  }

  /**
   * Puts rows back at their voxels; voxels outside the mask are 0.
   *
   * @param rows {@code [volumes, voxels]} in the mask's order
   * @param trSeconds seconds between the rows; 0 when they are not a series in time
   * @return one volume per row
   */
  public Volume unmask(Tensor rows, double trSeconds) {
    int[] voxels = mask.columns();
    Check.argument(
        rows.shape().rank() == 2 && rows.dim(1) == voxels.length && rows.dim(0) > 0,
        "unmasking needs [volumes, %d], found %s",
        voxels.length,
        rows);
    int size = mask.grid().voxels();
    if ((long) rows.dim(0) * size > Integer.MAX_VALUE - 8) {
      throw new DataException(
          "unmasking "
              + rows
              + " to "
              + mask.grid().sizes()
              + ": more values than one array holds (2^31-1). Unmask fewer rows at a time.");
    }
    float[] out = new float[rows.dim(0) * size];
    float[] in = rows.array();
    for (int t = 0; t < rows.dim(0); t++) {
      for (int v = 0; v < voxels.length; v++) {
        out[t * size + voxels[v]] = in[t * voxels.length + v];
      }
    }
    return Volume.series(mask.grid(), rows.dim(0), trSeconds, out);
  }

  /**
   * Bytes that masking a run takes at its peak: the matrix, the mask and the reader's buffers. Add
   * another matrix when voxels are dropped.
   *
   * @param run the volumes; only its sizes are read
   * @return bytes
   */
  public long bytesNeeded(VolumeSource run) {
    long matrix = 4L * run.volumes() * mask.voxels();
    return matrix + 5L * mask.voxels() + run.bufferBytes() + (1 << 20);
  }

  private void requireMemory(VolumeSource run) {
    long size = (long) run.volumes() * mask.voxels();
    if (size > Integer.MAX_VALUE - 8) {
      throw new DataException(
          "masking "
              + run.name()
              + ": "
              + run.volumes()
              + " volumes x "
              + mask.voxels()
              + " voxels are more than one matrix holds (2^31-1 values). Use a smaller mask, or"
              + " split the run.");
    }
    long needed = bytesNeeded(run);
    long allowed = Runtime.getRuntime().maxMemory();
    if (needed > allowed) {
      throw new DataException(
          String.format(
              "masking %s: %d volumes x %d voxels need %d MB, Java may use %d MB. Use a smaller"
                  + " mask, or give Java more memory (-Xmx%dm).",
              run.name(),
              run.volumes(),
              mask.voxels(),
              needed >> 20,
              allowed >> 20,
              (needed >> 20) + 64));
    }
  }
}
