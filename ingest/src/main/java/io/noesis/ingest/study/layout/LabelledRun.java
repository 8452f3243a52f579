package io.noesis.ingest.study.layout;

import io.noesis.run.DataException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One recording of the layout {@code table}: which rows of its file belong to it, and the trials
 * cut from them.
 *
 * @param session label, or empty
 * @param run label
 * @param rows rows of the file that are this recording's volumes, in time order; statistics within
 *     the run are taken over all of them
 * @param trials what is cut from them
 * @param lost volumes whose shifted partner lies outside the recording
 */
record LabelledRun(String session, String run, List<Integer> rows, List<Cut> trials, int lost) {
  /**
   * A trial before it has its numbers.
   *
   * @param label the first row of the table that belongs to it
   * @param block its number within the run, from 1, or the name the table gives
   * @param onset index in time of its first volume
   * @param volumes indices into {@code rows} whose mean it is, ascending
   */
  record Cut(TableRows.Row label, String block, int onset, List<Integer> volumes) {}

  /**
   * Cuts a recording whose table has one row per volume.
   *
   * @param rows of one recording, each with its volume
   * @param volumes how many the file has
   * @param wholeFile whether the file holds this recording alone
   */
  static LabelledRun ofVolumes(
      List<TableRows.Row> rows,
      long volumes,
      boolean wholeFile,
      TableSettings settings,
      String table) {
    TreeMap<Integer, TableRows.Row> byVolume = new TreeMap<>();
    for (TableRows.Row row : rows) {
      if (row.volume() < 0 || row.volume() >= volumes) {
        throw new DataException(
            "reading the table "
                + table
                + ", line "
                + row.line()
                + ": volume "
                + row.volume()
                + " is outside the file of "
                + volumes
                + " volumes, expected 0 to "
                + (volumes - 1)
                + ". Correct the row, or check that table and file belong together.");
      }
      TableRows.Row earlier = byVolume.put(row.volume(), row);
      if (earlier != null) {
        throw new DataException(
            "reading the table "
                + table
                + ", line "
                + row.line()
                + ": volume "
                + row.volume()
                + " also stands in line "
                + earlier.line()
                + "; expected every volume at most once.");
      }
    }
    int first = wholeFile ? 0 : byVolume.firstKey();
    Map<Integer, Integer> rowOfTime = new HashMap<>();
    List<Integer> listed = new ArrayList<>(byVolume.keySet());
    for (int volume : listed) {
      rowOfTime.put(volume - first, rowOfTime.size());
    }
    return new Cutter(settings, rowOfTime).byVolume(byVolume, first, listed);
  }

  /** Cuts a recording whose table has one row per block, with onset and duration. */
  static LabelledRun ofBlocks(
      List<TableRows.Row> rows, int volumes, double tr, TableSettings settings, String table) {
    Map<Integer, Integer> rowOfTime = new HashMap<>();
    List<Integer> all = new ArrayList<>();
    for (int v = 0; v < volumes; v++) {
      rowOfTime.put(v, v);
      all.add(v);
    }
    TreeMap<Integer, TableRows.Row> byVolume = new TreeMap<>();
    Map<Integer, String> block = new HashMap<>();
    int count = 0;
    for (TableRows.Row row : rows) {
      count += row.rest() ? 0 : 1;
      // A volume belongs to the block in which it begins; 1e-6 forgives onsets that were rounded.
      int from = (int) Math.ceil(row.onset() / tr - 1e-6);
      int to = Math.max(from + 1, (int) Math.ceil((row.onset() + row.duration()) / tr - 1e-6));
      if (from < 0 || row.onset() >= volumes * tr) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "reading the table %s, line %d: the onset %s s is outside the run %s, which has %d"
                    + " volumes of %s s and ends at %s s. Correct the onset (seconds from the first"
                    + " volume of the run).",
                table,
                row.line(),
                row.onset(),
                row.recording(),
                volumes,
                tr,
                volumes * tr));
      }
      for (int v = from; v < Math.min(to, volumes); v++) {
        byVolume.put(v, row);
        block.put(v, row.block().isEmpty() ? Integer.toString(count) : row.block());
      }
    }
    Cutter cutter = new Cutter(settings, rowOfTime);
    cutter.blocks.putAll(block);
    return cutter.byVolume(byVolume, 0, all);
  }

  /** Turns labelled volumes into trials. */
  private static final class Cutter {
    private final TableSettings settings;
    private final Map<Integer, Integer> rowOfTime;
    private final Map<Integer, String> blocks = new HashMap<>();
    private final List<Cut> cuts = new ArrayList<>();
    private int lost;

    Cutter(TableSettings settings, Map<Integer, Integer> rowOfTime) {
      this.settings = settings;
      this.rowOfTime = rowOfTime;
    }

    LabelledRun byVolume(
        SortedMap<Integer, TableRows.Row> labels, int first, List<Integer> listed) {
      int count = 0;
      String open = "";
      int lastTime = Integer.MIN_VALUE;
      List<Integer> members = new ArrayList<>();
      for (Map.Entry<Integer, TableRows.Row> entry : labels.entrySet()) {
        int time = entry.getKey() - first;
        TableRows.Row row = entry.getValue();
        if (row.rest()) {
          open = "";
          continue;
        }
        String given = blocks.getOrDefault(time, row.block());
        String key = row.label() + "\t" + given;
        boolean goesOn = key.equals(open) && (!given.isEmpty() || time == lastTime + 1);
        if (!goesOn) {
          count++;
        }
        if (!goesOn || settings.average() == TableSettings.Average.NONE) {
          members = new ArrayList<>();
          cuts.add(new Cut(row, given.isEmpty() ? Integer.toString(count) : given, time, members));
        }
        open = key;
        lastTime = time;
        Integer source = rowOfTime.get(time + settings.shiftVolumes());
        if (source == null) {
          lost++;
        } else {
          members.add(source);
        }
      }
      TableRows.Row any = labels.values().iterator().next();
      List<Cut> whole = cuts.stream().filter(cut -> !cut.volumes().isEmpty()).toList();
      return new LabelledRun(any.session(), any.run(), listed, whole, lost);
    }
  }
}
