package io.noesis.encoders.ridge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.DataException;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import io.noesis.tensor.Npy;
import io.noesis.tensor.NpyRows;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows read in blocks give what the same rows in memory give. */
class RowStreamedRidgeTest {
  /** Hands out at most so many rows at a time, as a file of wide rows would. */
  private static RowBlocks blocks(Tensor rows) {
    return new RowBlocks() {
      @Override
      public int rows() {
        return rows.dim(0);
      }

      @Override
      public int width() {
        return rows.dim(1);
      }

      @Override
      public Tensor read(int from, int to) {
        int[] which = new int[to - from];
        for (int i = 0; i < which.length; i++) {
          which[i] = from + i;
        }
        return rows.rows(which);
      }
    };
  }

  private static Tensor planted(Tensor x, int targets, double noise) {
    PinnedRandom random = Seed.of(5).random();
    int p = x.dim(1);
    double[] w = new double[p * targets];
    for (int i = 0; i < w.length; i++) {
      w[i] = random.nextGaussian() / Math.sqrt(p);
    }
    float[] y = new float[x.dim(0) * targets];
    for (int i = 0; i < y.length; i++) {
      double sum = 30 + (1 + i % targets) * noise * random.nextGaussian();
      for (int c = 0; c < p; c++) {
        sum += x.at(i / targets, c) * w[c * targets + i % targets];
      }
      y[i] = (float) sum;
    }
    return Tensor.wrap(y, x.dim(0), targets);
  }

  private static Tensor random(int n, int p, double mean) {
    PinnedRandom random = Seed.of(8).random();
    float[] v = new float[n * p];
    for (int i = 0; i < v.length; i++) {
      v[i] = (float) (mean + random.nextGaussian());
    }
    return Tensor.wrap(v, n, p);
  }

  @Test
  void rowsInAFileAreFittedAsInMemory(@TempDir Path folder) {
    for (double mean : new double[] {0, 1000}) {
      Tensor x = random(400, 30, mean);
      Tensor y = planted(x, 7, 0.8);
      int[] groups = new int[400];
      for (int i = 0; i < groups.length; i++) {
        groups[i] = i * 13 % 5; // Folds whose rows are spread over all blocks.
      }
      Npy.write(folder.resolve("x.npy"), x);
      Npy.write(folder.resolve("y.npy"), y);
      for (PenaltyChoice choice : PenaltyChoice.values()) {
        RidgeSpec spec = new RidgeSpec(RidgeSpec.logSpaced(1, 1e4, 9), choice, 5);
        RidgeModel expected = Ridge.fit(x, y, groups, spec);
        try (NpyRows xs = NpyRows.open(folder.resolve("x.npy"));
            NpyRows ys = NpyRows.open(folder.resolve("y.npy"))) {
          RidgeModel found =
              RowStreamedRidge.fit(RowBlocks.of(xs), RowBlocks.of(ys), groups, spec, Progress.NONE);
          assertArrayEquals(expected.penalties(), found.penalties());
          assertArrayEquals(expected.scores().array(), found.scores().array(), 1e-8);
          assertArrayEquals(expected.weights().array(), found.weights().array(), 1e-6f);
          Tensor few = x.rows(new int[] {3, 300});
          assertArrayEquals(expected.predict(few).array(), found.predict(few).array(), 1e-3f);
        }
      }
    }
  }

  @Test
  void aPenaltyThatIsGivenNeedsNoGroups() {
    Tensor x = random(60, 8, 2);
    Tensor y = planted(x, 3, 0.5);
    RidgeModel expected = Ridge.fit(x, y, RidgeSpec.fixed(5));
    RidgeModel found =
        RowStreamedRidge.fit(blocks(x), blocks(y), new int[60], RidgeSpec.fixed(5), Progress.NONE);
    assertArrayEquals(expected.weights().array(), found.weights().array(), 1e-6f);
    assertEquals(List.of(), found.meanScores());
  }

  @Test
  void whatCannotBeFittedIsNamed() {
    Tensor x = random(60, 8, 2);
    Tensor y = planted(x, 3, 0.5);
    RidgeSpec spec = RidgeSpec.defaults().withValidation(Validation.LEAVE_ONE_OUT);
    assertThrows(
        IllegalArgumentException.class,
        () -> RowStreamedRidge.fit(blocks(x), blocks(y), new int[60], spec, Progress.NONE));
    x.array()[8 * 41 + 2] = Float.NaN;
    DataException e =
        assertThrows(
            DataException.class,
            () ->
                RowStreamedRidge.fit(
                    blocks(x), blocks(y), new int[60], RidgeSpec.fixed(1), Progress.NONE));
    assertTrue(e.getMessage().contains("row 41"), e.getMessage());
  }
}
