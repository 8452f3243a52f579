package io.noesis.experiment;

import io.noesis.alignment.train.TrainingRun;
import io.noesis.ingest.simulate.Existing;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.SignalPlan;
import io.noesis.ingest.simulate.SimulatedStudy;
import io.noesis.ingest.simulate.SimulationSpec;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A simulated study of three people with different numbers of voxels, and recipes for it. */
final class SmallPeople {
  static final String METRICS = TrainingRun.METRICS;

  private SmallPeople() {}

  static Path write(Path folder) {
    return write(folder, 2);
  }

  static Path write(Path folder, Seed seed) {
    return write(folder, 2, seed);
  }

  static Path write(Path folder, int testRepetitions) {
    return write(folder, testRepetitions, Seed.of(5));
  }

  /** The same people looking at pictures that begin to move. */
  static Path writeMoving(Path folder, int side) {
    SimulatedStudy.of(spec(2).withMotion(side), Seed.of(5))
        .write(folder, Existing.KEEP, Progress.NONE);
    return folder;
  }

  private static Path write(Path folder, int testRepetitions, Seed seed) {
    SimulatedStudy.of(spec(testRepetitions), seed).write(folder, Existing.KEEP, Progress.NONE);
    return folder;
  }

  private static SimulationSpec spec(int testRepetitions) {
    SignalPlan usual = SignalPlan.defaults();
    return SimulationSpec.defaults()
        .withSize(3, 40)
        .withPictures(new PicturePlan(48, 1, 12, testRepetitions, 32))
        .withSignal(new SignalPlan(0.6, usual.noiseVoxels(), usual.rho(), usual.driftPercent()));
  }

  /** The shipped recipe of subjects trained together, made small. */
  static DecodingRecipe recipe(String... overrides) {
    return DecodingRecipe.of(Recipes.tree("simulated-joint", small(overrides)));
  }

  static List<String> small(String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "evaluation.permutations=99",
                "evaluation.bootstraps=99",
                "encoder.settings.width=24",
                "encoder.training.epochs=6",
                "encoder.training.batchSize=16"));
    all.add("study.subjects=[\"01\",\"02\"]");
    Stream.of(overrides).forEach(all::add);
    return all;
  }

  static Execution execution(Path study, Path out) {
    return Execution.in(out).withRoot(study).withThreads(2).withPlaces(KeptEmbeddings.places());
  }
}
