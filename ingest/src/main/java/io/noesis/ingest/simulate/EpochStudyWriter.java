package io.noesis.ingest.simulate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.run.Progress;
import io.noesis.run.RecordBinder;
import io.noesis.tensor.Npy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes a simulated EEG or MEG study in the layout {@code arrays}, with the truth beside it. */
final class EpochStudyWriter {
  private final SimulatedEpochStudy study;
  private final Path root;

  EpochStudyWriter(SimulatedEpochStudy study, Path root) {
    this.study = study;
    this.root = root;
  }

  void write(Progress progress) {
    Bids.json(root.resolve("dataset_description.json"), description());
    Bids.text(root.resolve("README"), readme());
    PictureFiles.write(root.resolve("stimuli"), study.stimuli(), study.spec().pictures(), progress);
    Npy.write(root.resolve("embeddings.npy"), study.latents());
    List<List<String>> ids = new ArrayList<>();
    ids.add(List.of("id"));
    study.stimuli().forEach(stimulus -> ids.add(List.of(stimulus.id())));
    Bids.table(root.resolve("embeddings.tsv"), ids);
    sensors();
    progress.begin("simulating epochs", study.subjects().size());
    for (SimulatedEpochSubject subject : study.subjects()) {
      subject(subject);
      progress.step(1);
    }
    progress.done(study.subjects().size() + " subjects");
  }

  private ObjectNode description() {
    SensorPlan.Modality modality = study.spec().sensors().modality();
    ObjectNode out = Bids.object();
    out.put("Name", "SIMULATED: " + modality + " of subjects that do not exist");
    out.put("License", "CC0");
    out.putArray("Authors").add("Noesis");
    out.putArray("GeneratedBy").add(StudyWriter.generator());
    out.put("Simulated", true);
    out.put("SimulationSeed", study.seed().root());
    out.set("SimulationPlan", RecordBinder.tree(study.spec()));
    return out;
  }

  private String readme() {
    EpochSimulationSpec spec = study.spec();
    return String.format(
        Locale.ROOT,
        """
        SIMULATED STUDY. Nobody was recorded; all responses were made by a program (noesis).

        %d subjects look at pictures drawn by code: %d in training runs, %d in test runs. %d
        sources in the head carry one number of a picture each, by the code '%s'; %d channels (%s)
        record them under pink noise with a rhythm at 10 Hz. The best linear decoder of a single
        trial of the evoked code could tell %s of the variance of these numbers.

        stimuli/stimuli.tsv      what each picture shows, with captions
        embeddings.npy           the numbers of each picture, in the order of embeddings.tsv
        sensors.tsv              where the channels are: unit vectors, x right, y front, z up
        sub-*/responses.npy      epochs [trials, channels, samples], %s
        sub-*/trials.tsv         what was shown
        derivatives/simulation/  the truth: ceilings, patterns of the sources at the sensors
        """,
        spec.subjects(),
        spec.pictures().train(),
        spec.pictures().test(),
        spec.code().sources(),
        spec.code().code().name().toLowerCase(Locale.ROOT),
        spec.sensors().channels(),
        spec.sensors().modality(),
        spec.code().noiseCeiling(),
        spec.sensors().unit());
  }

  private void sensors() {
    SensorPlan plan = study.spec().sensors();
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("name", "x", "y", "z"));
    for (int c = 0; c < plan.channels(); c++) {
      double[] at = plan.positions().get(c);
      rows.add(
          List.of(plan.names().get(c), Bids.number(at[0]), Bids.number(at[1]), Bids.number(at[2])));
    }
    Bids.table(root.resolve("sensors.tsv"), rows);
  }

  private void subject(SimulatedEpochSubject subject) {
    Path folder = root.resolve("sub-" + subject.label());
    SensorPlan plan = study.spec().sensors();
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("stimulus", "run", "onset", "duration", "part"));
    for (SimulatedEpochSubject.Shown trial : subject.trials()) {
      rows.add(
          List.of(
              study.stimuli().get(trial.stimulus()).id(),
              String.format(Locale.ROOT, "%02d", trial.run()),
              Bids.number(trial.onsetSeconds(), 3),
              Bids.number(plan.endSeconds(), 3),
              trial.part()));
    }
    Bids.table(folder.resolve("trials.tsv"), rows);
    ObjectNode sidecar = Bids.object();
    sidecar.put("SamplingFrequency", plan.samplingRateHz());
    sidecar.put("StartTime", plan.startSeconds());
    sidecar.put("Units", plan.unit());
    sidecar.put("Simulated", true);
    Bids.json(folder.resolve("responses.json"), sidecar);
    Npy.write(folder.resolve("responses.npy"), study.epochs(subject));
    truth(subject);
  }

  private void truth(SimulatedEpochSubject subject) {
    Path folder = root.resolve("derivatives").resolve("simulation");
    String stem = "sub-" + subject.label() + "_desc-";
    Npy.write(folder.resolve(stem + "patterns.npy"), subject.forward().patterns().toTensor());
    int averaged = study.spec().pictures().testRepetitions();
    List<Double> single = study.ceiling(subject, 1);
    List<Double> mean = study.ceiling(subject, averaged);
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("latent", "r_single_trial", "r_mean_of_test_repetitions"));
    for (int k = 0; k < study.spec().code().sources(); k++) {
      rows.add(
          List.of(
              "" + k,
              single.isEmpty() ? "n/a" : Bids.number(single.get(k)),
              mean.isEmpty() ? "n/a" : Bids.number(mean.get(k))));
    }
    Bids.table(folder.resolve(stem + "ceiling_table.tsv"), rows);
  }
}
