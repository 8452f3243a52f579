package io.noesis.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.SimulatedStimulus;
import io.noesis.ingest.simulate.SimulatedStudy;
import io.noesis.ingest.simulate.SimulatedSubject;
import io.noesis.ingest.simulate.SimulationSpec;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import io.noesis.tests.support.CommandLines;
import io.noesis.tests.support.Outcome;
import io.noesis.tests.support.RunFiles;
import io.noesis.tests.support.Studies;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A planted signal is decoded as well as its known noise allows: not worse (something would be lost
 * on the way from the signal to the score) and not better (something would leak).
 */
class PlantedSignalTest {
  private static final String METRIC = "embedding_correlation_centred";
  private static final String AVERAGED = "repetitions averaged";
  private static final double TOLERANCE = 0.05;

  @TempDir Path temporary;

  /**
   * Half of single-trial variance is signal and 576 trials are there to learn from, so what is lost
   * by learning is small and the noise of the test responses is what counts.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void decodesWithinFivePercentOfWhatTheNoiseOfTheTestAllows(long seed) throws IOException {
    SimulationSpec plan = Studies.plan(600, new PicturePlan(576, 1, 48, 3, 64), 0.5);
    compare(plan, seed, truth -> new KnownWeights(truth).averaged(random()))
        .forEach(PlantedSignalTest::judge);
  }

  /**
   * The demo's noise, where most is lost because weights must be learnt from noisy trials. One draw
   * of that noise moves one subject's score by some 4 %, so their mean is judged.
   */
  @Test
  void losesNothingToALearnerThatIsHandedTheBetas() throws IOException {
    double ceiling = SimulationSpec.defaults().signal().noiseCeiling();
    SimulationSpec plan = Studies.plan(300, new PicturePlan(720, 1, 96, 3, 64), ceiling);
    List<Compared> all = new ArrayList<>();
    for (long seed = 1; seed <= 2; seed++) {
      all.addAll(compare(plan, seed, truth -> new LearntFromNoise(truth).averaged(random(), 4)));
    }
    Compared mean =
        new Compared(
            "mean of " + all.size() + " subjects",
            all.stream().mapToDouble(Compared::decoded).average().orElseThrow(),
            all.stream().mapToDouble(Compared::allowed).average().orElseThrow());
    System.out.println("planted signal, " + mean);
    judge(mean);
  }

  private static PinnedRandom random() {
    return Seed.of(20240229).child("allowance").random();
  }

  /** What a decoder may reach. */
  private interface Allowance {
    double of(SimulatedTruth truth);
  }

  /** A score beside what it may be. */
  private record Compared(String who, double decoded, double allowed) {
    @Override
    public String toString() {
      return String.format(
          "%s: decoded %.4f, allowed %.4f, ratio %.4f", who, decoded, allowed, decoded / allowed);
    }
  }

  private static void judge(Compared compared) {
    assertTrue(
        compared.decoded >= (1 - TOLERANCE) * compared.allowed,
        () -> "less than the noise allows: " + compared);
    assertTrue(
        compared.decoded <= (1 + TOLERANCE) * compared.allowed,
        () -> "more than the noise allows: " + compared);
  }

  private List<Compared> compare(SimulationSpec plan, long seed, Allowance allowance)
      throws IOException {
    Path folder = temporary.resolve("study-" + seed);
    Path run = temporary.resolve("run-" + seed);
    SimulatedStudy study = Studies.write(plan, seed, folder);
    Outcome outcome =
        CommandLines.noesis(
            "run",
            "simulated",
            run.toString(),
            "--root=" + folder,
            "--set=evaluation.permutations=99",
            "--set=evaluation.bootstraps=99",
            "--set=evaluation.gallery=0");
    assertEquals(0, outcome.code(), outcome::toString);
    Tensor embeddings = embeddings(study, run);
    List<Compared> compared = new ArrayList<>();
    for (SimulatedSubject subject : study.subjects()) {
      compared.add(
          new Compared(
              "seed " + seed + ", sub-" + subject.label(),
              RunFiles.score(run, subject.label(), METRIC, AVERAGED).value(),
              allowance.of(new SimulatedTruth(study, subject, embeddings))));
    }
    System.out.println("planted signal, " + compared);
    assertEquals(2, compared.size());
    return compared;
  }

  /** The true embeddings that the run used, in the order of the study's pictures. */
  private static Tensor embeddings(SimulatedStudy study, Path run) throws IOException {
    JsonNode description = new ObjectMapper().readTree(run.resolve("targets.json").toFile());
    List<String> ids = new ArrayList<>();
    description.path("ids").forEach(id -> ids.add(id.asText()));
    int[] rows =
        study.stimuli().stream().map(SimulatedStimulus::id).mapToInt(ids::indexOf).toArray();
    return Npy.read(run.resolve("targets.npy")).rows(rows);
  }
}
