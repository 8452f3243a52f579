package io.noesis.ingest.simulate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.ingest.format.nifti.NiftiSpec;
import io.noesis.ingest.format.nifti.NiftiWriter;
import io.noesis.ingest.volume.BrainMask;
import io.noesis.ingest.volume.Grid;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes what a simulated study was made of as a BIDS derivative, so that tests can compare. */
final class TruthWriter {
  private final SimulatedStudy study;
  private final Path root;

  TruthWriter(SimulatedStudy study, Path root) {
    this.study = study;
    this.root = root;
  }

  void write() {
    ObjectNode description = Bids.object();
    description.put("Name", "SIMULATED: the truth behind the simulated study");
    description.put("BIDSVersion", Bids.VERSION);
    description.put("DatasetType", "derivative");
    description.putArray("GeneratedBy").add(StudyWriter.generator());
    description.put("Simulated", true);
    Bids.json(root.resolve("dataset_description.json"), description);
    features();
    study.subjects().forEach(this::subject);
  }

  /** The volumes of {@code desc-weights} in their order. */
  private void features() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("volume", "feature"));
    for (String name : study.featureNames()) {
      rows.add(List.of("" + (rows.size() - 1), name));
    }
    Bids.table(root.resolve("desc-features_table.tsv"), rows);
  }

  private void subject(SimulatedSubject subject) {
    String stem = "sub-" + subject.label() + "_task-" + Bids.TASK + "_desc-";
    Path folder = root.resolve("sub-" + subject.label()).resolve("func");
    BrainMask mask = subject.brain().mask();
    Bids.json(folder.resolve(stem + "truth_simulation.json"), simulation(subject));
    voxels(folder.resolve(stem + "voxels_table.tsv"), subject);
    trials(folder.resolve(stem + "trials_table.tsv"), subject);
    NiftiWriter.writeMask(folder.resolve(stem + "brain_mask.nii.gz"), mask);
    rois(folder, stem, subject);
    maps(folder.resolve(stem + "weights_map.nii.gz"), mask, subject.model().weights());
    maps(folder.resolve(stem + "betas_map.nii.gz"), mask, subject.model().responses());
    float[] ceilings = new float[mask.voxels()];
    for (int v = 0; v < ceilings.length; v++) {
      ceilings[v] = (float) subject.model().voxels().get(v).ceiling();
    }
    maps(
        folder.resolve(stem + "ceiling_map.nii.gz"),
        mask,
        Tensor.wrap(ceilings, 1, ceilings.length));
  }

  private ObjectNode simulation(SimulatedSubject subject) {
    ObjectNode out = Bids.object();
    out.put("Simulated", true);
    out.put("Rho", subject.signal().rho());
    out.put("Hrf", "spm");
    out.put("HighPassHz", 0.01);
    out.put("Voxels", subject.voxels());
    DesignEfficiency efficiency = DesignEfficiency.of(subject.runs(), subject.signal().rho());
    out.put("BetaNoiseGain", efficiency.noiseGain());
    out.put("BetaNoiseGainWithinRun", efficiency.noiseGainWithinRun());
    out.put("Seed", study.seed().root());
    out.set("Plan", Bids.plan(study.spec()));
    return out;
  }

  private static void voxels(Path file, SimulatedSubject subject) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "column",
            "i",
            "j",
            "k",
            "roi",
            "baseline",
            "beta_mean",
            "beta_signal_sd",
            "noise_sd",
            "beta_noise_sd",
            "beta_noise_sd_within_run",
            "ceiling",
            "ceiling_within_run"));
    for (int v = 0; v < subject.voxels(); v++) {
      int[] at = subject.brain().mask().voxel(v);
      VoxelTruth truth = subject.model().voxels().get(v);
      rows.add(
          List.of(
              "" + v,
              "" + at[0],
              "" + at[1],
              "" + at[2],
              truth.roi().word(),
              Bids.number(truth.baseline()),
              Bids.number(truth.betaMean()),
              Bids.number(truth.betaSignalSd()),
              Bids.number(truth.noiseSd()),
              Bids.number(truth.betaNoiseSd()),
              Bids.number(truth.betaNoiseSdWithinRun()),
              Bids.number(truth.ceiling()),
              Bids.number(truth.ceilingWithinRun())));
    }
    Bids.table(file, rows);
  }

  /** Every trial, in the order of the runs, and which volume of {@code desc-betas} is its truth. */
  private void trials(Path file, SimulatedSubject subject) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of("session", "run", "onset", "stimulus_id", "repetition", "part", "betas_volume"));
    for (PlannedRun run : subject.runs()) {
      for (PlannedTrial trial : run.trials()) {
        rows.add(
            List.of(
                run.session().isEmpty() ? "n/a" : run.session(),
                run.run(),
                Bids.number(trial.onsetSeconds(), 3),
                study.stimuli().get(trial.stimulus()).id(),
                "" + trial.repetition(),
                trial.part(),
                "" + trial.stimulus()));
      }
    }
    Bids.table(file, rows);
  }

  private static void rois(Path folder, String stem, SimulatedSubject subject) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("index", "name"));
    for (Roi roi : Roi.values()) {
      rows.add(List.of("" + roi.label(), roi.word()));
    }
    Bids.table(folder.resolve(stem + "rois_dseg.tsv"), rows);
    float[] labels = new float[subject.voxels()];
    for (int v = 0; v < labels.length; v++) {
      labels[v] = subject.brain().rois().get(v).label();
    }
    maps(
        folder.resolve(stem + "rois_dseg.nii.gz"),
        subject.brain().mask(),
        Tensor.wrap(labels, 1, labels.length));
  }

  /** Writes rows {@code [volumes, voxels]} into the space of a mask, zero outside. */
  private static void maps(Path file, BrainMask mask, Tensor rows) {
    Grid grid = mask.grid();
    int[] indices = mask.indices();
    float[] volume = new float[grid.voxels()];
    NiftiWriter.writeFloat32(
        file,
        new NiftiSpec(grid, rows.dim(0), 0, 1, 0, "SIMULATED by noesis"),
        t -> {
          for (int v = 0; v < indices.length; v++) {
            volume[indices[v]] = rows.array()[t * indices.length + v];
          }
          return volume;
        });
  }
}
