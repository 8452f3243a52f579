package io.noesis.ingest.format.nifti;

import io.noesis.ingest.volume.BrainMask;
import io.noesis.ingest.volume.Volume;
import io.noesis.run.AtomicFile;
import io.noesis.run.Check;
import io.noesis.run.OutputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.zip.GZIPOutputStream;

/**
 * Writes NIfTI files volume by volume, whole or not at all: {@code .nii} or {@code .nii.gz} by the
 * name, little-endian, NIfTI-1, or NIfTI-2 when an axis is longer than 32767. The same input gives
 * the same bytes: gzip streams carry no time and no name.
 */
public final class NiftiWriter {
  /** Noise hardly shrinks further at higher levels, which take several times as long. */
  private static final int GZIP_LEVEL = 1;

  private NiftiWriter() {}

  /**
   * Writes signed 16-bit integers as given; the spec's slope and intercept tell readers what they
   * mean.
   *
   * @param file ends in {@code .nii} or {@code .nii.gz}
   * @param spec what the header says
   * @param stored gives each volume in disk order; asked once per volume, in order; the array may
   *     be used again
   * @throws OutputException when the file cannot be written; nothing is then left behind
   */
  public static void writeInt16(Path file, NiftiSpec spec, IntFunction<short[]> stored) {
    write(
        file,
        spec,
        NiftiType.INT16,
        (t, block) -> {
          short[] values = sized(stored.apply(t), spec);
          block.asShortBuffer().put(values);
        });
  }

  /**
   * Writes 32-bit floats.
   *
   * @param file ends in {@code .nii} or {@code .nii.gz}
   * @param spec what the header says
   * @param stored gives each volume in disk order; asked once per volume, in order; the array may
   *     be used again
   * @throws OutputException when the file cannot be written; nothing is then left behind
   */
  public static void writeFloat32(Path file, NiftiSpec spec, IntFunction<float[]> stored) {
    write(
        file,
        spec,
        NiftiType.FLOAT32,
        (t, block) -> {
          float[] values = stored.apply(t);
          Check.size("values of volume " + t, spec.grid().voxels(), values.length);
          block.asFloatBuffer().put(values);
        });
  }

  /**
   * Writes a volume or a series as 32-bit floats.
   *
   * @param file ends in {@code .nii} or {@code .nii.gz}
   * @param volume the values
   * @throws OutputException when the file cannot be written; nothing is then left behind
   */
  public static void write(Path file, Volume volume) {
    int voxels = volume.grid().voxels();
    float[] one = new float[voxels];
    writeFloat32(
        file,
        NiftiSpec.series(volume.grid(), volume.volumes(), volume.trSeconds()),
        t -> {
          System.arraycopy(volume.array(), t * voxels, one, 0, voxels);
          return one;
        });
  }

  /**
   * Writes a mask as unsigned bytes, 1 inside and 0 outside.
   *
   * @param file ends in {@code .nii} or {@code .nii.gz}
   * @param mask the mask; the order of its columns is not stored
   * @throws OutputException when the file cannot be written; nothing is then left behind
   */
  public static void writeMask(Path file, BrainMask mask) {
    boolean[] inside = mask.flags();
    write(
        file,
        NiftiSpec.volume(mask.grid()).describedAs("mask"),
        NiftiType.UINT8,
        (t, block) -> {
          for (boolean in : inside) {
            block.put((byte) (in ? 1 : 0));
          }
        });
  }

  private static short[] sized(short[] values, NiftiSpec spec) {
    Check.size("values of a volume of " + spec.grid().sizes(), spec.grid().voxels(), values.length);
    return values;
  }

  /** Puts one volume into an empty block of its size. */
  @FunctionalInterface
  private interface VolumeBytes {
    void put(int volume, ByteBuffer block);
  }

  private static void write(Path file, NiftiSpec spec, NiftiType type, VolumeBytes volumes) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    boolean gzip = name.endsWith(".nii.gz");
    if (!gzip && !name.endsWith(".nii")) {
      throw new OutputException(
          "writing " + file + ": expected a name that ends in .nii or .nii.gz. Rename it.");
    }
    long bytes = (long) spec.grid().voxels() * type.bits() / 8;
    if (bytes > Integer.MAX_VALUE - 8) {
      throw new OutputException(
          "writing "
              + file
              + ": one volume of "
              + bytes
              + " bytes, expected less than 2^31. Crop it, or write int16.");
    }
    byte[] block = new byte[(int) bytes];
    AtomicFile.write(
        file,
        out -> {
          if (!gzip) {
            writeTo(out, spec, type, volumes, block);
            return;
          }
          TimelessGzip packed = new TimelessGzip(out);
          try {
            writeTo(packed, spec, type, volumes, block);
            packed.finish();
          } finally {
            packed.release();
          }
        });
  }

  private static void writeTo(
      OutputStream out, NiftiSpec spec, NiftiType type, VolumeBytes volumes, byte[] block)
      throws IOException {
    out.write(HeaderWriter.bytes(spec, type));
    for (int t = 0; t < spec.volumes(); t++) {
      volumes.put(t, ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN));
      out.write(block);
    }
  }

  /** The JDK's gzip stream, which writes time 0 and no name, at our level. */
  private static final class TimelessGzip extends GZIPOutputStream {
    TimelessGzip(OutputStream out) throws IOException {
      super(out, 1 << 16);
      def.setLevel(GZIP_LEVEL);
    }

    /** Frees the native compressor; the stream underneath stays open for its owner. */
    void release() {
      def.end();
    }
  }
}
