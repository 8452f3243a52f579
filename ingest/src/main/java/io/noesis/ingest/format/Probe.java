package io.noesis.ingest.format;

import io.noesis.run.DataException;
import io.noesis.run.Failure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/** The first bytes of a path, as they are and, when they are gzip, expanded. */
final class Probe {
  private static final int LENGTH = 4096;

  private final Path path;
  private final boolean folder;
  private final byte[] start;
  private final byte[] expanded;

  private Probe(Path path, boolean folder, byte[] start, byte[] expanded) {
    this.path = path;
    this.folder = folder;
    this.start = start;
    this.expanded = expanded;
  }

  static Probe of(Path path) {
    if (Files.isDirectory(path)) {
      return new Probe(path, true, new byte[0], new byte[0]);
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] start = in.readNBytes(LENGTH);
      return new Probe(path, false, start, expand(start));
    } catch (IOException e) {
      throw new DataException("looking at " + path + ": " + Failure.reason(e) + ".", e);
    }
  }

  /** As much as the first bytes of a gzip file give; the bytes themselves when it is none. */
  private static byte[] expand(byte[] start) {
    if (start.length < 2 || start[0] != 0x1f || start[1] != (byte) 0x8b) {
      return start;
    }
    byte[] out = new byte[LENGTH];
    int n = 0;
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(start))) {
      for (int read = in.read(out, 0, 1); read > 0; read = in.read(out, n, 1)) {
        n += read;
        if (n == LENGTH) {
          break;
        }
      }
    } catch (IOException e) {
      // The start of a gzip file ends early by nature; what came out before that is enough.
    }
    return Arrays.copyOf(out, n);
  }

  Path path() {
    return path;
  }

  boolean folder() {
    return folder;
  }

  boolean empty() {
    return !folder && start.length == 0;
  }

  /** The first bytes, at most 4096: live, not to be written. */
  byte[] start() {
    return start;
  }

  /** The first bytes after gzip, at most 4096: live, not to be written. */
  byte[] expanded() {
    return expanded;
  }

  /** Whether the expanded bytes hold that text (one byte a character) at that place. */
  boolean has(int at, String text) {
    return expanded.length >= at + text.length()
        && new String(expanded, at, text.length(), StandardCharsets.ISO_8859_1).equals(text);
  }

  /** Whether the name ends so, in any case. */
  boolean named(String suffix) {
    String name = String.valueOf(path.getFileName());
    return name.regionMatches(true, name.length() - suffix.length(), suffix, 0, suffix.length());
  }

  /** Whether the first bytes could be text: no control characters but tabs and line ends. */
  boolean text() {
    for (byte b : start) {
      if (b >= 0 && b < ' ' && b != '\t' && b != '\n' && b != '\r') {
        return false;
      }
    }
    return start.length > 0;
  }

  /** The first characters that are no white space, at most ten. */
  String firstWord() {
    String text = new String(start, StandardCharsets.UTF_8).replaceFirst("^\ufeff", "").strip();
    return text.substring(0, Math.min(10, text.length()));
  }

  /** The first line. */
  String firstLine() {
    String text = new String(start, StandardCharsets.UTF_8);
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }
}
