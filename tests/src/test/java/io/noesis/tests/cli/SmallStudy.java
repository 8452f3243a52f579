package io.noesis.tests.cli;

import io.noesis.ingest.simulate.Existing;
import io.noesis.ingest.simulate.Leak;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.SignalPlan;
import io.noesis.ingest.simulate.SimulatedStudy;
import io.noesis.ingest.simulate.SimulationSpec;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A simulated study of two people, 40 voxels and 36 pictures, which runs in about a second. */
final class SmallStudy {
  static final SimulationSpec SPEC =
      SimulationSpec.defaults()
          .withSize(2, 40)
          .withPictures(new PicturePlan(24, 1, 12, 2, 32))
          .withSignal(signal(0.6));

  /** The fewest shuffles and resamples there may be. */
  static final List<String> QUICK =
      List.of(
          "--set",
          "evaluation.permutations=99",
          "--set",
          "evaluation.bootstraps=99",
          "--nprocs",
          "2");

  private SmallStudy() {}

  static Path write(Path folder) {
    return write(SPEC, 1, folder);
  }

  static Path writeLeaky(Path folder) {
    return write(SPEC.withLeak(Leak.DUPLICATE_PIXELS), 1, folder);
  }

  static Path writeWithoutSignal(Path folder, long seed) {
    return write(SPEC.withSize(1, 40).withSignal(signal(0)), seed, folder);
  }

  private static SignalPlan signal(double noiseCeiling) {
    SignalPlan usual = SignalPlan.defaults();
    return new SignalPlan(noiseCeiling, usual.noiseVoxels(), usual.rho(), usual.driftPercent());
  }

  private static Path write(SimulationSpec spec, long seed, Path folder) {
    SimulatedStudy.of(spec, Seed.of(seed)).write(folder, Existing.KEEP, Progress.NONE);
    return folder;
  }

  static Path copy(Path study, Path to) throws IOException {
    try (Stream<Path> entries = Files.walk(study)) {
      for (Path entry : entries.toList()) {
        Files.copy(entry, to.resolve(study.relativize(entry).toString()));
      }
    }
    return to;
  }

  /** Runs the shipped recipe on a study. */
  static Call run(Path study, Path out, Object... more) {
    Stream<Object> words = Stream.of("run", "simulated", out, "--root", study);
    return Call.of(Stream.concat(words, Stream.concat(QUICK.stream(), Stream.of(more))).toArray());
  }
}
