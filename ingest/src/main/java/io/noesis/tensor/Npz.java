package io.noesis.tensor;

import io.noesis.run.AtomicFile;
import io.noesis.run.Check;
import io.noesis.run.CorruptDataException;
import io.noesis.run.DataException;
import io.noesis.run.Failure;
import io.noesis.run.Suggest;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * NumPy's {@code .npz} files: a zip of {@code .npy} arrays, stored or deflated. Arrays are read by
 * name straight from the zip; nothing is unpacked to disk, so names cannot point anywhere. Whoever
 * opened it closes it. Not for use by several threads at once.
 */
public final class Npz implements Closeable {
  private static final String SUFFIX = ".npy";

  /** Deflate cannot shrink more than 1032 times (RFC 1951: 258 bytes from two bits). */
  private static final long MOST_SHRUNK = 1032;

  /** Entries beyond this are no collection of arrays. */
  private static final int MOST_ENTRIES = 100_000;

  private final Path file;
  private final ZipFile zip;
  private final Map<String, ZipEntry> entries = new TreeMap<>();

  private Npz(Path file, ZipFile zip) {
    this.file = file;
    this.zip = zip;
    if (zip.size() > MOST_ENTRIES) {
      throw new CorruptDataException(
          "reading "
              + file
              + ": a zip of "
              + zip.size()
              + " entries; expected at most "
              + MOST_ENTRIES
              + ". Check that it is an .npz file of arrays.");
    }
    zip.stream()
        .filter(entry -> entry.getName().endsWith(SUFFIX))
        .forEach(
            entry -> {
              String name = entry.getName();
              entries.putIfAbsent(name.substring(0, name.length() - SUFFIX.length()), entry);
            });
  }

  /**
   * Opens a file and lists its arrays.
   *
   * @param file an {@code .npz} file
   * @return to be closed by the caller
   * @throws CorruptDataException when it is no whole zip file
   */
  public static Npz open(Path file) {
    Source.requireNoFolder(file);
    ZipFile zip;
    try {
      if (!Files.isReadable(file)) {
        Files.newInputStream(file).close();
      }
      zip = new ZipFile(file.toFile());
    } catch (ZipException | IllegalArgumentException e) {
      throw new CorruptDataException(
          "reading "
              + file
              + ": it is no whole zip file ("
              + e.getMessage()
              + "). Copy it again, or make it again with numpy.savez.",
          e);
    } catch (IOException e) {
      throw new DataException(
          "reading " + file + ": " + Failure.reason(e) + ". Check the path.", e);
    }
    Npz npz = null;
    try {
      npz = new Npz(file, zip);
      return npz;
    } finally {
      if (npz == null) {
        closeQuietly(zip);
      }
    }
  }

  /** The names of the arrays, sorted, as {@code numpy.load(...).files} has them. */
  public List<String> names() {
    return List.copyOf(entries.keySet());
  }

  /** What an array says about itself; also for element types that cannot be read. */
  public NpyHeader header(String name) {
    return with(name, Integrity.HEADER, NpyReader::header);
  }

  /** As {@link Npy#read}. */
  public Tensor read(String name) {
    return with(name, Integrity.WHOLE, NpyReader::floats);
  }

  /** As {@link Npy#readDoubles}. */
  public DoubleArray readDoubles(String name) {
    return with(name, Integrity.WHOLE, NpyReader::doubles);
  }

  /** As {@link Npy#readLongs}. */
  public LongArray readLongs(String name) {
    return with(name, Integrity.WHOLE, NpyReader::longs);
  }

  /** As {@link Npy#readStrings}. */
  public List<String> readStrings(String name) {
    return with(name, Integrity.WHOLE, NpyReader::strings);
  }

  /** How much of an entry is read: its checksum can be compared only at its end. */
  private enum Integrity {
    HEADER,
    WHOLE
  }

  private <T> T with(String name, Integrity check, Function<NpyReader, T> reading) {
    ZipEntry entry = entries.get(name);
    if (entry == null) {
      throw new DataException(
          "reading array '"
              + name
              + "' of "
              + file
              + ": "
              + "there is no such array. "
              + Suggest.sentence(name, entries.keySet()));
    }
    String called = "array '" + name + "' of " + file;
    long size = entry.getSize();
    long packed = entry.getCompressedSize();
    if (size < 0 || packed < 0 || size > MOST_SHRUNK * (packed + 1)) {
      throw new CorruptDataException(
          "reading "
              + called
              + ": it claims "
              + size
              + " bytes from "
              + packed
              + " packed ones, which no zip can hold. It is damaged or made to exhaust memory: do not use it.");
    }
    CRC32 crc = new CRC32();
    try (InputStream in = new CheckedInputStream(zip.getInputStream(entry), crc);
        Source source = Source.stream(called, in, size)) {
      T result = reading.apply(new NpyReader(source));
      if (check == Integrity.WHOLE) {
        in.transferTo(OutputStream.nullOutputStream());
        requireSum(called, entry.getCrc(), crc.getValue());
      }
      return result;
    } catch (IOException e) {
      throw new CorruptDataException(
          "reading "
              + called
              + ": "
              + Failure.reason(e)
              + ". It is damaged: copy or make it again.",
          e);
    }
  }

  private static void requireSum(String called, long expected, long found) {
    if (expected != found) {
      throw new CorruptDataException(
          String.format(
              "reading %s: its checksum is %08x; expected %08x. It is damaged: copy or make it again.",
              called, found, expected));
    }
  }

  /**
   * Writes arrays, stored, in the order of their names, whole or not at all; the same arrays always
   * give the same bytes.
   *
   * @param file the file; replaced when it exists
   * @param arrays by name
   */
  public static void write(Path file, Map<String, Tensor> arrays) {
    Check.argument(
        arrays.keySet().stream().noneMatch(String::isEmpty),
        "writing %s: an array has no name",
        file);
    AtomicFile.write(
        file,
        out -> {
          ZipOutputStream zip = new ZipOutputStream(out);
          for (Map.Entry<String, Tensor> array : new TreeMap<>(arrays).entrySet()) {
            putStored(zip, array.getKey() + SUFFIX, array.getValue());
          }
          zip.finish();
        });
  }

  private static void putStored(ZipOutputStream zip, String name, Tensor array) throws IOException {
    CheckedOutputStream sum = new CheckedOutputStream(OutputStream.nullOutputStream(), new CRC32());
    Npy.write(sum, array);
    long size =
        NpyHeaderText.bytes("<f4", array.shape()).length + (long) array.size() * Float.BYTES;
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(size);
    entry.setCompressedSize(size);
    entry.setCrc(sum.getChecksum().getValue());
    // The earliest time a zip can hold: the moment of writing is not part of the content.
    entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
    zip.putNextEntry(entry);
    Npy.write(zip, array);
    zip.closeEntry();
  }

  private static void closeQuietly(ZipFile zip) {
    try {
      zip.close();
    } catch (IOException e) {
      // The error that brought us here says more.
      return;
    }
  }

  @Override
  public void close() {
    try {
      zip.close();
    } catch (IOException e) {
      throw new DataException("closing " + file + ": " + Failure.reason(e), e);
    }
  }
}
