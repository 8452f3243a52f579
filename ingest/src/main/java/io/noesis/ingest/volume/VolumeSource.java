package io.noesis.ingest.volume;

/**
 * A series of volumes on one grid that is visited in order and never held whole: a 4-D file, or a
 * {@link Volume} in memory. A 3-D image is a series of one.
 */
public interface VolumeSource {
  /** What messages call it: usually the path. */
  String name();

  /** The space of every volume. */
  Grid grid();

  /** How many volumes. */
  int volumes();

  /** Seconds between volumes; 0 when unknown. */
  double trSeconds();

  /** Bytes of buffers held while volumes are visited, for estimates before the work. */
  long bufferBytes();

  /**
   * Visits every volume once, in order, on the calling thread.
   *
   * @param visitor is given each volume in turn
   * @throws io.noesis.run.DataException when the source cannot be read to its end
   */
  void forEachVolume(Visitor visitor);

  /** Is shown one volume after the other. */
  @FunctionalInterface
  interface Visitor {
    /**
     * Takes from a volume what it needs.
     *
     * @param index 0 for the first volume
     * @param frame its values; valid during this call only
     */
    void visit(int index, Frame frame);
  }

  /** The values of one volume, scaled as the file says, before anything of them is converted. */
  interface Frame {
    /**
     * Converts some voxels.
     *
     * @param voxels disk indices ({@link Grid#index})
     * @param out receives {@code voxels.length} values
     * @param offset where the first goes
     */
    void gather(int[] voxels, float[] out, int offset);

    /**
     * Converts all voxels in disk order.
     *
     * @param out receives {@link Grid#voxels} values
     * @param offset where the first goes
     */
    void copyTo(float[] out, int offset);
  }
}
