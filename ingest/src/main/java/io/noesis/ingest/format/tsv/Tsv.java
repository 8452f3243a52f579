package io.noesis.ingest.format.tsv;

import io.noesis.run.AtomicFile;
import io.noesis.run.Check;
import io.noesis.run.CorruptDataException;
import io.noesis.run.DataException;
import io.noesis.run.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes tab-separated tables (BIDS 1.10, "Tabular files"): UTF-8, one header line of
 * unique names, one tab between columns, {@code n/a} for a missing value. A byte order mark and
 * Windows line ends are read, never written.
 */
public final class Tsv {
  /** How a missing value is written. */
  public static final String MISSING = "n/a";

  private static final long MAX_BYTES = 256L << 20;
  private static final int MAX_LINE_BYTES = 1 << 20;
  private static final int MAX_COLUMNS = 10_000;

  private Tsv() {}

  /**
   * Reads a table.
   *
   * @param file at most 256 MiB
   * @return the table
   * @throws DataException when it cannot be read
   * @throws CorruptDataException when it is not such a table; names file and line
   */
  public static TsvTable read(Path file) {
    try {
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw new DataException(
            "reading the table "
                + file
                + ": it is "
                + size
                + " bytes, at most "
                + MAX_BYTES
                + " are read as one table. Check that this is the table, or split it.");
      }
      return parse(Files.readAllBytes(file), file.toString());
    } catch (IOException e) {
      throw new DataException(
          "reading the table " + file + ": " + Failure.reason(e) + ". Check the path.", e);
    }
  }

  /**
   * Parses a table.
   *
   * @param bytes the content of a file; not modified
   * @param name what to call it in messages
   * @return the table
   * @throws CorruptDataException when it is not such a table
   */
  public static TsvTable parse(byte[] bytes, String name) {
    Lines lines = new Lines(bytes, name);
    String header = lines.next();
    if (header == null || header.isEmpty()) {
      throw new CorruptDataException(
          "reading the table "
              + name
              + ": it has no header. Expected a first line of column names between tabs.");
    }
    List<String> columns = columns(header, name);
    List<String[]> rows = new ArrayList<>();
    Map<String, String> pool = new HashMap<>();
    int blankSince = 0;
    for (String line = lines.next(); line != null; line = lines.next()) {
      if (line.isEmpty()) {
        blankSince = blankSince == 0 ? lines.number() : blankSince;
        continue;
      }
      if (blankSince > 0) {
        throw new CorruptDataException(
            at(name, blankSince) + "the line is blank, expected " + count(columns.size()) + ".");
      }
      rows.add(cells(line, columns.size(), name, lines.number(), pool));
    }
    return new TsvTable(name, columns, rows);
  }

  /**
   * Writes a table, whole or not at all.
   *
   * @param file the final name; replaced when it exists
   * @param columns unique names
   * @param rows one cell per column; an empty cell is written as {@code n/a}; tabs and line breaks
   *     are refused
   */
  public static void write(Path file, List<String> columns, List<List<String>> rows) {
    Check.argument(
        !columns.isEmpty() && new HashSet<>(columns).size() == columns.size(),
        "writing %s: column names must be there and unique, found %s",
        file,
        columns);
    StringBuilder text = new StringBuilder();
    append(text, columns, file);
    for (List<String> row : rows) {
      Check.size("cells of a row of " + file, columns.size(), row.size());
      append(text, row, file);
    }
    AtomicFile.writeText(file, text.toString());
  }

  private static void append(StringBuilder text, List<String> cells, Path file) {
    for (int i = 0; i < cells.size(); i++) {
      String cell = cells.get(i);
      Check.argument(
          cell.chars().noneMatch(c -> c < ' ' || c == 0x7f),
          "writing %s: the cell '%s' holds a tab, a line break or another control character",
          file,
          cell);
      text.append(i == 0 ? "" : "\t").append(cell.isEmpty() ? MISSING : cell);
    }
    text.append('\n');
  }

  private static List<String> columns(String header, String name) {
    String[] names = header.split("\t", -1);
    if (names.length > MAX_COLUMNS) {
      throw new CorruptDataException(
          at(name, 1)
              + "the header has "
              + names.length
              + " columns, expected at most "
              + MAX_COLUMNS
              + ".");
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < names.length; i++) {
      names[i] = names[i].strip();
      if (names[i].isEmpty()) {
        throw new CorruptDataException(
            at(name, 1) + "column " + (i + 1) + " has no name. Name it in the header.");
      }
      if (!seen.add(names[i])) {
        throw new CorruptDataException(
            at(name, 1)
                + "two columns are named '"
                + names[i]
                + "'; names must be unique. Rename one of them.");
      }
    }
    return List.of(names);
  }

  private static String[] cells(
      String line, int columns, String name, int number, Map<String, String> pool) {
    int tabs = 0;
    for (int i = 0; i < line.length(); i++) {
      tabs += line.charAt(i) == '\t' ? 1 : 0;
    }
    if (tabs + 1 != columns) {
      throw new CorruptDataException(
          at(name, number)
              + "found "
              + count(tabs + 1)
              + ", expected "
              + count(columns)
              + " as in the header. Separate columns by one tab each and write n/a for a missing"
              + " value.");
    }
    String[] out = new String[columns];
    int from = 0;
    for (int c = 0; c < columns; c++) {
      int to = c == columns - 1 ? line.length() : line.indexOf('\t', from);
      String cell = line.substring(from, to);
      String known = pool.size() < 100_000 ? pool.putIfAbsent(cell, cell) : pool.get(cell);
      out[c] = known == null ? cell : known;
      from = to + 1;
    }
    return out;
  }

  static String at(String name, int line) {
    return "reading the table " + name + ", line " + line + ": ";
  }

  private static String count(int columns) {
    return columns == 1 ? "1 column" : columns + " columns";
  }

  /** Cuts bytes into lines and decodes each, so that an error knows its line. */
  private static final class Lines {
    private final byte[] bytes;
    private final String name;
    private final CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private int at;
    private int number;

    Lines(byte[] bytes, String name) {
      this.bytes = bytes;
      this.name = name;
      boolean mark =
          bytes.length >= 3
              && bytes[0] == (byte) 0xef
              && bytes[1] == (byte) 0xbb
              && bytes[2] == (byte) 0xbf;
      at = mark ? 3 : 0;
    }

    int number() {
      return number;
    }

    @Nullable String next() {
      if (at >= bytes.length) {
        return null;
      }
      number++;
      int end = at;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      int length = end - at;
      if (length > MAX_LINE_BYTES) {
        throw new CorruptDataException(
            at(name, number)
                + "the line has "
                + length
                + " bytes, expected at most "
                + MAX_LINE_BYTES
                + ". Check that this is a table.");
      }
      int from = at;
      at = end + 1;
      if (length > 0 && bytes[end - 1] == '\r') {
        length--;
      }
      return decode(from, length);
    }

    private String decode(int from, int length) {
      for (int i = from; i < from + length; i++) {
        if (bytes[i] >= 0 && bytes[i] < ' ' && bytes[i] != '\t') {
          throw new CorruptDataException(
              at(name, number)
                  + "found the control character 0x"
                  + Integer.toHexString(bytes[i])
                  + ", expected text. Check that this is a table in UTF-8.");
        }
      }
      try {
        return decoder.decode(ByteBuffer.wrap(bytes, from, length)).toString();
      } catch (CharacterCodingException e) {
        throw new CorruptDataException(
            at(name, number)
                + "the bytes are not UTF-8. Save the table in UTF-8 (not Latin-1 or UTF-16).",
            e);
      }
    }
  }
}
