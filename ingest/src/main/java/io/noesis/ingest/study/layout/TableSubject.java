package io.noesis.ingest.study.layout;

import io.noesis.ingest.format.nifti.NiftiFile;
import io.noesis.ingest.study.Trial;
import io.noesis.ingest.study.TrialTable;
import io.noesis.ingest.volume.VolumeSource;
import io.noesis.run.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One subject of the layout {@code table}: its recordings by file, and its trials.
 *
 * @param label without {@code sub-}
 * @param table the table of labels
 * @param trSeconds time between volumes
 * @param files the recordings that each file holds, in the order of the table
 * @param trials one row per cut, files and recordings in that order
 */
record TableSubject(
    String label,
    Path table,
    double trSeconds,
    Map<Path, List<LabelledRun>> files,
    TrialTable trials) {

  static TableSubject open(
      Path root, TableSettings settings, String label, Optional<StimulusTable> stimuli) {
    Path table = root.resolve(settings.table().replace("{subject}", label));
    Map<String, List<TableRows.Row>> recordings =
        TableRows.byRecording(TableRows.read(table, settings));
    Map<Path, List<LabelledRun>> files = new LinkedHashMap<>();
    double tr = Double.NaN;
    for (List<TableRows.Row> rows : recordings.values()) {
      Path file = file(root, settings, label, rows.get(0));
      long volumes = volumes(file);
      double own = trSeconds(file, settings);
      if (!Double.isNaN(tr) && tr != own) {
        throw new DataException(
            "reading " + file + ": its TR is " + own + " s, that of the runs before " + tr + " s.");
      }
      tr = own;
      files
          .computeIfAbsent(file, f -> new ArrayList<>())
          .add(run(settings, rows, file, volumes, tr, table, recordings.size()));
    }
    return new TableSubject(
        label, table, tr, files, trials(label, files, tr, settings, stimuli, table));
  }

  private static Path file(Path root, TableSettings settings, String label, TableRows.Row row) {
    String name =
        settings
            .responses()
            .replace("{subject}", label)
            .replace("{session}", row.session())
            .replace("{run}", row.run());
    return StudyFiles.require(root.resolve(name), "the responses");
  }

  private static LabelledRun run(
      TableSettings settings,
      List<TableRows.Row> rows,
      Path file,
      long volumes,
      double tr,
      Path table,
      int recordings) {
    boolean own = settings.responses().contains("{run}") || recordings == 1;
    if (settings.columns().onset().isPresent()) {
      if (!own) {
        throw new DataException(
            "reading the table "
                + table
                + ": onsets count from the start of a run, but "
                + file
                + " holds "
                + recordings
                + " runs. Give one file per run ({run} in 'responses'), or a 'volume' column.");
      }
      return LabelledRun.ofBlocks(rows, Math.toIntExact(volumes), tr, settings, table.toString());
    }
    List<TableRows.Row> numbered = rows;
    if (settings.columns().volume().isEmpty()) {
      numbered = numbered(rows, volumes, file, table, own);
    }
    return LabelledRun.ofVolumes(numbered, volumes, own, settings, table.toString());
  }

  /** Without a volume column the rows are the volumes, in order and all of them. */
  private static List<TableRows.Row> numbered(
      List<TableRows.Row> rows, long volumes, Path file, Path table, boolean own) {
    int first = own ? rows.get(0).line() : 2;
    List<TableRows.Row> out = new ArrayList<>();
    for (TableRows.Row r : rows) {
      int volume = own ? out.size() : r.line() - first;
      out.add(
          new TableRows.Row(
              r.line(),
              r.session(),
              r.run(),
              volume,
              r.onset(),
              r.duration(),
              r.category(),
              r.stimulus(),
              r.block(),
              r.part(),
              r.rest()));
    }
    if (own && out.size() != volumes) {
      throw new DataException(
          "reading the table "
              + table
              + ": it has "
              + out.size()
              + " rows for "
              + file
              + ", which has "
              + volumes
              + " volumes; expected one row each. Add the missing rows, or name a 'volume' column.");
    }
    return out;
  }

  private static long volumes(Path file) {
    return TableStudy.isMatrix(file) ? MatrixFile.shape(file)[0] : NiftiFile.source(file).volumes();
  }

  private static double trSeconds(Path file, TableSettings settings) {
    if (settings.trSeconds().isPresent()) {
      return settings.trSeconds().getAsDouble();
    }
    double tr = Double.NaN;
    if (!TableStudy.isMatrix(file)) {
      VolumeSource source = NiftiFile.source(file);
      tr = source.trSeconds();
    }
    if (!(tr > 0)) {
      throw new DataException(
          "reading "
              + file
              + ": it does not say how long a volume takes. Give the setting trSeconds.");
    }
    return tr;
  }

  private static TrialTable trials(
      String label,
      Map<Path, List<LabelledRun>> files,
      double tr,
      TableSettings settings,
      Optional<StimulusTable> stimuli,
      Path table) {
    List<Trial> out = new ArrayList<>();
    for (List<LabelledRun> runs : files.values()) {
      for (LabelledRun run : runs) {
        for (LabelledRun.Cut cut : run.trials()) {
          String stimulus = stimulus(label, run, cut, stimuli, table);
          String category =
              cut.label().category().isEmpty()
                  ? stimuli.map(s -> s.stimuli().get(stimulus).category()).orElse("")
                  : cut.label().category();
          double onset = cut.onset() * tr;
          double duration = cut.volumes().size() * tr;
          double start = onset + settings.shiftVolumes() * tr;
          out.add(
              new Trial(
                  label,
                  run.session(),
                  run.run(),
                  onset,
                  duration,
                  start,
                  start + duration,
                  stimulus,
                  category,
                  1,
                  cut.label().part()));
        }
      }
    }
    return TrialRows.counted(out);
  }

  private static String stimulus(
      String label,
      LabelledRun run,
      LabelledRun.Cut cut,
      Optional<StimulusTable> stimuli,
      Path table) {
    String id = cut.label().stimulus();
    if (id.isEmpty()) {
      String session = run.session().isEmpty() ? "" : "_ses-" + run.session();
      return cut.label().category()
          + "#sub-"
          + label
          + session
          + "_run-"
          + run.run()
          + "_block-"
          + cut.block();
    }
    if (stimuli.isPresent() && !stimuli.get().stimuli().contains(id)) {
      throw new DataException(
          "reading the table "
              + table
              + ", line "
              + cut.label().line()
              + ": the stimulus '"
              + id
              + "' is not in "
              + stimuli.get().file()
              + ". Add it there, or correct the row.");
    }
    return id;
  }
}
