package io.noesis.alignment.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RepetitionCeilingTest {
  private static final int DIM = 400;
  private static final int ITEMS = 60;

  /** Truth of variance 1 plus noise of variance {@code noise} in each of {@code n} repetitions. */
  private static Decoding repeated(int n, double noise) {
    EmbeddingSpace space = new EmbeddingSpace("test", "out", DIM, EmbeddingSpace.Scaling.RAW);
    PinnedRandom random = Seed.of(4).child("repetitions").random();
    float[] truth = new float[ITEMS * DIM];
    for (int i = 0; i < truth.length; i++) {
      truth[i] = (float) random.nextGaussian();
    }
    List<Decoding.Row> rows = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    List<String> pool = new ArrayList<>();
    float[] decoded = new float[ITEMS * n * DIM];
    for (int i = 0; i < ITEMS; i++) {
      pool.add("s" + i);
      for (int r = 0; r < n; r++) {
        ids.add("s" + i + "/" + r);
        rows.add(new Decoding.Row("s" + i, "s" + i, "", "all"));
        for (int k = 0; k < DIM; k++) {
          decoded[((i * n) + r) * DIM + k] =
              (float) (3 + truth[i * DIM + k] + Math.sqrt(noise) * random.nextGaussian());
        }
      }
    }
    for (int i = 0; i < truth.length; i++) {
      truth[i] += 3;
    }
    float[] mean = new float[DIM];
    java.util.Arrays.fill(mean, 3);
    return Decoding.of(
        new Embeddings(space, ids, Tensor.wrap(decoded, ITEMS * n, DIM)),
        rows,
        new Embeddings(space, pool, Tensor.wrap(truth, ITEMS, DIM)),
        new Embeddings(space, List.of("all"), Tensor.wrap(mean, 1, DIM)));
  }

  @Test
  void anUnbiasedDecoderReachesItsCeiling() {
    for (double noise : new double[] {0.5, 2, 8}) {
      Decoding trials = repeated(3, noise);
      RepetitionCeiling ceiling = RepetitionCeiling.measure(trials).orElseThrow();
      assertEquals(1 / (1 + noise), ceiling.repetitionCorrelation(), 0.02);
      Resampling plan = Resampling.standard(Seed.of(1));
      double single = Metrics.score("embedding_correlation_centred", trials, plan).value();
      double averaged =
          Metrics.score("embedding_correlation_centred", trials.averaged(), plan).value();
      assertEquals(single, ceiling.correlation(1), 0.02 * single, "noise " + noise);
      assertEquals(averaged, ceiling.correlation(3), 0.02 * averaged, "noise " + noise);
      assertTrue(ceiling.correlation(3) > ceiling.correlation(1));
    }
  }

  @Test
  void withoutRepetitionsOrAgreementThereIsNone() {
    assertEquals(Optional.empty(), RepetitionCeiling.measure(repeated(1, 1)));
    assertEquals(60, RepetitionCeiling.measure(repeated(2, 1)).orElseThrow().units());
  }
}
