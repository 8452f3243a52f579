package io.noesis.encoders.architecture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.layer.SubjectLinear;
import io.noesis.encoders.torch.Libtorch;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Optimizer;
import io.noesis.encoders.torch.ParameterGroup;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.encoders.torch.UpdateRule;
import io.noesis.encoders.torch.Value;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every network of the registry learns a planted signal, and nothing when rows were shuffled. Two
 * hidden numbers per row make the target, push every voxel or channel up or down (each subject's in
 * its own way), and make it louder or quieter, so that readers of deflections and of power both
 * find them.
 */
class ArchitectureLearningTest {
  private static final int TRAIN = 240;
  private static final int TEST = 160;
  private static final int BATCH = 48;

  /** Most find the signal soon; a network that does not may learn for longer, once. */
  private static final int[] STEPS = {80, 200};

  private static final int HIDDEN = 2;

  /** A correlation that leaves no doubt; who reaches it need not learn for longer. */
  private static final double CLEAR = 0.45;

  /**
   * Four standard deviations of a correlation by chance, as if every row had one number: what a
   * network makes of shuffled rows may well lie on one line.
   */
  private static final double CHANCE = 4 / Math.sqrt(TEST);

  static Stream<NetworkArchitecture<?>> networks() {
    return ArchitectureContractTest.networks();
  }

  /** Rows of all subjects in turn. */
  private record Planted(Tensor responses, Tensor targets, long[] subjects) {
    static Planted of(NetworkSizes sizes, Seed seed) {
      int rows = TRAIN + TEST;
      int units = sizes.response().get(0);
      int inner = sizes.responses(1).size() / units;
      int dim = sizes.dim();
      int people = sizes.subjects().size();
      PinnedRandom random = seed.random();
      double[] push = gaussian(random, people * units * inner * HIDDEN);
      double[] loud = gaussian(random, units * HIDDEN);
      double[] make = gaussian(random, HIDDEN * dim);
      float[] x = new float[rows * units * inner];
      float[] y = new float[rows * dim];
      long[] subjects = new long[rows];
      for (int r = 0; r < rows; r++) {
        int who = r % people;
        subjects[r] = who;
        double[] z = gaussian(random, HIDDEN);
        for (int u = 0; u < sizes.widths().get(who); u++) {
          double power = Math.exp(0.5 * (z[0] * loud[u * HIDDEN] + z[1] * loud[u * HIDDEN + 1]));
          for (int t = 0; t < inner; t++) {
            int at = ((who * units + u) * inner + t) * HIDDEN;
            double mean = z[0] * push[at] + z[1] * push[at + 1];
            x[(r * units + u) * inner + t] = (float) (0.5 * mean + power * random.nextGaussian());
          }
        }
        for (int d = 0; d < dim; d++) {
          y[r * dim + d] = (float) (z[0] * make[d] + z[1] * make[dim + d]);
        }
      }
      int[] target =
          IntStream.concat(IntStream.of(rows), sizes.target().stream().mapToInt(i -> i)).toArray();
      return new Planted(
          Tensor.wrap(x, sizes.responses(rows).toArray()), Tensor.wrap(y, target), subjects);
    }

    private static double[] gaussian(PinnedRandom random, int count) {
      return IntStream.range(0, count).mapToDouble(i -> random.nextGaussian()).toArray();
    }

    Planted rows(int[] which) {
      return new Planted(
          responses.rows(which),
          targets.rows(which),
          Arrays.stream(which).mapToLong(row -> subjects[row]).toArray());
    }

    Planted shuffled(Seed seed) {
      return new Planted(
          responses, targets.rows(seed.random().permutation(subjects.length)), subjects);
    }

    /** What is told of the stimuli says nothing. */
    Value forward(Layer network, NetworkSizes sizes, Pass pass) {
      Pass told =
          ArchitectureContractTest.told(
              pass, ArchitectureContractTest.told(sizes, subjects.length));
      return network.forward(
          told.with(SubjectLinear.SUBJECT, Value.of(subjects, subjects.length)),
          Value.of(responses));
    }
  }

  private static double trained(
      NetworkArchitecture<?> architecture, Planted train, Planted test, int steps) {
    NetworkSizes sizes = architecture.sample().sizes();
    Layer network = architecture.sample().settings().network(sizes);
    Parameters parameters = Parameters.of(network, Seed.of(2));
    Optimizer optimizer =
        new Optimizer(
            UpdateRule.AdamW.defaults(),
            List.of(new ParameterGroup(parameters.learned(), 1, 0.01)));
    try {
      for (int step = 0; step < steps; step++) {
        int now = step;
        int[] which = IntStream.range(0, BATCH).map(i -> (now * BATCH + i) % TRAIN).toArray();
        Planted batch = train.rows(which);
        optimizer.clearGradients();
        Scope.run(
            () -> {
              Pass pass =
                  Pass.training(parameters, TorchRandom.of(Seed.of(3).child("step " + now)));
              Value off =
                  Ops.subtract(batch.forward(network, sizes, pass), Value.of(batch.targets()));
              Ops.mean(Ops.square(off)).backward();
            });
        optimizer.clipGradients(1);
        optimizer.step(5e-3 * (1 - step / (double) steps));
      }
      Tensor decoded =
          Scope.get(
              () ->
                  Scope.withoutGradients(
                      () -> test.forward(network, sizes, Pass.evaluation(parameters)).toTensor()));
      return correlation(decoded.array(), test.targets().array());
    } finally {
      optimizer.free();
      parameters.free();
    }
  }

  private static double correlation(float[] a, float[] b) {
    double meanA = 0;
    double meanB = 0;
    for (int i = 0; i < a.length; i++) {
      meanA += a[i] / (double) a.length;
      meanB += b[i] / (double) a.length;
    }
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (a[i] - meanA) * (b[i] - meanB);
      aa += (a[i] - meanA) * (a[i] - meanA);
      bb += (b[i] - meanB) * (b[i] - meanB);
    }
    return ab / Math.sqrt(aa * bb);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void learnsWhatIsThereAndNothingElse(NetworkArchitecture<?> architecture) {
    int threads = Libtorch.threads();
    Libtorch.useThreads(1);
    try {
      NetworkSizes sizes = architecture.sample().sizes();
      Planted all = Planted.of(sizes, Seed.of(1).child(architecture.name()));
      Planted train = all.rows(IntStream.range(0, TRAIN).toArray());
      Planted test = all.rows(IntStream.range(TRAIN, TRAIN + TEST).toArray());
      int steps = STEPS[0];
      double found = trained(architecture, train, test, steps);
      if (found < CLEAR) {
        steps = STEPS[1];
        found = trained(architecture, train, test, steps);
      }
      double shuffled = trained(architecture, train.shuffled(Seed.of(4)), test, steps);
      System.out.printf(
          "%s: r %.3f after %d steps, shuffled %.3f (chance below %.3f)%n",
          architecture.name(), found, steps, shuffled, CHANCE);
      assertTrue(found > CHANCE, architecture.name() + " decodes a planted signal: r " + found);
      assertTrue(
          Math.abs(shuffled) < CHANCE, architecture.name() + " learns from shuffled: " + shuffled);
    } finally {
      Libtorch.useThreads(threads);
    }
  }
}
