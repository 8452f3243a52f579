package io.noesis.ingest.simulate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.ingest.format.nifti.NiftiSpec;
import io.noesis.ingest.format.nifti.NiftiWriter;
import io.noesis.ingest.volume.Grid;
import io.noesis.run.Parallel;
import io.noesis.run.Progress;
import io.noesis.run.Version;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes the raw part of a simulated study into a BIDS folder. */
final class StudyWriter {
  private final SimulatedStudy study;
  private final Path root;

  StudyWriter(SimulatedStudy study, Path root) {
    this.study = study;
    this.root = root;
  }

  void write(Progress progress) {
    Bids.json(root.resolve("dataset_description.json"), description());
    Bids.text(root.resolve("README"), readme());
    participants();
    Bids.json(root.resolve("task-" + Bids.TASK + "_events.json"), eventColumns());
    PictureFiles.write(root.resolve("stimuli"), study.stimuli(), study.spec().pictures(), progress);
    study
        .motion()
        .ifPresent(
            motion ->
                motion.write(
                    root.resolve("stimuli"), study.stimuli(), study.spec().pictures().pixels()));
    record Job(SimulatedSubject subject, PlannedRun run) {}
    List<Job> jobs = new ArrayList<>();
    for (SimulatedSubject subject : study.subjects()) {
      subject.runs().forEach(run -> jobs.add(new Job(subject, run)));
    }
    progress.begin("simulating runs", jobs.size());
    Parallel.forBlocks(
        jobs.size(),
        1,
        (from, to) -> {
          for (int j = from; j < to; j++) {
            run(jobs.get(j).subject(), jobs.get(j).run());
            progress.step(1);
          }
        });
    progress.done(jobs.size() + " runs of " + study.subjects().size() + " subjects");
    new TruthWriter(study, root.resolve("derivatives").resolve("simulation")).write();
  }

  private ObjectNode description() {
    ObjectNode out = Bids.object();
    out.put("Name", "SIMULATED: pictures seen by subjects that do not exist");
    out.put("BIDSVersion", Bids.VERSION);
    out.put("DatasetType", "raw");
    out.put("License", "CC0");
    out.putArray("Authors").add("Noesis");
    out.putArray("GeneratedBy").add(generator());
    out.put("Simulated", true);
    out.put("SimulationSeed", study.seed().root());
    out.set("SimulationPlan", Bids.plan(study.spec()));
    return out;
  }

  static ObjectNode generator() {
    return Bids.object()
        .put("Name", "noesis")
        .put("Version", Version.current().number())
        .put("Description", "simulated by noesis simulate; no brain was recorded");
  }

  private String readme() {
    SimulationSpec spec = study.spec();
    return String.format(
        Locale.ROOT,
        """
        SIMULATED STUDY. No brain was recorded; all responses were made by a program (noesis).

        %d subjects look at pictures drawn by code: %d in training runs, %d in test runs. Responses
        are a linear function of what a picture shows, convolved with SPM's haemodynamic response,
        plus first-order autoregressive noise (rho %s) and slow drift. Planned noise ceiling of
        single-trial betas: %s of the variance, averaged over voxels with signal.
        Planted fault: %s.
        %s
        stimuli/stimuli.tsv           what each picture shows, with captions
        sub-*/                        BOLD runs (int16), events, sidecars
        derivatives/simulation/       the truth: masks, ROIs, forward weights, betas without noise,
                                      noise and ceiling of each voxel
        """,
        spec.subjects(),
        spec.pictures().train(),
        spec.pictures().test(),
        spec.signal().rho(),
        spec.signal().noiseCeiling(),
        spec.leak().name().toLowerCase(Locale.ROOT).replace('_', ' '),
        moving(spec));
  }

  private static String moving(SimulationSpec spec) {
    return spec.motion() == 0
        ? ""
        : String.format(
            Locale.ROOT,
            """

            What a picture shows begins to move, in a direction that only responses tell.

            stimuli/flow.npy              [pictures, %1$d x %1$d places, 2]: cover times velocity,
                                          right and down, places per frame; ids in flow.tsv
            stimuli/first_frame.npy       [pictures, %1$d x %1$d places, 4]: cover by objects, mean
                                          red, green and blue; ids in first_frame.tsv\
            """,
            spec.motion());
  }

