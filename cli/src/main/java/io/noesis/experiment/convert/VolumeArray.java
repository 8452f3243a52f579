package io.noesis.experiment.convert;

import io.noesis.ingest.format.nifti.NiftiFile;
import io.noesis.ingest.format.nifti.NiftiHeader;
import io.noesis.ingest.volume.Grid;
import io.noesis.ingest.volume.VolumeSource;
import io.noesis.run.UnsupportedDataException;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;

/**
 * A whole image as an array {@code [x, y, z, t]} of the header's shape in C order, the last axis
 * fastest: the shape and the elements of nibabel's {@code get_fdata()}.
 */
final class VolumeArray {
  /** Volumes turned together, so that neighbours in the output are written together. */
  private static final int TOGETHER = 16;

  /** Unless they are so large that a few of them would take more memory than they save time. */
  private static final int BLOCK_VALUES = 1 << 24;

  private VolumeArray() {}

  /** Bytes of memory that {@link #read} takes. */
  static long bytesNeeded(Path file, NiftiHeader header) {
    long values = header.memoryBytes();
    if (!header.isSeries()) {
      return 2 * values;
    }
    long voxels = header.size(0) * header.size(1) * header.size(2);
    // The block that is turned, and the reader's buffers of stored bytes.
    return values
        + 4 * voxels * together(voxels, header.volumes())
        + NiftiFile.source(file).bufferBytes();
  }

  private static int together(long voxels, long volumes) {
    long fitting = Math.max(1, BLOCK_VALUES / voxels);
    return (int) Math.min(TOGETHER, Math.min(fitting, volumes));
  }

  /** Reads an image of any number of axes. */
  static Tensor read(Path file, NiftiHeader header) {
    if (header.values() > Integer.MAX_VALUE - 8) {
      throw new UnsupportedDataException(
          "converting "
              + file
              + ": shape "
              + header.shape()
              + " has more than 2^31 values. Give --mask to keep only the voxels you need.");
    }
    int[] sizes = header.shape().stream().mapToInt(Long::intValue).toArray();
    if (!header.isSeries()) {
      return Tensor.wrap(lastAxisFastest(NiftiFile.readValues(file), header.shape()), sizes);
    }
    VolumeSource source = NiftiFile.source(file);
    float[] out = new float[Math.toIntExact(header.values())];
    Turn turn = new Turn(source.grid(), source.volumes(), out);
    source.forEachVolume(turn);
    return Tensor.wrap(out, sizes);
  }

  /** Collects a few volumes, then writes each voxel's values side by side. */
  private static final class Turn implements VolumeSource.Visitor {
    private final Grid grid;
    private final int volumes;
    private final float[] out;
    private final int together;
    private final float[] block;

    Turn(Grid grid, int volumes, float[] out) {
      this.grid = grid;
      this.volumes = volumes;
      this.out = out;
      this.together = together(grid.voxels(), volumes);
      this.block = new float[Math.multiplyExact(grid.voxels(), together)];
    }

    @Override
    public void visit(int t, VolumeSource.Frame frame) {
      int inBlock = t % together;
      frame.copyTo(block, inBlock * grid.voxels());
      if (inBlock == together - 1 || t == volumes - 1) {
        write(t - inBlock, inBlock + 1);
      }
    }

    private void write(int first, int count) {
      int to = first;
      for (int i = 0; i < grid.nx(); i++) {
        for (int j = 0; j < grid.ny(); j++) {
          for (int k = 0; k < grid.nz(); k++) {
            int from = grid.index(i, j, k);
            for (int t = 0; t < count; t++) {
              out[to + t] = block[from + t * grid.voxels()];
            }
            to += volumes;
          }
        }
      }
    }
  }

  /** Values in disk order (first axis fastest) put in C order, for any number of axes. */
  private static float[] lastAxisFastest(float[] values, List<Long> shape) {
    int rank = shape.size();
    int[] strides = new int[rank];
    int stride = 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= shape.get(axis).intValue();
    }
    float[] out = new float[values.length];
    int[] index = new int[rank];
    int to = 0;
    for (float value : values) {
      out[to] = value;
      for (int axis = 0; axis < rank; axis++) {
        to += strides[axis];
        if (++index[axis] < shape.get(axis)) {
          break;
        }
        to -= strides[axis] * index[axis];
        index[axis] = 0;
      }
    }
    return out;
  }
}
