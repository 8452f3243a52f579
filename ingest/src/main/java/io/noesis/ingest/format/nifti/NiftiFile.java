package io.noesis.ingest.format.nifti;

import io.noesis.ingest.volume.BrainMask;
import io.noesis.ingest.volume.Volume;
import io.noesis.ingest.volume.VolumeSource;
import io.noesis.run.DataException;
import io.noesis.run.UnsupportedDataException;
import java.nio.file.Path;

/**
 * Reads NIfTI-1 and NIfTI-2 files: {@code .nii}, or {@code .hdr} with {@code .img}, each plain or
 * gzipped, judged by content. For the header alone see {@link NiftiHeader#read}. Values are {@code
 * scl_slope * stored + scl_inter}, or as stored when the slope is 0 or NaN.
 */
public final class NiftiFile {
  private NiftiFile() {}

  /**
   * A 3-D or 4-D image as a stream of volumes; the data are read when it is visited.
   *
   * @param file the path
   * @return the source; holds no open file
   * @throws io.noesis.run.CorruptDataException when the file is damaged or its sizes cannot be true
   * @throws UnsupportedDataException when it has more than 4 axes or voxels that are not numbers
   */
  public static VolumeSource source(Path file) {
    NiftiPair pair = NiftiPair.of(file);
    if (!pair.header().isSeries()) {
      throw new UnsupportedDataException(
          "reading "
              + file
              + " as volumes: its shape is "
              + pair.header().shape()
              + ", expected 3 or 4 axes. Split it along the others first.");
    }
    return new NiftiSeries(pair);
  }

  /**
   * Reads a 3-D or 4-D image into memory.
   *
   * @param file the path
   * @return all volumes
   * @throws DataException as {@link #source}
   */
  public static Volume read(Path file) {
    return Volume.read(source(file));
  }

  /**
   * Reads a mask: the voxels that are not zero.
   *
   * @param file a 3-D image
   * @return the mask, columns in the default order
   * @throws DataException as {@link #source}, or when no voxel is inside
   */
  public static BrainMask readMask(Path file) {
    return BrainMask.nonZero(source(file));
  }

  /**
   * Reads the values of an image of any number of axes.
   *
   * @param file the path
   * @return all values, first axis fastest; the shape is in the header
   * @throws DataException as {@link #source}
   */
  public static float[] readValues(Path file) {
    return Volume.read(new NiftiSeries(NiftiPair.of(file))).array();
  }
}
