package io.noesis.alignment.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.architecture.Architectures;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Networks against ridge where the truth is known. */
class PlantedSignalTest {
  private static final int VOXELS = 24;
  private static final int DIM = 6;

  /** Responses, and targets that are a linear or an even function of them, with noise. */
  private static TrainingRows planted(String name, int rows, boolean even) {
    PinnedRandom random = Seed.of(2).child(name).random();
    PinnedRandom mixing = Seed.of(2).child("mixing").random();
    double[] weights =
        IntStream.range(0, VOXELS * DIM).mapToDouble(i -> mixing.nextGaussian()).toArray();
    Tensor x = Tensor.zeros(rows, VOXELS).map(zero -> random.nextGaussian());
    Tensor y = Tensor.zeros(rows, DIM);
    for (int row = 0; row < rows; row++) {
      for (int d = 0; d < DIM; d++) {
        double sum = 0;
        for (int v = even ? d * 4 : 0; v < (even ? d * 4 + 4 : VOXELS); v++) {
          double value = even ? Math.abs(x.at(row, v)) - 0.8 : x.at(row, v);
          sum += weights[v * DIM + d] * value;
        }
        y.array()[row * DIM + d] = (float) (sum + 0.3 * random.nextGaussian());
      }
    }
    List<String> groups = IntStream.range(0, rows).mapToObj(i -> "run-" + i % 10).toList();
    return new TrainingRows(x, y, groups);
  }

  private static BrainEncoder fit(String architecture, TrainingRows rows) {
    ObjectNode settings = JsonNodeFactory.instance.objectNode();
    if (architecture.equals("residual-mlp")) {
      settings.put("width", 96).put("blocks", 1).put("firstDropout", 0.05);
      settings.put("blockDropout", 0.05);
    }
    TrainingSpec defaults = TrainingSpec.defaults();
    TrainingSpec spec =
        new TrainingSpec(
            TrainerTest.MSE,
            40,
            32,
            BatchSpec.defaults(),
            1,
            1,
            0,
            new OptimizerSpec(
                OptimizerSpec.Rule.ADAMW, 4e-3, 0.01, OptimizerSpec.Decayed.MATRICES, 0.9, 0.999),
            defaults.schedule(),
            defaults.validation(),
            FreezeSpec.defaults(),
            java.util.Map.of(),
            io.noesis.encoders.torch.Arithmetic.FLOAT32);
    return Architectures.registry()
        .get(architecture)
        .fit(rows, settings, new Fitting(Seed.of(3), Trainer.of(spec, TrainingRun.silent())));
  }

  /** Mean over dimensions of the correlation of decoded and true targets of new rows. */
  private static double correlation(BrainEncoder encoder, TrainingRows test) {
    Tensor found = encoder.encode(test.responses());
    int rows = found.dim(0);
    double mean = 0;
    for (int d = 0; d < DIM; d++) {
      double[] sums = new double[5];
      for (int row = 0; row < rows; row++) {
        double a = found.at(row, d);
        double b = test.targets().at(row, d);
        sums[0] += a;
        sums[1] += b;
        sums[2] += a * a;
        sums[3] += b * b;
        sums[4] += a * b;
      }
      double covariance = sums[4] - sums[0] * sums[1] / rows;
      double va = sums[2] - sums[0] * sums[0] / rows;
      double vb = sums[3] - sums[1] * sums[1] / rows;
      mean += covariance / Math.sqrt(Math.max(va * vb, 1e-30)) / DIM;
    }
    return mean;
  }

  @Test
  void aNetworkFindsWhatRidgeCannot() {
    TrainingRows train = planted("train", 900, true);
    TrainingRows test = planted("test", 400, true);
    double ridge = correlation(fit("ridge", train), test);
    double network = correlation(fit("residual-mlp", train), test);
    assertTrue(Math.abs(ridge) < 0.2, "ridge " + ridge);
    assertTrue(network > 0.75, "network " + network);
  }

  @Test
  void aNetworkTiesRidgeWhereTheSignalIsLinear() {
    TrainingRows train = planted("train", 900, false);
    TrainingRows test = planted("test", 400, false);
    double ridge = correlation(fit("ridge", train), test);
    double network = correlation(fit("residual-mlp", train), test);
    assertTrue(ridge > 0.99, "ridge " + ridge);
    assertEquals(ridge, network, 0.03);
  }

  @Test
  void shuffledTargetsTeachNothing() {
    TrainingRows train = planted("train", 900, true);
    int[] order = Seed.of(5).child("shuffle").random().permutation(900);
    TrainingRows shuffled =
        new TrainingRows(train.responses(), train.targets().rows(order), train.groups());
    double network = correlation(fit("residual-mlp", shuffled), planted("test", 400, true));
    assertTrue(Math.abs(network) < 0.15, "network " + network);
  }
}
