package io.noesis.ingest.format.nifti;

import io.noesis.ingest.volume.Grid;
import io.noesis.ingest.volume.VolumeSource;
import io.noesis.run.CorruptDataException;
import io.noesis.run.DataException;
import io.noesis.run.UnsupportedDataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * The volumes of a NIfTI file, streamed. Large files are inflated on a second thread, a few volumes
 * ahead, into buffers that are used again; the file is never held whole.
 */
final class NiftiSeries implements VolumeSource {
  /** Below this a second thread costs more than it hides. */
  private static final long WORTH_A_THREAD = 1 << 20;

  /** What may follow the data, for the checksum to be reached; more means wrong sizes. */
  private static final int TRAILING = 1 << 24;

  private final NiftiPair file;
  private final ByteSource data;
  private final Grid grid;
  private final int volumes;
  private final int volumeBytes;

  /** Any shape; axes after the third are flattened to volumes. */
  NiftiSeries(NiftiPair file) {
    NiftiHeader header = file.header();
    this.file = file;
    // The type is refused before the data are looked for.
    new VoxelDecoder(header, 0, file.name());
    this.data = file.requireData();
    this.grid = header.grid();
    long bytes = (long) grid.voxels() * (header.type().bits() / 8);
    long count = header.values() / grid.voxels();
    if (bytes > Integer.MAX_VALUE - 8 || count > Integer.MAX_VALUE) {
      throw new UnsupportedDataException(
          String.format(
              "reading %s: %d volumes of %d bytes each, expected fewer than 2^31 of either. Crop or"
                  + " split it first.",
              file.name(), count, bytes));
    }
    this.volumeBytes = (int) bytes;
    this.volumes = (int) count;
  }

  @Override
  public String name() {
    return file.name();
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
    return file.header().trSeconds();
  }

  @Override
  public long bufferBytes() {
    return aheadOfTime() ? (long) ReadAhead.BUFFERS * volumeBytes : volumeBytes;
  }

  private boolean aheadOfTime() {
    return (long) volumes * volumeBytes >= WORTH_A_THREAD && volumes > 1;
  }

  @Override
  public void forEachVolume(Visitor visitor) {
    VoxelDecoder decoder = new VoxelDecoder(file.header(), grid.voxels(), name());
    ReadAhead.Consumer show =
        (index, bytes) -> {
          decoder.show(ByteBuffer.wrap(bytes).order(file.header().layout().byteOrder()));
          visitor.visit(index, decoder);
        };
    try (InputStream in = open()) {
      if (aheadOfTime()) {
        ReadAhead.run(volumes, volumeBytes, (index, buffer) -> fill(in, index, buffer), show);
      } else {
        byte[] buffer = new byte[volumeBytes];
        for (int t = 0; t < volumes; t++) {
          fill(in, t, buffer);
          show.accept(t, buffer);
        }
      }
    } catch (IOException e) {
      throw data.failure(e, "the data");
    }
  }

  private InputStream open() {
    long offset = file.header().layout().dataOffset();
    InputStream in = null;
    try {
      in = data.open();
      if (Skip.exactly(in, offset)) {
        InputStream opened = in;
        in = null;
        return opened;
      }
      throw truncated(0, "the stream ends before vox_offset " + offset);
    } catch (IOException e) {
      throw data.failure(e, "what precedes the data");
    } finally {
      if (in != null) {
        close(in);
      }
    }
  }

  private static void close(InputStream in) {
    try {
      in.close();
    } catch (IOException e) {
      // Reading already failed, and that is what the caller hears.
      return;
    }
  }

  private void fill(InputStream in, int index, byte[] buffer) {
    try {
      int n = in.readNBytes(buffer, 0, volumeBytes);
      if (n < volumeBytes) {
        throw truncated(index, "that volume has " + n + " of " + volumeBytes + " bytes");
      }
      if (index == volumes - 1 && data.gzipped()) {
        reachChecksum(in);
      }
    } catch (IOException e) {
      throw data.failure(e, "volume " + (index + 1) + " of " + volumes);
    }
  }

  /** A gzip stream compares its CRC-32 only where it ends. */
  private void reachChecksum(InputStream in) throws IOException {
    if (Skip.exactly(in, TRAILING)) {
      throw new CorruptDataException(
          String.format(
              "reading %s: the data go on for more than %d bytes after the last of %d volumes,"
                  + " expected them to end. Sizes in the header are wrong; fetch or export it again.",
              name(), TRAILING, volumes));
    }
  }

  private DataException truncated(int index, String found) {
    return new CorruptDataException(
        String.format(
            "reading %s: truncated in volume %d of %d: %s, expected shape %s whole. Fetch or export"
                + " it again.",
            name(), index + 1, volumes, found, file.header().shape()));
  }
}
