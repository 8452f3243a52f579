package io.noesis.ingest.format.nifti;

import io.noesis.run.CorruptDataException;
import io.noesis.run.DataException;
import io.noesis.run.Failure;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The bytes of one file, opened from the start as often as needed, inflated when they begin as gzip
 * does, whatever the name says.
 */
final class ByteSource {
  /** Deflate cannot shrink more than this (one 258-byte match in 2 bits); RFC 1951. */
  private static final long LARGEST_RATIO = 1032;

  private static final int BUFFER = 1 << 18;

  private final String name;
  private final long size;
  private final boolean gzipped;
  private final Opener opener;

  private ByteSource(String name, long size, boolean gzipped, Opener opener) {
    this.name = name;
    this.size = size;
    this.gzipped = gzipped;
    this.opener = opener;
  }

  /** Opens the raw bytes. */
  @FunctionalInterface
  private interface Opener {
    InputStream open() throws IOException;
  }

  static ByteSource of(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return new ByteSource(
          file.toString(), Files.size(file), isGzip(in), () -> Files.newInputStream(file));
    } catch (IOException e) {
      throw new DataException(
          "reading "
              + file
              + ": "
              + Failure.reason(e)
              + ", expected a NIfTI file. Check the path and its permissions.",
          e);
    }
  }

  /** Bytes in memory under a name, for tests of many damaged files. */
  static ByteSource of(String name, byte[] bytes) {
    try {
      return new ByteSource(
          name,
          bytes.length,
          isGzip(new ByteArrayInputStream(bytes)),
          () -> new ByteArrayInputStream(bytes));
    } catch (IOException e) {
      throw new AssertionError("memory does not fail to be read", e);
    }
  }

  private static boolean isGzip(InputStream in) throws IOException {
    return in.read() == 0x1f && in.read() == 0x8b;
  }

  String name() {
    return name;
  }

  boolean gzipped() {
    return gzipped;
  }

  /** A stream from the first (inflated) byte. */
  InputStream open() throws IOException {
    InputStream raw = opener.open();
    if (!gzipped) {
      return raw;
    }
    try {
      return new GZIPInputStream(raw, (int) Math.max(512, Math.min(BUFFER, size)));
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }

  /**
   * Requires room for so many (inflated) bytes: exactly known for a plain file, at most what
   * deflate can hold for a gzipped one. Checked before anything is allocated.
   */
  void requireRoom(long bytes, String what) {
    if (!gzipped && bytes > size) {
      throw new CorruptDataException(
          String.format(
              "reading %s: %s need %d bytes, the file has %d. It is truncated or its header is"
                  + " wrong; fetch or export it again.",
              name, what, bytes, size));
    }
    if (gzipped && bytes / LARGEST_RATIO > size) {
      throw new CorruptDataException(
          String.format(
              "reading %s: %s need %d bytes, but %d gzipped bytes cannot hold more than %d. The"
                  + " header is wrong or the file truncated; fetch or export it again.",
              name, what, bytes, size, size * LARGEST_RATIO));
    }
  }

  /** What a failed read means, in words. */
  DataException failure(IOException e, String what) {
    if (e instanceof EOFException) {
      return new CorruptDataException(
          String.format(
              "reading %s: the gzip stream ends in the middle of %s, expected it whole. The file is"
                  + " truncated; fetch or export it again.",
              name, what),
          e);
    }
    if (e instanceof ZipException) {
      return new CorruptDataException(
          String.format(
              "reading %s: the gzip stream is corrupt in %s (%s), expected an intact one. Fetch or"
                  + " export the file again.",
              name, what, Failure.reason(e)),
          e);
    }
    return new DataException(
        String.format(
            "reading %s: %s in %s. Check the disk and the permissions of the file.",
            name, Failure.reason(e), what),
        e);
  }
}
