package io.noesis.ingest.format.nifti;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.volume.Affine;
import io.noesis.ingest.volume.Grid;
import io.noesis.ingest.volume.VolumeSource;
import io.noesis.run.CorruptDataException;
import io.noesis.run.DataException;
import io.noesis.run.UnsupportedDataException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagedFilesTest {
  private static final Path FIXTURES =
      Path.of(System.getProperty("noesis.root"))
          .resolve("ingest/src/test/resources/io/noesis/ingest/format/nifti/nibabel");
  private static final Grid GRID = new Grid(40, 40, 20, Affine.diagonal(3, 3, 3));

  @TempDir Path folder;

  /** 20 volumes of 64 KB each: large enough for the second thread. */
  private Path large(String name) {
    Path file = folder.resolve(name);
    short[] values = new short[GRID.voxels()];
    NiftiWriter.writeInt16(
        file,
        NiftiSpec.series(GRID, 20, 2),
        t -> {
          for (int v = 0; v < values.length; v++) {
            values[v] = (short) (v * 31 + t * 7919 ^ v >> 3);
          }
          return values;
        });
    return file;
  }

  private static DataException refused(Path file, String... words) {
    DataException e =
        assertTimeoutPreemptively(
            Duration.ofSeconds(20),
            () -> assertThrows(DataException.class, () -> NiftiFile.read(file)));
    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    for (String word : words) {
      assertTrue(e.getMessage().contains(word), e.getMessage());
    }
    assertEquals(3, e.exitCode().code());
    return e;
  }

  private Path cut(Path file, int keep) throws IOException {
    Path out = folder.resolve("cut-" + file.getFileName());
    Files.write(out, Arrays.copyOf(Files.readAllBytes(file), keep));
    return out;
  }

  @Test
  void truncatedFilesNameTheVolume() throws IOException {
    Path gz = large("a.nii.gz");
    refused(cut(gz, (int) Files.size(gz) / 2), "gzip stream ends", "of 20", "again");
    refused(cut(gz, (int) Files.size(gz) - 4), "gzip stream ends");
    Path plain = large("a.nii");
    DataException e = refused(cut(plain, 1_000_000), "1000000", "1280352", "truncated");
    assertEquals(CorruptDataException.class, e.getClass());
    refused(cut(plain, 200), "200 bytes, expected 348");
    refused(cut(plain, 0), "only 0 bytes");
  }

  @Test
  void aWrongChecksumIsFound() throws IOException {
    Path file = large("b.nii.gz");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 7] ^= 1;
    Files.write(file, bytes);
    assertEquals(CorruptDataException.class, refused(file, "corrupt", "GZIP trailer").getClass());
    assertEquals(20, NiftiHeader.read(file).volumes(), "the header is still inspected");
  }

  @Test
  void aStreamDamagedInTheMiddleIsFound() throws IOException {
    Path file = large("c.nii.gz");
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, bytes.length / 2, bytes.length / 2 + 40, (byte) 0xff);
    Files.write(file, bytes);
    assertEquals(CorruptDataException.class, refused(file, "corrupt").getClass());
  }

  @Test
  void aTinyFileThatClaimsEverythingFailsAtOnce() throws IOException {
    HeaderBytes header = HeaderBytes.of(Files.readAllBytes(FIXTURES.resolve("int16_be.nii")));
    header.put(HeaderField.DIM, 0, 4);
    for (int axis = 1; axis <= 4; axis++) {
      header.put(HeaderField.DIM, axis, 1 << 14);
    }
    Path plain = folder.resolve("huge.nii");
    Files.write(plain, header.array());
    refused(plain, "144115188075856416", "the file has 592");
    Path gz = folder.resolve("huge.nii.gz");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream packed = new GZIPOutputStream(out)) {
      packed.write(header.array());
    }
    Files.write(gz, out.toByteArray());
    refused(gz, "cannot hold more than");
  }

  @Test
  void otherFilesAndDamagedHeadersAreNamed() throws IOException {
    Path text = folder.resolve("text.nii");
    Files.writeString(text, "subject\tage\n".repeat(60));
    refused(text, "not a NIfTI file", "sizeof_hdr");
    refused(folder.resolve("absent.nii"), "does not exist");
    refused(edited("magic.nii", 345, (byte) '?'), "magic", "n?1");
    refused(edited("type.nii", 70, (byte) 3), "datatype", "3");
    refused(edited("rank.nii", 40, (byte) 9), "dim[0]", "9");
    refused(edited("size.nii", 43, (byte) 0x80), "dim[1]");
    Path analyze = edited("analyze.nii", 344, (byte) 0);
    assertEquals(UnsupportedDataException.class, refused(analyze, "ANALYZE").getClass());
  }

  private Path edited(String name, int at, byte value) throws IOException {
    byte[] bytes = Files.readAllBytes(FIXTURES.resolve("int16_le.nii"));
    bytes[at] = value;
    Path file = folder.resolve(name);
    Files.write(file, bytes);
    return file;
  }

  @Test
  void aHalfOfAPairIsNamed() throws IOException {
    Path header = folder.resolve("one.hdr");
    Files.copy(FIXTURES.resolve("pair.hdr"), header);
    refused(header, "a header without data", ".img");
    Path image = folder.resolve("two.img");
    Files.copy(FIXTURES.resolve("pair.img"), image);
    refused(image, "an image without its header", "two.hdr");
  }

  @Test
  void nameAndContentMayDisagreeAndPairsMayBeMixed() throws IOException {
    Path misnamed = folder.resolve("plain.nii.gz");
    Files.copy(FIXTURES.resolve("int16_le.nii"), misnamed);
    assertArrayEquals(
        NiftiFile.readValues(FIXTURES.resolve("int16_le.nii")), NiftiFile.readValues(misnamed));
    Path header = folder.resolve("mixed.hdr");
    Files.copy(FIXTURES.resolve("pair.hdr"), header);
    Files.copy(FIXTURES.resolve("pair_gz.img.gz"), folder.resolve("mixed.img.gz"));
    assertArrayEquals(
        NiftiFile.readValues(FIXTURES.resolve("pair_gz.hdr.gz")), NiftiFile.readValues(header));
    assertArrayEquals(
        NiftiFile.readValues(header), NiftiFile.readValues(folder.resolve("mixed.img.gz")));
  }

  @Test
  void unitsAndExtensionsAreRead() {
    NiftiHeader micron = NiftiHeader.read(FIXTURES.resolve("units_micron_msec.nii"));
    assertEquals(1.5, micron.trSeconds(), 1e-9);
    NiftiHeader metre = NiftiHeader.read(FIXTURES.resolve("units_meter_usec.nii"));
    assertEquals(0.0015, metre.trSeconds(), 1e-9);
    NiftiHeader extended = NiftiHeader.read(FIXTURES.resolve("extended.nii.gz"));
    assertEquals(2, extended.extensions().size());
    assertEquals(6, extended.extensions().get(0).code());
    assertEquals(4, extended.extensions().get(1).code());
    assertEquals(2.2, extended.trSeconds(), 1e-6);
  }

  @Test
  void moreThanFourAxesAreNotASeries() {
    DataException e =
        assertThrows(
            UnsupportedDataException.class,
            () -> NiftiFile.source(FIXTURES.resolve("five_axes.nii")));
    assertTrue(e.getMessage().contains("[2, 3, 2, 2, 3]"), e.getMessage());
  }

  @Test
  void moreBytesThanVolumesEndSomewhere() throws IOException {
    byte[] bytes = Files.readAllBytes(FIXTURES.resolve("int16_le.nii"));
    Path file = folder.resolve("bomb.nii.gz");
    try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(bytes);
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 20; i++) {
        out.write(zeros);
      }
    }
    refused(file, "go on for more than");
  }

  @Test
  void severalGzipMembersAreOneStream() throws IOException {
    byte[] bytes = Files.readAllBytes(large("whole.nii"));
    ByteArrayOutputStream members = new ByteArrayOutputStream();
    for (int from = 0; from < bytes.length; from += 200_000) {
      try (GZIPOutputStream out = new GZIPOutputStream(members)) {
        out.write(bytes, from, Math.min(200_000, bytes.length - from));
      }
    }
    Path file = folder.resolve("members.nii.gz");
    Files.write(file, members.toByteArray());
    assertArrayEquals(
        NiftiFile.readValues(folder.resolve("whole.nii")), NiftiFile.readValues(file));
  }

  @Test
  void aVisitorThatFailsEndsTheReading() {
    VolumeSource source = NiftiFile.source(large("d.nii.gz"));
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class,
            () ->
                source.forEachVolume(
                    (t, frame) -> {
                      if (t == 3) {
                        throw new IllegalStateException("enough");
                      }
                    }));
    assertEquals("enough", e.getMessage());
    boolean reading =
        Thread.getAllStackTraces().keySet().stream()
            .anyMatch(t -> t.getName().equals("noesis-read-ahead"));
    assertEquals(false, reading);
  }

  @Test
  void theSecondThreadKeepsTheOrder() {
    for (String name : new String[] {"e.nii.gz", "e.nii"}) {
      VolumeSource source = NiftiFile.source(large(name));
      int[] next = {0};
      source.forEachVolume(
          (t, frame) -> {
            assertEquals(next[0]++, t);
            float[] out = new float[1];
            frame.gather(new int[] {77}, out, 0);
            assertEquals((short) (77 * 31 + t * 7919 ^ 77 >> 3), out[0]);
          });
      assertEquals(20, next[0]);
    }
  }

  @Test
  void bytesAreLittleEndianWhateverTheMachine() throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(large("f.nii")));
    assertEquals(348, bytes.order(ByteOrder.LITTLE_ENDIAN).getInt(0));
    assertEquals(31, bytes.getShort(352 + 2));
  }
}
