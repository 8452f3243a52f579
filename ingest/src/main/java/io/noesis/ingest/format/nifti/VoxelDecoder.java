package io.noesis.ingest.format.nifti;

import io.noesis.ingest.format.nifti.NiftiHeader.Scaling;
import io.noesis.ingest.volume.VolumeSource;
import io.noesis.run.UnsupportedDataException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Turns stored bytes into float32: through double, as nibabel's {@code get_fdata()} followed by
 * {@code astype(float32)}, so that both are equal to the bit.
 */
final class VoxelDecoder implements VolumeSource.Frame {
  private final NiftiType type;
  private final boolean scaled;
  private final double slope;
  private final double intercept;
  private final int voxels;
  private ByteBuffer bytes = ByteBuffer.allocate(0);

  VoxelDecoder(NiftiHeader header, int voxels, String name) {
    this.type = header.type();
    this.voxels = voxels;
    if (!type.numeric()) {
      throw new UnsupportedDataException(
          "reading "
              + name
              + ": voxels of type "
              + type
              + " are not single real numbers, expected uint8 to uint64, int8 to int64, float32 or"
              + " float64. Convert it first, for example to one image per component.");
    }
    Scaling scaling = header.scaling();
    this.scaled = scaling != null;
    this.slope = scaling == null ? 1 : scaling.slope();
    this.intercept = scaling == null ? 0 : scaling.intercept();
  }

  /** The volume to convert from now on, in the file's byte order. */
  void show(ByteBuffer volume) {
    bytes = volume;
  }

  @Override
  public void gather(int[] which, float[] out, int offset) {
    convert(which, which.length, out, offset);
  }

  @Override
  public void copyTo(float[] out, int offset) {
    convert(null, voxels, out, offset);
  }

  /** One loop per type, so that each stays simple enough for the compiler to make it fast. */
  private void convert(int @Nullable [] which, int n, float[] out, int offset) {
    ByteBuffer b = bytes;
    switch (type) {
      case UINT8 -> {
        for (int v = 0; v < n; v++) {
          out[offset + v] = value(b.get(which == null ? v : which[v]) & 0xff);
        }
      }
      case INT8 -> {
        for (int v = 0; v < n; v++) {
          out[offset + v] = value(b.get(which == null ? v : which[v]));
        }
      }
      case INT16 -> {
        for (int v = 0; v < n; v++) {
          out[offset + v] = value(b.getShort(2 * (which == null ? v : which[v])));
        }
      }
      case UINT16 -> {
        for (int v = 0; v < n; v++) {
          out[offset + v] = value(b.getShort(2 * (which == null ? v : which[v])) & 0xffff);
        }
      }
      case INT32 -> {
        for (int v = 0; v < n; v++) {
          out[offset + v] = value(b.getInt(4 * (which == null ? v : which[v])));
        }
      }
      case UINT32 -> {
        for (int v = 0; v < n; v++) {
          out[offset + v] =
              value((double) (b.getInt(4 * (which == null ? v : which[v])) & 0xffffffffL));
        }
      }
      case FLOAT32 -> {
        for (int v = 0; v < n; v++) {
          out[offset + v] = value(b.getFloat(4 * (which == null ? v : which[v])));
        }
      }
      default -> convertWide(which, n, out, offset);
    }
  }

  private void convertWide(int @Nullable [] which, int n, float[] out, int offset) {
    ByteBuffer b = bytes;
    switch (type) {
      case INT64 -> {
        for (int v = 0; v < n; v++) {
          out[offset + v] = value((double) b.getLong(8 * (which == null ? v : which[v])));
        }
      }
      case UINT64 -> {
        for (int v = 0; v < n; v++) {
          out[offset + v] = value(unsigned(b.getLong(8 * (which == null ? v : which[v]))));
        }
      }
      case FLOAT64 -> {
        for (int v = 0; v < n; v++) {
          out[offset + v] = value(b.getDouble(8 * (which == null ? v : which[v])));
        }
      }
      default -> throw new AssertionError("not a number type: " + type);
    }
  }

  private float value(double stored) {
    // Not "times 1 plus 0" when unscaled: that would turn -0 into 0.
    return scaled ? (float) (stored * slope + intercept) : (float) stored;
  }

  /** An unsigned 64-bit number, rounded to the nearest double. */
  private static double unsigned(long bits) {
    // Halved with the lost bit kept sticky, it rounds as the whole number would.
    return bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
  }
}
