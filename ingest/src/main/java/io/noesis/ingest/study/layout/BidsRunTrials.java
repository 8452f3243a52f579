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
 */
record BidsRunTrials(BidsRun run, RunTiming timing, BidsEvents.Read events, List<Trial> trials) {

  static BidsRunTrials read(
      String subject, BidsRun run, BidsSettings settings, Optional<StimulusTable> stimuli) {
    VolumeSource source = NiftiFile.source(run.bold().path());
    RunTiming timing = new RunTiming(source.volumes(), trSeconds(run, source), run.startSeconds());
    BidsEvents.Read events = BidsEvents.read(run, settings, stimuli);
    List<Trial> trials = new ArrayList<>();
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
      trials.add(
          new Trial(
              subject,
              run.session(),
              run.run(),
              event.onset(),
              event.duration(),
              event.onset(),
              event.onset() + Math.max(event.duration(), settings.windowSeconds()),
              event.stimulus(),
              event.category(),
              1,
              event.part()));
    }
    return new BidsRunTrials(run, timing, events, trials);
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
