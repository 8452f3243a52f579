package io.noesis.ingest.format.tsv;

import io.noesis.run.CorruptDataException;
import io.noesis.run.DataException;
import io.noesis.run.Suggest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A table in memory: cells by row (from 0) and column name. Immutable. */
public final class TsvTable {
  // Double.parseDouble also takes "1d", "0x1p3" and "NaN", which are slips in a table.
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d++(\\.\\d*+)?|\\.\\d++)([eE][+-]?\\d{1,9})?");
  private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,18}(\\.0{0,20})?");

  private final String name;
  private final List<String> columns;
  private final Map<String, Integer> index = new HashMap<>();
  private final List<String[]> rows;

  TsvTable(String name, List<String> columns, List<String[]> rows) {
    this.name = name;
    this.columns = columns;
    this.rows = rows;
    for (int c = 0; c < columns.size(); c++) {
      index.put(columns.get(c), c);
    }
  }

  /** What the table is called in messages: its path. */
  public String name() {
    return name;
  }

  /** The column names in order. */
  public List<String> columns() {
    return columns;
  }

  /** How many rows, without the header. */
  public int rows() {
    return rows.size();
  }

  /** Whether there is a column of that name. */
  public boolean has(String column) {
    return index.containsKey(column);
  }

  /**
   * Requires columns.
   *
   * @param wanted their names
   * @throws DataException when one is not there; names the columns that are
   */
  public void require(String... wanted) {
    for (String column : wanted) {
      column(column);
    }
  }

  /**
   * One cell as it stands, {@code n/a} included.
   *
   * @param row from 0
   * @param column its name
   * @return the text
   */
  public String text(int row, String column) {
    return rows.get(row)[column(column)];
  }

  /**
   * One cell, or nothing when it is {@code n/a} or empty.
   *
   * @param row from 0
   * @param column its name
   * @return the text, if there is one
   */
  public Optional<String> value(int row, String column) {
    String cell = text(row, column).strip();
    return cell.isEmpty() || cell.equalsIgnoreCase(Tsv.MISSING)
        ? Optional.empty()
        : Optional.of(cell);
  }

  /**
   * One cell that must hold something.
   *
   * @param row from 0
   * @param column its name
   * @return the text
   * @throws CorruptDataException when it is {@code n/a} or empty; names file, line and column
   */
  public String required(int row, String column) {
    return value(row, column).orElseThrow(() -> wrong(row, column, "a value"));
  }

  /**
   * One cell as a finite number.
   *
   * @param row from 0
   * @param column its name
   * @return the number
   * @throws CorruptDataException when it is not one; names file, line and column
   */
  public double number(int row, String column) {
    String cell = text(row, column).strip();
    double number = NUMBER.matcher(cell).matches() ? Double.parseDouble(cell) : Double.NaN;
    if (!Double.isFinite(number)) {
      throw wrong(row, column, "a number");
    }
    return number;
  }

  /**
   * One cell as a finite number, or NaN where it is {@code n/a} or empty.
   *
   * @param row from 0
   * @param column its name
   * @return the number
   * @throws CorruptDataException when it is anything else
   */
  public double numberOrNaN(int row, String column) {
    return value(row, column).isPresent() ? number(row, column) : Double.NaN;
  }

  /**
   * One cell as a whole number.
   *
   * @param row from 0
   * @param column its name
   * @return the number
   * @throws CorruptDataException when it is not one, or beyond 32 bits
   */
  public int whole(int row, String column) {
    String cell = text(row, column).strip();
    if (WHOLE.matcher(cell).matches()) {
      int dot = cell.indexOf('.');
      long number = Long.parseLong(dot < 0 ? cell : cell.substring(0, dot));
      if (number == (int) number) {
        return (int) number;
      }
    }
    throw wrong(row, column, "a whole number");
  }

  /**
   * All cells of a column as they stand.
   *
   * @param column its name
   * @return a new list
   */
  public List<String> texts(String column) {
    int at = column(column);
    List<String> out = new ArrayList<>(rows.size());
    for (String[] row : rows) {
      out.add(row[at]);
    }
    return out;
  }

  /**
   * A row as a map of the cells that hold something, in column order.
   *
   * @param row from 0
   * @return a new map
   */
  public Map<String, String> row(int row) {
    Map<String, String> out = new LinkedHashMap<>();
    for (String column : columns) {
      value(row, column).ifPresent(cell -> out.put(column, cell));
    }
    return out;
  }

  /**
   * Where a row stands in the file, for messages.
   *
   * @param row from 0
   * @return the line number; the header is line 1
   */
  public int line(int row) {
    return row + 2;
  }

  private int column(String column) {
    Integer at = index.get(column);
    if (at == null) {
      throw new DataException(
          "reading the table "
              + name
              + ": it has no column '"
              + column
              + "'. "
              + Suggest.sentence(column, columns));
    }
    return at;
  }

  private CorruptDataException wrong(int row, String column, String expected) {
    return new CorruptDataException(
        Tsv.at(name, line(row))
            + "column '"
            + column
            + "' (number "
            + (column(column) + 1)
            + ") is '"
            + text(row, column)
            + "', expected "
            + expected
            + ". Correct the cell.");
  }
}
