package io.noesis.ingest.simulate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.simulate.EpochCodePlan.Code;
import io.noesis.ingest.simulate.SensorPlan.Modality;
import io.noesis.ingest.study.EpochAxes;
import io.noesis.ingest.study.Study;
import io.noesis.ingest.study.SubjectResponses;
import io.noesis.ingest.study.layout.StudyLayouts;
import io.noesis.run.OutputException;
import io.noesis.run.Parallel;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.run.YamlTree;
import io.noesis.tensor.LinearAlgebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedEpochStudyTest {
  private static final Seed SEED = Seed.of(7);

  private static EpochSimulationSpec spec(Code code, double ceiling, int train, int test) {
    return EpochSimulationSpec.defaults()
        .withSubjects(1)
        .withPictures(new PicturePlan(train, 1, test, 2, 32))
        .withSensors(new SensorPlan(Modality.EEG, 8, 25, -0.1, 0.5))
        .withCode(new EpochCodePlan(code, 5, ceiling));
  }

  private static Tensor epochs(EpochSimulationSpec spec) {
    SimulatedEpochStudy study = SimulatedEpochStudy.of(spec, SEED);
    return study.epochs(study.subjects().get(0));
  }

  /** Correlation of each latent with the best linear decoder, learnt from very many trials. */
  private static double[] decoded(SimulatedEpochStudy study) {
    SimulatedEpochSubject subject = study.subjects().get(0);
    Tensor epochs = study.epochs(subject);
    int trials = epochs.dim(0);
    Tensor x = epochs.reshape(trials, epochs.size() / trials);
    int sources = study.spec().code().sources();
    float[] y = new float[trials * sources];
    for (int t = 0; t < trials; t++) {
      System.arraycopy(
          study.latents().array(),
          subject.trials().get(t).stimulus() * sources,
          y,
          t * sources,
          sources);
    }
    int half = trials / 2;
    int[] first = java.util.stream.IntStream.range(0, half).toArray();
    int[] second = java.util.stream.IntStream.range(half, trials).toArray();
    Tensor targets = Tensor.wrap(y, trials, sources);
    Matrix gram = LinearAlgebra.transposedGram(x.rows(first));
    Matrix beta =
        LinearAlgebra.solveSpd(
            gram, LinearAlgebra.multiplyInDouble(transposed(x.rows(first)), targets.rows(first)));
    Matrix found = LinearAlgebra.multiply(x.rows(second), beta);
    double[] out = new double[sources];
    for (int k = 0; k < sources; k++) {
      out[k] = correlation(found, targets.rows(second), k);
    }
    return out;
  }

  private static Tensor transposed(Tensor matrix) {
    return Matrix.of(matrix).transpose().toTensor();
  }

  private static double correlation(Matrix a, Tensor b, int column) {
    int n = a.rows();
    double ma = 0;
    double mb = 0;
    for (int i = 0; i < n; i++) {
      ma += a.at(i, column) / n;
      mb += b.at(i, column) / n;
    }
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < n; i++) {
      double da = a.at(i, column) - ma;
      double db = b.at(i, column) - mb;
      ab += da * db;
      aa += da * da;
      bb += db * db;
    }
    return ab / Math.sqrt(aa * bb);
  }

  @Test
  void theBestLinearDecoderReachesTheCeilingAndNoMore() {
    SimulatedEpochStudy study = SimulatedEpochStudy.of(spec(Code.EVOKED, 0.4, 8000, 4), SEED);
    List<Double> ceiling = study.ceiling(study.subjects().get(0), 1);
    double told = ceiling.stream().mapToDouble(r -> r * r).average().orElseThrow();
    assertEquals(0.4, told, 1e-6, "the plan's share");
    double[] found = decoded(study);
    for (int k = 0; k < found.length; k++) {
      assertEquals(ceiling.get(k), found[k], 0.05, "latent " + k);
    }
  }

  @Test
  void noLinearDecoderReadsTheInducedCode() {
    SimulatedEpochStudy study = SimulatedEpochStudy.of(spec(Code.INDUCED, 0.6, 8000, 4), SEED);
    assertTrue(study.ceiling(study.subjects().get(0), 1).isEmpty(), "its ceiling is not known");
    for (double r : decoded(study)) {
      assertEquals(0, r, 0.06);
    }
  }

  @Test
  void noiseHasItsSizeAndNoSignalIsNone() {
    Tensor noise = epochs(spec(Code.EVOKED, 0, 300, 4));
    double square = 0;
    for (float value : noise.array()) {
      square += (double) value * value;
    }
    assertEquals(10, Math.sqrt(square / noise.size()), 0.3, "10 microvolts");
    EpochSimulationSpec meg =
        spec(Code.EVOKED, 0.3, 30, 4).withSensors(new SensorPlan(Modality.MEG, 16, 50, -0.1, 0.5));
    assertArrayEquals(new int[] {38, 16, 31}, epochs(meg).shape().toArray());
  }

  @Test
  void theSameSeedGivesTheSameStudyOnAnyNumberOfThreads() {
    EpochSimulationSpec spec = spec(Code.INDUCED, 0.3, 40, 4);
    Tensor one = Parallel.with(1, () -> epochs(spec));
    assertEquals(one, Parallel.with(3, () -> epochs(spec)));
    SimulatedEpochStudy other = SimulatedEpochStudy.of(spec, Seed.of(8));
    assertNotEquals(one, other.epochs(other.subjects().get(0)));
  }

  @Test
  void itIsAStudyOfArrays(@TempDir Path folder) throws Exception {
    SimulatedEpochStudy study =
        SimulatedEpochStudy.of(spec(Code.EVOKED, 0.3, 30, 6).withSubjects(2), SEED);
    Path root = folder.resolve("study");
    study.write(root, Existing.KEEP, Progress.NONE);
    Study opened = StudyLayouts.open("arrays", root, YamlTree.parse("", "settings"));
    assertEquals(List.of("01", "02"), opened.subjects());
    SubjectResponses responses = opened.responses("02", Progress.NONE);
    assertEquals(study.epochs(study.subjects().get(1)), responses.responses());
    EpochAxes axes = responses.epochs().orElseThrow();
    assertEquals(8, axes.positions().size());
    assertEquals(3, axes.positions().get(0).size());
    assertEquals(25, axes.samplingRateHz());
    assertEquals(-0.1, axes.startSeconds());
    assertEquals(30, opened.trials("01").rows(t -> t.part().equals("train")).length);
    assertEquals(36, opened.stimuli().size());
    assertEquals(36, opened.embeddings().orElseThrow().values().dim(0));
    assertTrue(Files.readString(root.resolve("README")).startsWith("SIMULATED"));
    assertTrue(
        Files.readString(root.resolve("derivatives/simulation/sub-01_desc-ceiling_table.tsv"))
            .contains("r_single_trial"));
    assertThrows(OutputException.class, () -> study.write(root, Existing.KEEP, Progress.NONE));
    study.write(root, Existing.REPLACE, Progress.NONE);
  }

  @Test
  void plansThatCannotBeAreRefused() {
    assertThrows(RecipeException.class, () -> new EpochCodePlan(Code.EVOKED, 1, 0.2));
    assertThrows(RecipeException.class, () -> new SensorPlan(Modality.EEG, 2, 100, -0.2, 0.8));
    assertThrows(RecipeException.class, () -> new SensorPlan(Modality.EEG, 32, 100, 0.2, 0.8));
  }
}
