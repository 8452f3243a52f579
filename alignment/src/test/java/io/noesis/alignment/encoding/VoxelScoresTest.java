package io.noesis.alignment.encoding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.ridge.BandedSpec;
import io.noesis.encoders.ridge.PenaltyChoice;
import io.noesis.encoders.ridge.RidgeSpec;
import io.noesis.run.Parallel;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.LinearAlgebra;
import io.noesis.tensor.Npz;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VoxelScoresTest {
  private static final Seed SEED = Seed.of(11);

  @Test
  void scoresAgreeWithHimalaya(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("scores.npz");
    try (InputStream in = VoxelScoresTest.class.getResourceAsStream("voxel-scores.npz")) {
      Files.write(file, in.readAllBytes());
    }
    try (Npz npz = Npz.open(file)) {
      VoxelScores scores = VoxelScores.of(npz.read("predicted"), npz.read("measured"), 19, SEED);
      double[] r = npz.readDoubles("r").array();
      double[] r2 = npz.readDoubles("r2").array();
      for (int v = 0; v < r.length; v++) {
        assertEquals(v == 3 ? 0 : r[v], scores.correlation().array()[v], 1e-6);
        assertEquals(r2[v], scores.r2().array()[v], 1e-6);
      }
      assertEquals(37, scores.stimuli());
    }
  }

  /** Half of the voxels follow the features, half are noise. */
  private static final class Planted {
    final Tensor features = random("features", 260, 12).map(v -> 5 * v + 3);
    final Tensor noise = random("noise", 260, 40);
    final Tensor responses;

    Planted() {
      float[] values = LinearAlgebra.multiply(features, random("w", 12, 30)).array();
      float[] e = random("e", 260, 30).array();
      for (int i = 0; i < values.length; i++) {
        values[i] = (i % 30 < 15 ? values[i] / 10 : 0) + e[i];
      }
      responses = Tensor.wrap(values, 260, 30);
    }
  }

  @Test
  void voxelsWithSignalArePredictedAndOthersAreAtChance() {
    Planted study = new Planted();
    int[] train = IntStream.range(0, 200).toArray();
    int[] test = IntStream.range(200, 260).toArray();
    RidgeSpec spec = RidgeSpec.defaults().withChoice(PenaltyChoice.PER_TARGET);
    EncodingModel model =
        EncodingModel.fit(study.features.rows(train), study.responses.rows(train), train, spec);
    Tensor measured = study.responses.rows(test);
    Tensor predicted = model.predict(List.of(study.features.rows(test)));
    VoxelScores scores = VoxelScores.of(predicted, measured, 199, SEED);
    for (int v = 0; v < 15; v++) {
      assertTrue(scores.correlation().array()[v] > scores.threshold());
      assertEquals(1 / 200f, scores.p().array()[v]);
    }
    assertTrue(scores.significantVoxels() >= 15 && scores.significantVoxels() <= 16);
    assertEquals(0, scores.chance(), 0.02);
    double noise = 0;
    for (int v = 15; v < 30; v++) {
      noise += scores.p().array()[v] / 15;
    }
    assertEquals(0.5, noise, 0.25);
    assertArrayEquals(scores.p().array(), again(predicted, measured).p().array());
    BandedSpec few = new BandedSpec(spec, 8, List.of(0.5), List.of(List.of(1.0, 1.0)));
    EncodingModel banded =
        EncodingModel.fitBanded(
            List.of(study.features.rows(train), study.noise.rows(train)),
            study.responses.rows(train),
            train,
            few,
            SEED);
    Tensor both = banded.predict(List.of(study.features.rows(test), study.noise.rows(test)));
    VoxelScores bandedScores = VoxelScores.of(both, measured, 19, SEED);
    for (int v = 0; v < 15; v++) {
      assertEquals(scores.correlation().array()[v], bandedScores.correlation().array()[v], 0.1);
    }
    assertThrows(
        IllegalArgumentException.class, () -> model.predict(List.of(study.noise.rows(test))));
  }

  private static VoxelScores again(Tensor predicted, Tensor measured) {
    VoxelScores one = Parallel.with(1, () -> VoxelScores.of(predicted, measured, 199, SEED));
    VoxelScores all = VoxelScores.of(predicted, measured, 199, SEED);
    assertArrayEquals(one.p().array(), all.p().array());
    assertArrayEquals(one.correlation().array(), all.correlation().array());
    assertEquals(one.threshold(), all.threshold());
    return all;
  }

  @Test
  void ceilingsScaleScoresAndVoxelsWithoutSignalHaveNone() {
    Tensor x = random("x", 20, 2);
    VoxelScores scores = VoxelScores.of(x, x, 19, SEED);
    Tensor ceiling = Tensor.wrap(new float[] {25, 0.5f}, 2);
    assertEquals(2, scores.normalisedCorrelation(ceiling, 1).array()[0], 1e-6);
    assertEquals(4, scores.normalisedVariance(ceiling, 1).array()[0], 1e-6);
    assertTrue(Float.isNaN(scores.normalisedCorrelation(ceiling, 1).array()[1]));
    assertThrows(IllegalArgumentException.class, () -> scores.normalisedVariance(ceiling, 0));
    assertThrows(IllegalArgumentException.class, () -> VoxelScores.of(x, x, 5, SEED));
  }

  private static Tensor random(String name, int rows, int columns) {
    PinnedRandom random = SEED.child(name).random();
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.wrap(values, rows, columns);
  }
}
