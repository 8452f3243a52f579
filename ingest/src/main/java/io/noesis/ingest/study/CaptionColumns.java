package io.noesis.ingest.study;

import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.run.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * How a table of stimuli gives captions: the first in the column {@value #FIRST}, further ones in
 * {@code caption_2}, {@code caption_3} and so on without a gap. A stimulus with fewer than others
 * has {@code n/a} behind its last one.
 */
public final class CaptionColumns {
  /** The column of the first caption. */
  public static final String FIRST = "caption";

  private static final Pattern MEANT = Pattern.compile("captions?([_.-]?\\d+)?");

  private final TsvTable table;
  private final List<String> names;

  private CaptionColumns(TsvTable table, List<String> names) {
    this.table = table;
    this.names = names;
  }

  /**
   * The columns of so many captions.
   *
   * @param count at least 1
   * @return {@code caption, caption_2, ...}
   */
  public static List<String> names(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(n -> n == 1 ? FIRST : FIRST + "_" + n).toList();
  }

  /**
   * The columns that a table has.
   *
   * @param table of stimuli
   * @return its columns; none where it has no captions
   * @throws DataException when a column is named like one of captions and would not be read as one
   */
  public static CaptionColumns of(TsvTable table) {
    int count = 0;
    while (table.has(names(count + 1).get(count))) {
      count++;
    }
    List<String> names = names(count);
    for (String column : table.columns()) {
      if (MEANT.matcher(column).matches() && !names.contains(column)) {
        throw new DataException(
            "reading the stimulus table "
                + table.name()
                + ": line 1: the column '"
                + column
                + "' would not be read as a caption. Expected 'caption' and, of several,"
                + " 'caption_2', 'caption_3' and so on without a gap, one sentence each. Rename the"
                + " column.");
      }
    }
    return new CaptionColumns(table, names);
  }

  /** Their names. */
  public List<String> names() {
    return names;
  }

  /**
   * The captions of one row.
   *
   * @param row from 0
   * @return as many as it has
   * @throws DataException when one is missing before another
   */
  public List<String> of(int row) {
    List<String> captions = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (table.value(row, name).isPresent() && captions.size() < i) {
        throw new DataException(
            "reading the stimulus table "
                + table.name()
                + ": line "
                + table.line(row)
                + " has a '"
                + name
                + "' and no '"
                + names.get(captions.size())
                + "'. Move its captions to the front, so that n/a only follows the last one.");
      }
      table.value(row, name).ifPresent(captions::add);
    }
    return captions;
  }
}
