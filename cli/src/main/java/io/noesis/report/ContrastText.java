package io.noesis.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Differences between runs for a terminal: a heading for each two decodings, below it a line for
 * each score in aligned columns, numbers as on the page. No name is cut.
 */
public final class ContrastText {
  private static final List<String> HEADS =
      List.of("subject", "score", "of", "difference [95 % interval]", "p", "p, Holm", "n");

  /** The first columns are texts, the others numbers. */
  private static final int TEXTS = 3;

  private ContrastText() {}

  /**
   * One difference.
   *
   * @param subject label without {@code sub-}
   * @param pair whose, {@code ONE minus OTHER}
   * @param score the name of the score in words
   * @param of the rows: averaged repetitions or single trials
   * @param value the difference
   * @param low lower end of its 95 % interval
   * @param high upper end of that interval
   * @param p two-sided
   * @param corrected the same, corrected for pairs and subjects
   * @param n how many units
   */
  public record Row(
      String subject,
      String pair,
      String score,
      String of,
      double value,
      double low,
      double high,
      double p,
      double corrected,
      String n) {
    private List<String> cells() {
      int decimals = Numbers.decimals(value, low, high);
      return List.of(
          subject,
          score,
          of,
          Numbers.format(value, decimals)
              + " ["
              + Numbers.format(low, decimals)
              + ", "
              + Numbers.format(high, decimals)
              + "]",
          Numbers.p(p),
          Numbers.p(corrected),
          n);
    }
  }

  /**
   * Writes the text.
   *
   * @param rows differences
   * @return lines that end in {@code \n}; empty where there are none
   */
  public static String of(List<Row> rows) {
    int[] widths = HEADS.stream().mapToInt(String::length).toArray();
    Map<String, List<List<String>>> byPair = new LinkedHashMap<>();
    for (Row row : rows) {
      List<String> cells = row.cells();
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], cells.get(i).length());
      }
      byPair.computeIfAbsent(row.pair(), pair -> new ArrayList<>()).add(cells);
    }
    StringBuilder text = new StringBuilder();
    byPair.forEach(
        (pair, lines) -> {
          text.append('\n').append(pair).append('\n');
          text.append(line(HEADS, widths));
          lines.forEach(cells -> text.append(line(cells, widths)));
        });
    return text.toString();
  }

  private static String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String blanks = " ".repeat(widths[i] - cells.get(i).length());
      line.append(i == 0 ? "" : "  ");
      line.append(i < TEXTS ? cells.get(i) + blanks : blanks + cells.get(i));
    }
    return line.append('\n').toString();
  }
}
