package io.noesis.ingest.study.layout;

import io.noesis.ingest.format.nifti.NiftiFile;
import io.noesis.ingest.glm.RunTiming;
import io.noesis.ingest.study.Trial;
import io.noesis.ingest.volume.VolumeSource;
import io.noesis.run.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The trials of one run, checked against the length of its recording.
 *
 * @param run the run
 * @param timing its volumes
 * @param events what its events table says
 * @param trials one per event, repetitions not yet counted
 * @param cut events whose window of volumes is not whole within the run
 */
record BidsRunTrials(
    BidsRun run, RunTiming timing, BidsEvents.Read events, List<Trial> trials, int cut) {

  static BidsRunTrials read(
      String subject, BidsRun run, BidsSettings settings, Optional<StimulusTable> stimuli) {
    VolumeSource source = NiftiFile.source(run.bold().path());
    RunTiming timing = new RunTiming(source.volumes(), trSeconds(run, source), run.startSeconds());
    BidsEvents.Read events = BidsEvents.read(run, settings, stimuli);
    List<Trial> trials = new ArrayList<>();
    int cut = 0;
    for (BidsEvents.Event event : events.events()) {
      if (event.onset() >= timing.endSeconds()) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "reading the events %s, line %d: the onset %s s is past the end of the run %s, which"
                    + " has %d volumes of %s s and ends at %s s. Correct the onset (seconds from the"
                    + " first volume), or check that events and image are of the same run.",
                run.events(),
                event.line(),
                event.onset(),
                run.bold().path(),
                timing.volumes(),
                timing.trSeconds(),
                timing.endSeconds()));
      }
      double from = event.onset();
      double to = event.onset() + Math.max(event.duration(), settings.windowSeconds());
      if (settings.windows().isPresent()) {
        BidsSettings.Windows windows = settings.windows().get();
        int first = windows.first(event.onset(), timing);
        int end = first + windows.count(timing);
        if (first < 0 || end > timing.volumes()) {
          cut++;
          continue;
        }
        from = timing.startSeconds() + first * timing.trSeconds();
        to = timing.startSeconds() + end * timing.trSeconds();
      }
      trials.add(
          new Trial(
              subject,
              run.session(),
              run.run(),
              event.onset(),
              event.duration(),
              from,
              to,
              event.stimulus(),
              event.category(),
              1,
              event.part()));
    }
    if (trials.isEmpty()) {
      throw new DataException(
          "reading the events "
              + run.events()
              + ": no trial has its whole window within the run's "
              + timing.volumes()
              + " volumes of "
              + timing.trSeconds()
              + " s. Set study.settings.windows to a shorter one.");
    }
    return new BidsRunTrials(run, timing, events, trials, cut);
  }

  private static double trSeconds(BidsRun run, VolumeSource source) {
    double seconds = Double.isNaN(run.trSeconds()) ? source.trSeconds() : run.trSeconds();
    if (!(seconds > 0)) {
      throw new DataException(
          "reading the run "
              + run.bold().path()
              + ": its repetition time is "
              + seconds
              + " s, expected a positive number. Write RepetitionTime into the sidecar.");
    }
    return seconds;
  }
}
