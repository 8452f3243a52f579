package io.noesis.ingest.study.layout;

import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.ingest.study.EpochAxes;
import io.noesis.ingest.study.ResponseColumns;
import io.noesis.ingest.study.ResponseKind;
import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.SubjectResponses;
import io.noesis.ingest.study.SubjectResponses.Note;
import io.noesis.ingest.study.Trial;
import io.noesis.ingest.study.TrialTable;
import io.noesis.run.DataException;
import io.noesis.run.Progress;
import io.noesis.run.Suggest;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One subject of the layout {@code arrays}.
 *
 * @param label without {@code sub-}
 * @param responses the array
 * @param table the table of trials
 * @param trials one row per row of the table
 * @param rows the row of the array of each trial
 */
record ArraysSubject(
    String label, Path responses, Path table, TrialTable trials, List<Integer> rows) {

  static ArraysSubject open(
      Path root, String label, ArraysSettings settings, Optional<StimulusTable> stimuli) {
    Path folder = root.resolve("sub-" + label);
    Path base = Files.isDirectory(folder) ? folder : root;
    Path responses =
        StudyFiles.require(
            base.resolve(settings.responses().replace("{subject}", label)), "the responses");
    Path file = base.resolve(settings.trials().replace("{subject}", label));
    TsvTable table = Tsv.read(StudyFiles.require(file, "the table of trials"));
    table.require(settings.columns().stimulus());
    long rows = MatrixFile.shape(responses)[0];
    List<Trial> trials = new ArrayList<>();
    for (int r = 0; r < table.rows(); r++) {
      trials.add(trial(table, r, label, settings.columns(), stimuli));
    }
    return new ArraysSubject(
        label,
        responses,
        file,
        TrialRows.counted(trials),
        rows(table, settings.columns().row(), rows, responses));
  }

  private static List<Integer> rows(TsvTable table, String column, long rows, Path responses) {
    List<Integer> out = new ArrayList<>();
    Map<Integer, Integer> first = new HashMap<>();
    for (int r = 0; r < table.rows(); r++) {
      int row = table.has(column) ? table.whole(r, column) : r;
      Integer earlier = first.putIfAbsent(row, r);
      if (row < 0 || row >= rows || earlier != null) {
        throw new DataException(
            "reading the trials "
                + table.name()
                + ", line "
                + table.line(r)
                + ": row "
                + row
                + (earlier != null
                    ? " also stands in line " + table.line(earlier)
                    : " is outside " + responses + ", which has " + rows + " rows")
                + "; expected the rows 0 to "
                + (rows - 1)
                + ", each at most once.");
      }
      out.add(row);
    }
    if (!table.has(column) && table.rows() != rows) {
      throw new DataException(
          "reading the trials "
              + table.name()
              + ": it has "
              + table.rows()
              + " rows, "
              + responses
              + " has "
              + rows
              + "; expected one row each. Add what is missing, or a column '"
              + column
              + "' that says which row of the array a trial is.");
    }
    return out;
  }

  private static Trial trial(
      TsvTable table,
      int r,
      String label,
      ArraysSettings.Columns columns,
      Optional<StimulusTable> stimuli) {
    String stimulus = table.required(r, columns.stimulus());
    if (stimuli.isPresent() && !stimuli.get().stimuli().contains(stimulus)) {
      throw new DataException(
          "reading the trials "
              + table.name()
              + ", line "
              + table.line(r)
              + ": the stimulus '"
              + stimulus
              + "' is not in "
              + stimuli.get().file()
              + ". "
              + Suggest.nearest(stimulus, stimuli.get().stimuli().ids())
                  .map(n -> "Nearest: '" + n + "'. ")
                  .orElse("")
              + "Add it there, or correct the row.");
    }
    String category =
        stimuli
            .map(s -> s.stimuli().get(stimulus))
            .map(Stimulus::category)
            .filter(c -> !c.isEmpty())
            .orElse(cell(table, r, columns.category(), ""));
    double onset = number(table, r, columns.onset());
    double duration = number(table, r, columns.duration());
    return new Trial(
        label,
        cell(table, r, columns.session(), ""),
        cell(table, r, columns.run(), "01"),
        onset,
        duration,
        onset,
        onset + duration,
        stimulus,
        category,
        1,
        cell(table, r, columns.part(), ""));
  }

  private static String cell(TsvTable table, int row, String column, String missing) {
    return table.has(column) ? table.value(row, column).orElse(missing) : missing;
  }

  private static double number(TsvTable table, int row, String column) {
    return table.has(column) ? table.numberOrNaN(row, column) : Double.NaN;
  }

  SubjectResponses read(Path root, ArraysSettings settings, Progress progress) {
    progress.begin("responses of sub-" + label, 1);
    int[] wanted = rows.stream().mapToInt(r -> r).toArray();
    Optional<EpochAxes> all = EpochFiles.axes(root, responses, settings);
    int[] channels = EpochFiles.kept(all, responses, settings);
    Optional<EpochAxes> epochs = all.map(axes -> axes.only(channels));
    Tensor stored = MatrixFile.rows(responses, wanted, settings.scale());
    MatrixFile.Read read =
        MatrixFile.clean(
            epochs.map(axes -> ofChannels(stored, channels, axes.samples())).orElse(stored),
            settings.nonFinite(),
            responses.toString());
    EpochFiles.requireWhole(epochs, read, responses);
    progress.done(
        read.values().dim(0)
            + " trials x "
            + epochs
                .map(e -> e.channels().size() + " channels x " + e.samples() + " samples")
                .orElse(read.values().dim(1) + " columns"));
    return new SubjectResponses(
        label,
        trials,
        epochs
            .map(e -> read.values().reshape(wanted.length, e.channels().size(), e.samples()))
            .orElse(read.values()),
        ResponseKind.GIVEN,
        List.of(),
        notes(settings, read, epochs),
        ResponseColumns.of(epochs));
  }

  /** Some channels of {@code [trials, channels · samples]}. */
  private static Tensor ofChannels(Tensor values, int[] channels, int samples) {
    int width = channels.length * samples;
    if (width == values.dim(1)) {
      return values;
    }
    float[] out = new float[Math.multiplyExact(values.dim(0), width)];
    for (int r = 0, o = 0; r < values.dim(0); r++) {
      for (int channel : channels) {
        System.arraycopy(values.array(), r * values.dim(1) + channel * samples, out, o, samples);
        o += samples;
      }
    }
    return Tensor.wrap(out, values.dim(0), width);
  }

  private List<Note> notes(
      ArraysSettings settings, MatrixFile.Read read, Optional<EpochAxes> epochs) {
    List<Note> notes = new ArrayList<>();
    notes.add(new Note("responses", "made elsewhere, read from " + responses.getFileName()));
    epochs.ifPresentOrElse(
        e -> {
          notes.add(new Note("channels", Integer.toString(e.channels().size())));
          notes.add(new Note("samples", e.time()));
          notes.add(new Note("sensor positions", e.positions().isEmpty() ? "unknown" : "given"));
        },
        () -> notes.add(new Note("voxels", read.values().dim(1) + " of " + read.columns())));
    notes.add(new Note("trials", Integer.toString(trials.size())));
    notes.add(new Note("runs", Integer.toString(trials.distinct(Trial::recording).size())));
    if (read.nonFinite() > 0) {
      notes.add(
          new Note(
              epochs.isPresent() ? "NaN samples" : "NaN voxels",
              read.nonFinite() + " of " + read.columns() + " (" + settings.nonFinite() + ")"));
    }
    if (settings.scale() != 1) {
      notes.add(new Note("scale", "stored numbers times " + settings.scale()));
    }
    boolean timed = trials.trials().stream().allMatch(t -> Double.isFinite(t.windowEndSeconds()));
    notes.add(new Note("trial times", timed ? "onset to end of each trial" : "unknown"));
    return notes;
  }
}
