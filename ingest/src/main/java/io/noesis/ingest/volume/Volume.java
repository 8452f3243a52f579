package io.noesis.ingest.volume;

import io.noesis.run.Check;
import io.noesis.run.DataException;

/**
 * One volume or a series of volumes in memory: float32 values in disk order (first axis fastest,
 * volumes slowest) on a {@link Grid}. Treated as immutable.
 */
public final class Volume implements VolumeSource {
  private final Grid grid;
  private final int volumes;
  private final double trSeconds;
  private final float[] values;

  private Volume(Grid grid, int volumes, double trSeconds, float[] values) {
    Check.argument(volumes > 0, "a series needs at least 1 volume, found %d", volumes);
    Check.size(
        "values of " + volumes + " volumes of " + grid.sizes(),
        (long) volumes * grid.voxels(),
        values.length);
    Check.argument(
        trSeconds >= 0 && Double.isFinite(trSeconds),
        "seconds between volumes must be 0 (unknown) or more, found %s",
        trSeconds);
    this.grid = grid;
    this.volumes = volumes;
    this.trSeconds = trSeconds;
    this.values = values;
  }

  /**
   * One volume.
   *
   * @param grid its space
   * @param values in disk order; given away by the caller
   * @return the volume
   */
  public static Volume of(Grid grid, float[] values) {
    return new Volume(grid, 1, 0, values);
  }

  /**
   * A series of volumes.
   *
   * @param grid their space
   * @param volumes how many
   * @param trSeconds seconds between them; 0 when unknown
   * @param values in disk order, one volume after the other; given away by the caller
   * @return the series
   */
  public static Volume series(Grid grid, int volumes, double trSeconds, float[] values) {
    return new Volume(grid, volumes, trSeconds, values);
  }

  /**
   * Reads a source whole.
   *
   * @param source the volumes
   * @return all of them in memory
   * @throws DataException when they have more than 2^31-1 values
   */
  public static Volume read(VolumeSource source) {
    int voxels = source.grid().voxels();
    long size = (long) voxels * source.volumes();
    if (size > Integer.MAX_VALUE - 8) {
      throw new DataException(
          "reading all of "
              + source.name()
              + ": "
              + size
              + " values are more than one array holds (2^31-1). Mask it while streaming instead.");
    }
    float[] values = new float[(int) size];
    source.forEachVolume((t, frame) -> frame.copyTo(values, t * voxels));
    return new Volume(source.grid(), source.volumes(), source.trSeconds(), values);
  }

  /**
   * The mean over the volumes of a source, in one streaming pass, accumulated in double.
   *
   * @param source the volumes
   * @return one volume
   */
  public static Volume mean(VolumeSource source) {
    double[] sum = new double[source.grid().voxels()];
    float[] one = new float[sum.length];
    source.forEachVolume(
        (t, frame) -> {
          frame.copyTo(one, 0);
          for (int i = 0; i < sum.length; i++) {
            sum[i] += one[i];
          }
        });
    for (int i = 0; i < sum.length; i++) {
      one[i] = (float) (sum[i] / source.volumes());
    }
    return of(source.grid(), one);
  }

  @Override
  public String name() {
    return "a volume in memory";
  }

  @Override
  public Grid grid() {
    return grid;
  }

  @Override
  public int volumes() {
    return volumes;
  }

  @Override
  public double trSeconds() {
    return trSeconds;
  }

  @Override
  public long bufferBytes() {
    return 0;
  }

  /** The live values in disk order: read, never write. */
  public float[] array() {
    return values;
  }

  /** One value. */
  public float at(int i, int j, int k, int volume) {
    return values[volume * grid.voxels() + grid.index(i, j, k)];
  }

  @Override
  public void forEachVolume(Visitor visitor) {
    int voxels = grid.voxels();
    for (int t = 0; t < volumes; t++) {
      int start = t * voxels;
      visitor.visit(
          t,
          new Frame() {
            @Override
            public void gather(int[] which, float[] out, int offset) {
              for (int v = 0; v < which.length; v++) {
                out[offset + v] = values[start + which[v]];
              }
            }

            @Override
            public void copyTo(float[] out, int offset) {
              System.arraycopy(values, start, out, offset, voxels);
            }
          });
    }
  }

  @Override
  public String toString() {
    return "Volume[" + volumes + " of " + grid + "]";
  }
}
