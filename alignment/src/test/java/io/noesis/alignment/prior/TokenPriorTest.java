package io.noesis.alignment.prior;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.diffusion.NoiseSchedule;
import io.noesis.alignment.diffusion.Predicts;
import io.noesis.alignment.diffusion.PriorSpec;
import io.noesis.alignment.diffusion.TokenDenoiser;
import io.noesis.alignment.loss.LossSpec;
import io.noesis.alignment.loss.MeanSquared;
import io.noesis.alignment.train.OptimizerSpec;
import io.noesis.alignment.train.TrainingRun;
import io.noesis.alignment.train.TrainingSpec;
import io.noesis.alignment.train.ValidationSpec;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.ridge.Ridge;
import io.noesis.encoders.ridge.RidgeModel;
import io.noesis.encoders.ridge.RidgeSpec;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * A prior of tokens finds a planted map that no linear one tells. Tokens are made of four hidden
 * numbers each, as embeddings have fewer directions than numbers: those of the condition are linear
 * in them, those of the truth in products and steps of them. Without noise the best error is 0.
 */
class TokenPriorTest {
  private static final int TOKENS = 3;
  private static final int DIM = 32;
  private static final int HIDDEN = 4;
  private static final int TRAIN = 2048;
  private static final int TEST = 64;

  private static double[] normal(PinnedRandom random, int count, double scale) {
    return IntStream.range(0, count).mapToDouble(i -> scale * random.nextGaussian()).toArray();
  }

  private static TrainingRows planted() {
    PinnedRandom random = Seed.of(11).random();
    int rows = TRAIN + TEST;
    double[] into = normal(random, HIDDEN * DIM, 0.5);
    double[] out = normal(random, HIDDEN * DIM, 0.5);
    Tensor condition = Tensor.zeros(rows, TOKENS, DIM);
    Tensor truth = Tensor.zeros(rows, TOKENS, DIM);
    for (int token = 0; token < rows * TOKENS; token++) {
      double[] z = normal(random, HIDDEN, 1);
      double[] made = {
        1.2 * Math.tanh(2 * z[0]), z[1] * z[2], 1.2 * Math.tanh(2 * z[2]), z[3] * z[0]
      };
      for (int i = 0; i < DIM; i++) {
        for (int h = 0; h < HIDDEN; h++) {
          condition.array()[token * DIM + i] += (float) (z[h] * into[h * DIM + i]);
          truth.array()[token * DIM + i] += (float) (made[h] * out[h * DIM + i]);
        }
      }
    }
    List<String> groups = IntStream.range(0, rows).mapToObj(row -> "run " + row / 64).toList();
    return new TrainingRows(condition, truth, groups);
  }

  private static double error(Tensor a, Tensor b) {
    assertEquals(a.size(), b.size());
    double sum = 0;
    for (int i = 0; i < a.size(); i++) {
      double far = a.array()[i] - b.array()[i];
      sum += far * far / a.size();
    }
    return sum;
  }

  @Test
  void thePlantedMapIsFound() {
    TrainingRows all = planted();
    int[] train = IntStream.range(0, TRAIN).toArray();
    int[] test = IntStream.range(TRAIN, TRAIN + TEST).toArray();
    TrainingRows rows =
        new TrainingRows(
            all.responses().rows(train), all.targets().rows(train), all.groups().subList(0, TRAIN));
    PriorSpec spec =
        new PriorSpec(
            new NoiseSchedule(100, NoiseSchedule.Shape.COSINE),
            Predicts.EMBEDDING,
            new TokenDenoiser(2, 4, 16, 4, 0),
            0.1);
    TrainingSpec training =
        TrainingSpec.defaults()
            .withLoss(LossSpec.of("mse", MeanSquared.defaults()))
            .withEpochs(30)
            .withBatchesOf(64)
            .withValidation(new ValidationSpec(0, 0))
            .withOptimizer(
                new OptimizerSpec(
                    OptimizerSpec.Rule.ADAMW, 1e-2, 0, OptimizerSpec.Decayed.MATRICES, 0.9, 0.99));
    DiffusionPrior prior =
        DiffusionPrior.train(rows, spec, training, Seed.of(5), TrainingRun.silent());
    Tensor truth = all.targets().rows(test);
    Tensor drawn = prior.sample(all.responses().rows(test), Sampling.defaults(), Seed.of(6));
    double found = error(drawn, truth);
    double mean = error(Tensor.zeros(TEST, TOKENS, DIM), truth);
    RidgeModel linear =
        Ridge.fit(
            rows.responses().reshape(TRAIN, TOKENS * DIM),
            rows.targets().reshape(TRAIN, TOKENS * DIM),
            RidgeSpec.fixed(10));
    double ridge =
        error(linear.predict(all.responses().rows(test).reshape(TEST, TOKENS * DIM)), truth);
    System.out.printf("mean %.3f, ridge %.3f, prior %.3f%n", mean, ridge, found);
    assertTrue(found < 0.05 * mean, "mean " + mean + ", prior " + found);
    assertTrue(found < 0.1 * ridge, "ridge " + ridge + ", prior " + found);
  }
}