  private void participants() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("participant_id", "voxels", "simulated"));
    for (SimulatedSubject subject : study.subjects()) {
      rows.add(List.of("sub-" + subject.label(), "" + subject.voxels(), "true"));
    }
    Bids.table(root.resolve("participants.tsv"), rows);
    ObjectNode columns = Bids.object();
    columns.putObject("voxels").put("Description", "voxels inside the subject's mask");
    columns.putObject("simulated").put("Description", "true: this subject does not exist");
    Bids.json(root.resolve("participants.json"), columns);
  }

  private static ObjectNode eventColumns() {
    ObjectNode out = Bids.object();
    out.putObject("trial_type").put("Description", "category of what the picture shows");
    out.putObject("stim_file").put("Description", "the picture, below stimuli/");
    out.putObject("stimulus_id").put("Description", "id in stimuli/stimuli.tsv");
    out.putObject("repetition")
        .put("Description", "1 for the first time this subject saw this stimulus, then 2, 3, ...");
    out.putObject("part").put("Description", "the split that the study prescribes: train or test");
    out.put("Simulated", true);
    return out;
  }

  private void run(SimulatedSubject subject, PlannedRun run) {
    Path folder = root.resolve("sub-" + subject.label());
    if (!run.session().isEmpty()) {
      folder = folder.resolve("ses-" + run.session());
    }
    folder = folder.resolve("func");
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw Bids.unwritable(folder, e);
    }
    String stem = "sub-" + subject.label() + run.entities();
    Bids.json(folder.resolve(stem + "_bold.json"), sidecar(run));
    events(folder.resolve(stem + "_events.tsv"), run);
    bold(folder.resolve(stem + "_bold.nii.gz"), subject, run);
  }

  private static ObjectNode sidecar(PlannedRun run) {
    ObjectNode out = Bids.object();
    out.put("TaskName", Bids.TASK);
    out.put("TaskDescription", "SIMULATED: looking at pictures");
    out.put("RepetitionTime", run.timing().trSeconds());
    if (run.timing().startSeconds() != 0) {
      out.put("StartTime", run.timing().startSeconds());
    }
    out.put("Simulated", true);
    return out;
  }

  private void events(Path file, PlannedRun run) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "onset", "duration", "trial_type", "stim_file", "stimulus_id", "repetition", "part"));
    for (PlannedTrial trial : run.trials()) {
      SimulatedStimulus stimulus = study.stimuli().get(trial.stimulus());
      rows.add(
          List.of(
              Bids.number(trial.onsetSeconds(), 3),
              Bids.number(run.stimulusSeconds(), 3),
              stimulus.scene().category().name(),
              stimulus.file(),
              stimulus.id(),
              "" + trial.repetition(),
              trial.part()));
    }
    Bids.table(file, rows);
  }

  /** Stores the run with the largest value near the end of the 16-bit range. */
  private static void bold(Path file, SimulatedSubject subject, PlannedRun run) {
    Tensor bold = subject.bold(run);
    float largest = 0;
    for (float value : bold.array()) {
      largest = Math.max(largest, Math.abs(value));
    }
    double slope = largest / 32_000;
    Grid grid = subject.brain().mask().grid();
    int[] indices = subject.brain().mask().indices();
    short[] volume = new short[grid.voxels()];
    NiftiSpec spec =
        NiftiSpec.series(grid, run.timing().volumes(), run.timing().trSeconds())
            .scaledBy(slope, 0)
            .describedAs("SIMULATED by noesis");
    NiftiWriter.writeInt16(
        file,
        spec,
        t -> {
          for (int v = 0; v < indices.length; v++) {
            volume[indices[v]] = (short) Math.round(bold.array()[t * indices.length + v] / slope);
          }
          return volume;
        });
  }
}
