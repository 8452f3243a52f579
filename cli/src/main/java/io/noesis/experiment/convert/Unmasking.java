package io.noesis.experiment.convert;

import io.noesis.ingest.format.nifti.NiftiSpec;
import io.noesis.ingest.format.nifti.NiftiWriter;
import io.noesis.ingest.volume.BrainMask;
import io.noesis.ingest.volume.Masker;
import io.noesis.ingest.volume.MaskerOptions;
import io.noesis.run.DataException;
import io.noesis.tensor.Shape;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;

/** Puts the rows of a matrix back at the voxels of a mask, one volume at a time. */
final class Unmasking {
  private final BrainMask mask;
  private final Masker masker;

  Unmasking(BrainMask mask) {
    this.mask = mask;
    this.masker = new Masker(mask, MaskerOptions.RAW);
  }

  /** Bytes that writing takes beside the matrix: a volume and its stored bytes. */
  static long bytesNeeded(BrainMask mask) {
    return 4L * mask.voxels() + 8L * mask.grid().voxels();
  }

  /**
   * How many volumes a matrix of that shape is.
   *
   * @param what the matrix, for messages
   * @param shape {@code [voxels]} or {@code [volumes, voxels]}
   * @throws DataException when its columns are not the mask's voxels
   */
  int volumes(Path what, List<Long> shape) {
    int rank = shape.size();
    boolean fits =
        (rank == 1 || rank == 2)
            && shape.get(rank - 1) == mask.voxels()
            && shape.get(0) > 0
            && shape.get(0) <= Integer.MAX_VALUE;
    if (!fits) {
      throw new DataException(
          "putting "
              + what
              + " back at the voxels of the mask: the array has shape "
              + shape
              + ", expected ["
              + mask.voxels()
              + "] or [volumes, "
              + mask.voxels()
              + "], one column per voxel of the mask. Take the mask that the array was made with.");
    }
    return rank == 1 ? 1 : shape.get(0).intValue();
  }

  /** Writes {@code [voxels]} as one volume and {@code [volumes, voxels]} as a series. */
  void write(Path out, NiftiSpec spec, IntFunction<float[]> row) {
    NiftiWriter.writeFloat32(
        out,
        spec,
        t -> masker.unmask(Tensor.wrap(row.apply(t), 1, mask.voxels()), spec.trSeconds()).array());
  }

  /** What the header says of a matrix of that shape. */
  NiftiSpec spec(int rank, int volumes, double trSeconds) {
    return rank == 1
        ? NiftiSpec.volume(mask.grid())
        : NiftiSpec.series(mask.grid(), volumes, trSeconds);
  }

  /** One row of an array in memory as float32. */
  static IntFunction<float[]> rows(Numbers numbers) {
    Shape shape = numbers.shape();
    int width = shape.dim(-1);
    return t -> {
      float[] row = new float[width];
      for (int v = 0; v < width; v++) {
        row[v] = numbers.single(t * width + v);
      }
      return row;
    };
  }
}
