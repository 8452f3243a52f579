package io.noesis.ingest.study.layout;

import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.ingest.study.Stimulus;
import io.noesis.run.DataException;
import io.noesis.run.Suggest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The trials in an events table, each bound to its stimulus by id, by file, or, when the study does
 * not say what was shown, to a stimulus of its own.
 */
final class BidsEvents {
  /** How events name their stimulus. */
  enum Binding {
    /** A column holds ids of the stimulus table, or ids that stand for themselves. */
    ID,
    /** {@code stim_file} holds paths below {@code stimuli/}. */
    FILE,
    /** Nothing does: only the category is known, so every event is a stimulus of its own. */
    NONE
  }

  /** One event that is a trial; {@code line} is its line in the file. */
  record Event(
      int line, double onset, double duration, String stimulus, String category, String part) {}

  /**
   * The trials of one run.
   *
   * @param binding how stimuli were found
   * @param events in the order of the file
   * @param skipped rows without a stimulus, or of a type that is no trial
   * @param impulses rows whose duration is n/a, taken as 0
   */
  record Read(Binding binding, List<Event> events, int skipped, int impulses) {}

  private final BidsSettings settings;
  private final Optional<StimulusTable> stimuli;
  private final TsvTable table;
  private final Binding binding;
  private final String column;

  private BidsEvents(BidsRun run, BidsSettings settings, Optional<StimulusTable> stimuli) {
    this.settings = settings;
    this.stimuli = stimuli;
    this.table = Tsv.read(run.events());
    table.require("onset", "duration");
    if (settings.stimulusColumn().isPresent()) {
      table.require(settings.stimulusColumn().get());
      binding = Binding.ID;
      column = settings.stimulusColumn().get();
    } else if (table.has("stimulus_id")) {
      binding = Binding.ID;
      column = "stimulus_id";
    } else if (table.has("stim_file")) {
      binding = Binding.FILE;
      column = "stim_file";
    } else {
      table.require(settings.categoryColumn().orElse("trial_type"));
      binding = Binding.NONE;
      column = settings.categoryColumn().orElse("trial_type");
    }
  }

  static Read read(BidsRun run, BidsSettings settings, Optional<StimulusTable> stimuli) {
    return new BidsEvents(run, settings, stimuli).read(run);
  }

  private Read read(BidsRun run) {
    List<Event> events = new ArrayList<>();
    int skipped = 0;
    int impulses = 0;
    for (int row = 0; row < table.rows(); row++) {
      Optional<String> cell = table.value(row, column);
      String type = cell("trial_type", row);
      if (cell.isEmpty()
          || settings.rest().contains(type)
          || settings.rest().contains(cell.get())) {
        skipped++;
        continue;
      }
      double duration = table.numberOrNaN(row, "duration");
      if (Double.isNaN(duration)) {
        impulses++;
        duration = 0;
      }
      events.add(event(run, row, cell.get(), duration, events.size() + 1));
    }
    if (events.isEmpty()) {
      throw new DataException(
          "reading the events "
              + table.name()
              + ": none of its "
              + table.rows()
              + " rows is a trial. Check the column '"
              + column
              + "' and the setting 'rest'.");
    }
    return new Read(binding, events, skipped, impulses);
  }

  private Event event(BidsRun run, int row, String cell, double duration, int count) {
    double onset = table.number(row, "onset");
    if (duration < 0) {
      throw new DataException(
          "reading the events "
              + table.name()
              + ", line "
              + table.line(row)
              + ": the duration is "
              + duration
              + " s, expected at least 0. Correct the row.");
    }
    String stimulus =
        switch (binding) {
          case ID -> byId(row, cell);
          case FILE -> byFile(row, cell);
          case NONE -> ownStimulus(run, cell, count);
        };
    return new Event(
        table.line(row), onset, duration, stimulus, category(row, stimulus), cell("part", row));
  }

  private static String ownStimulus(BidsRun run, String category, int count) {
    String session = run.session().isEmpty() ? "" : "_ses-" + run.session();
    return category
        + "#sub-"
        + run.bold().name().entity("sub")
        + session
        + "_run-"
        + run.run()
        + "_event-"
        + count;
  }

  private String byId(int row, String id) {
    if (stimuli.isPresent() && !stimuli.get().stimuli().contains(id)) {
      throw missing(row, id, stimuli.get().stimuli().ids());
    }
    return id;
  }

  private String byFile(int row, String cell) {
    if (stimuli.isEmpty()) {
      return StimulusTable.normal(cell);
    }
    Map<String, String> byFile = stimuli.get().idByFile();
    String path = StimulusTable.normal(cell);
    String id = byFile.get(path);
    if (id == null && path.startsWith("stimuli/")) {
      id = byFile.get(path.substring("stimuli/".length()));
    }
    if (id == null) {
      throw missing(row, cell, byFile.keySet());
    }
    return id;
  }

  private DataException missing(int row, String name, Set<String> known) {
    return new DataException(
        "reading the events "
            + table.name()
            + ", line "
            + table.line(row)
            + ": the stimulus '"
            + name
            + "' (column '"
            + column
            + "') is not in "
            + stimuli.map(s -> s.file().toString()).orElse("the stimulus table")
            + ", which has "
            + known.size()
            + ". "
            + Suggest.nearest(name, known).map(n -> "Nearest: '" + n + "'. ").orElse("")
            + "Add it there, or correct the row.");
  }

  private String category(int row, String stimulus) {
    if (settings.categoryColumn().isPresent()) {
      return table.value(row, settings.categoryColumn().get()).orElse("");
    }
    String known =
        stimuli
            .filter(s -> s.stimuli().contains(stimulus))
            .map(s -> s.stimuli().get(stimulus))
            .map(Stimulus::category)
            .orElse("");
    return known.isEmpty() ? cell("trial_type", row) : known;
  }

  private String cell(String name, int row) {
    return table.has(name) ? table.value(row, name).orElse("") : "";
  }
}
