package io.noesis.ingest.format.nifti;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import io.noesis.ingest.volume.Volume;
import io.noesis.run.DataException;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * 120,000 damaged files: each is read or refused as data, and allocates no more than its own size
 * can hold.
 */
class NiftiFuzzTest {
  private static final Path HERE =
      Path.of(System.getProperty("noesis.root"))
          .resolve("ingest/src/test/resources/io/noesis/ingest/format/nifti/nibabel");
  private static final int CASES = 120_000;
  private static final int WARM_UP = 2_000;
  private static final long[] EXTREMES = {
    0, 1, -1, 2, 7, 8, 127, 348, 540, 32767, -32768, Integer.MAX_VALUE, Long.MAX_VALUE, 1L << 40
  };

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Deflater compressing = new Deflater(Deflater.BEST_SPEED, true);
  private final Deflater storing = new Deflater(Deflater.NO_COMPRESSION, true);
  private int read;
  private int refused;

  @Test
  void damagedFilesAreRefusedWithinTheirMeans() throws IOException {
    List<byte[]> whole = new ArrayList<>();
    for (String name :
        List.of(
            "int16_le.nii",
            "float64_be.nii",
            "uint8_le.nii",
            "extended.nii.gz",
            "series_nifti2.nii.gz",
            "qform_left_handed.nii",
            "seven.nii")) {
      whole.add(inflated(Files.readAllBytes(HERE.resolve(name))));
    }
    PinnedRandom random = Seed.of(3).child("fuzz").random();
    for (int i = 0; i < CASES; i++) {
      byte[] bytes = damaged(whole.get(random.nextInt(whole.size())), random);
      long used = read(bytes);
      // At first the JDK loads classes and builds its tables, which is not the reader's doing.
      assertTrue(i < WARM_UP || used <= allowed(bytes), used + " bytes for " + bytes.length);
    }
    assertTrue(read > CASES / 50, "some damage does no harm: " + read);
    assertTrue(refused > CASES / 4, "most does: " + refused);
  }

  private byte[] damaged(byte[] whole, PinnedRandom random) {
    byte[] bytes = whole.clone();
    switch (random.nextInt(8)) {
      case 0 -> {
        flip(bytes, bytes.length, random);
        return bytes;
      }
      case 1 -> {
        return Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      }
      case 2 -> {
        byte[] packed = packed(bytes, Deflater.BEST_SPEED);
        flip(packed, packed.length, random);
        return packed;
      }
      case 3 -> {
        byte[] packed = packed(bytes, Deflater.BEST_SPEED);
        return Arrays.copyOf(packed, random.nextInt(packed.length + 1));
      }
      case 4, 5 -> {
        flip(bytes, 560, random);
        return packed(bytes, Deflater.NO_COMPRESSION);
      }
      default -> {
        extreme(bytes, random);
        return random.nextInt(2) == 0 ? bytes : packed(bytes, Deflater.NO_COMPRESSION);
      }
    }
  }

  private static void flip(byte[] bytes, int within, PinnedRandom random) {
    int n = 1 + random.nextInt(6);
    for (int i = 0; i < n; i++) {
      int at = random.nextInt(Math.min(within, bytes.length));
      bytes[at] = (byte) random.nextLong();
    }
  }

  /** Sets whole fields to numbers that tend to break readers. */
  private static void extreme(byte[] bytes, PinnedRandom random) {
    HeaderBytes header = HeaderBytes.of(bytes);
    HeaderField[] fields = HeaderField.values();
    int n = 1 + random.nextInt(4);
    for (int i = 0; i < n && header != null; i++) {
      HeaderField field = fields[1 + random.nextInt(fields.length - 1)];
      char type = field.type(header.version());
      if (type == 's') {
        header.put(field, "n" + (char) random.nextInt(128) + random.nextInt(4));
      } else {
        boolean real = type == 'f' || type == 'd';
        double value =
            real && random.nextInt(3) == 0
                ? new double[] {Double.NaN, 1e38, -1e308, 1e-40}[random.nextInt(4)]
                : EXTREMES[random.nextInt(EXTREMES.length)];
        int index =
            switch (field) {
              case DIM, PIXDIM -> random.nextInt(8);
              case QUATERN, QOFFSET -> random.nextInt(3);
              case SROW -> random.nextInt(12);
              default -> 0;
            };
        header.put(field, index, value);
      }
    }
    if (random.nextInt(4) == 0) {
      ByteBuffer.wrap(bytes)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putInt(Math.min(352, bytes.length - 4), (int) random.nextLong());
    }
  }

  /** The bytes allocated on the way to values or to a refusal. */
  private long read(byte[] bytes) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      NiftiPair pair = NiftiPair.of(ByteSource.of("fuzz", bytes));
      if (pair.header().lines().isEmpty()) {
        fail("a header has lines");
      }
      Volume.read(new NiftiSeries(pair));
      read++;
    } catch (DataException e) {
      refused++;
      assertTrue(e.getMessage().contains("fuzz"), e.getMessage());
    } catch (RuntimeException | Error e) {
      throw new AssertionError(
          e + " on " + HexFormat.of().formatHex(bytes, 0, Math.min(600, bytes.length)), e);
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  private static long allowed(byte[] bytes) {
    boolean gzip = bytes.length > 1 && bytes[0] == 0x1f && bytes[1] == (byte) 0x8b;
    // One stored byte may become a float, beside the buffer it is read into.
    return (1 << 18) + 6L * bytes.length * (gzip ? 1032 : 1);
  }

  /** A gzip file; one compressor serves all cases, since making one costs more than using it. */
  private byte[] packed(byte[] bytes, int level) {
    Deflater deflater = level == Deflater.NO_COMPRESSION ? storing : compressing;
    deflater.reset();
    deflater.setInput(bytes);
    deflater.finish();
    ByteBuffer out = ByteBuffer.allocate(bytes.length + 64).order(ByteOrder.LITTLE_ENDIAN);
    out.put(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, -1});
    deflater.deflate(out);
    CRC32 crc = new CRC32();
    crc.update(bytes);
    out.putInt((int) crc.getValue()).putInt(bytes.length);
    return Arrays.copyOf(out.array(), out.position());
  }

  private static byte[] inflated(byte[] bytes) throws IOException {
    if (bytes[0] != 0x1f) {
      return bytes;
    }
    return new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
  }
}
