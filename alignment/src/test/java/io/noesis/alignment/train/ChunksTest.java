package io.noesis.alignment.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.PassThrough;
import io.noesis.alignment.loss.InfoNce;
import io.noesis.alignment.loss.LossSpec;
import io.noesis.alignment.loss.MeanAbsolute;
import io.noesis.alignment.loss.WeightedSum;
import io.noesis.alignment.loss.WeightedSum.Part;
import io.noesis.encoders.Shown;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.BatchNorm;
import io.noesis.encoders.layer.Dropout;
import io.noesis.encoders.layer.Gelu;
import io.noesis.encoders.layer.Heads;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.SubjectLinear;
import io.noesis.encoders.torch.Arithmetic;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ChunksTest {
  private static final Seed SEED = Seed.of(7);
  private static final TrainingRows ROWS =
      BatchPlanTest.rows(20, 17)
          .showing(Shown.UNKNOWN.with("latent", TrainerTest.normal("latent", 37, 4)));
  private static final WeightedSum LOSS =
      new WeightedSum(
          List.of(
              Part.of("info-nce", InfoNce.defaults(), 1),
              Part.of("l1", new MeanAbsolute(), 0.5)
                  .between(Optional.of("low"), Optional.of("latent"))));

  private static Layer network() {
    return Sequence.builder()
        .add("own", new SubjectLinear(2, 3, 8, SubjectLinear.Axes.FLAT))
        .add("activation", new Gelu())
        .add("penalty", new StartAndFreezeTest.Penalty())
        .add(
            "heads",
            new Heads(Linear.of(8, 2), List.of(new Heads.Head("low", Linear.of(8, 4), List.of(4)))))
        .build();
  }

  private static Batch batch() {
    int[] all = java.util.stream.IntStream.range(0, 37).toArray();
    return Batch.of(ROWS, RowTable.of(ROWS, all), all);
  }

  private static Map<String, double[]> gradients(Parameters parameters) {
    Map<String, double[]> found = new LinkedHashMap<>();
    parameters.learned().forEach((name, value) -> found.put(name, value.gradient().toDoubles()));
    return found;
  }

  @Test
  void chunksGiveTheGradientOfTheWholeBatch() {
    Objective objective = new Objective(network(), LOSS, Map.of("size", 3.0), Arithmetic.FLOAT32);
    Parameters whole = Parameters.of(objective.whole(), SEED);
    double[] expected = {0, 0};
    Map<String, double[]> gradients =
        Scope.get(
            () -> {
              Pass pass = Pass.training(whole, TorchRandom.of(SEED));
              Objective.Outcome out = objective.of(pass, batch(), 0);
              Ops.multiply(out.total(), 0.5).backward();
              expected[0] = out.total().item();
              expected[1] = out.items().get("size");
              return gradients(whole);
            });
    whole.free();
    for (int chunk : new int[] {1, 5, 10, 36}) {
      Parameters parts = Parameters.of(objective.whole(), SEED);
      Chunks.Sums sums = new Chunks(objective, parts, batch(), chunk, SEED).backward(0, 0.5);
      assertEquals(expected[0], sums.total(), 1e-5 * expected[0]);
      assertEquals(expected[1], sums.terms().get("size"), 1e-5 * expected[1]);
      Map<String, double[]> found = Scope.get(() -> gradients(parts));
      assertEquals(gradients.keySet(), found.keySet());
      gradients.forEach(
          (name, numbers) -> {
            double largest = java.util.Arrays.stream(numbers).map(Math::abs).max().orElseThrow();
            for (int i = 0; i < numbers.length; i++) {
              assertEquals(numbers[i], found.get(name)[i], 1e-5 * largest, name + " " + chunk);
            }
          });
      parts.free();
    }
  }

  @Test
  void dropoutIsTheSameBothTimesAndStatisticsMoveOnce() {
    Layer network =
        Sequence.builder()
            .add("norm", BatchNorm.of(3))
            .add("dropout", new Dropout(0.5))
            .add("out", Linear.of(3, 2))
            .build();
    LossSpec loss = LossSpec.of("info-nce", InfoNce.defaults());
    Objective objective = new Objective(network, loss.make(), Map.of(), Arithmetic.FLOAT32);
    Parameters parameters = Parameters.of(objective.whole(), SEED);
    Tensor before = parameters.statistics().get("network.norm.running_mean");
    new Chunks(objective, parameters, batch().part(0, 20), 20, SEED).backward(0, 1);
    Tensor once = parameters.statistics().get("network.norm.running_mean");
    Map<String, double[]> chunked = Scope.get(() -> gradients(parameters));
    Parameters direct = Parameters.of(objective.whole(), SEED);
    Map<String, double[]> expected =
        Scope.get(
            () -> {
              Pass pass = Pass.training(direct, TorchRandom.of(SEED.child("chunk 0")));
              objective.of(pass, batch().part(0, 20), 0).total().backward();
              return gradients(direct);
            });
    assertEquals(direct.statistics().get("network.norm.running_mean"), once);
    assertTrue(!before.equals(once));
    expected.forEach(
        (name, numbers) -> {
          for (int i = 0; i < numbers.length; i++) {
            assertEquals(numbers[i], chunked.get(name)[i], 1e-6, name);
          }
        });
    parameters.free();
    direct.free();
  }

  /** Passes rows on, and remembers how many it was given at most. */
  private record Counting(AtomicInteger most) implements PassThrough {
    @Override
    public Value forward(Pass pass, Value input) {
      most.accumulateAndGet(input.dim(0), Math::max);
      return input;
    }
  }

  @Test
  void validationRowsGoThroughInChunksToo() {
    TrainingSpec spec =
        TrainingSpec.defaults()
            .withEpochs(3)
            .withBatchesOf(16)
            .withValidation(new ValidationSpec(0.5, 0, ValidationSpec.By.EMBEDDING))
            .withLoss(LossSpec.of("sum", LOSS));
    double[][] losses = new double[2][];
    for (int chunk : new int[] {0, 5}) {
      AtomicInteger most = new AtomicInteger();
      Layer counted =
          Sequence.builder().add("rows", new Counting(most)).add("network", network()).build();
      losses[chunk == 0 ? 0 : 1] =
          new Trainer(spec.withBatches(BatchSpec.defaults().inChunksOf(chunk)), counted)
              .train(ROWS, SEED, TrainingRun.silent()).history().stream()
                  .mapToDouble(epoch -> epoch.validation().orElseThrow())
                  .toArray();
      assertEquals(chunk == 0 ? 16 : 5, most.get(), "rows together");
    }
    assertArrayEquals(losses[0], losses[1], 1e-5);
  }

  @Test
  void aTrainingInChunksIsThatOfWholeBatches() {
    TrainingSpec spec =
        TrainingSpec.defaults()
            .withEpochs(3)
            .withBatchesOf(16)
            .withValidation(new ValidationSpec(0, 0))
            .withLoss(LossSpec.of("sum", LOSS));
    TrainingSpec chunked = spec.withBatches(BatchSpec.defaults().inChunksOf(5));
    TrainedNetwork whole = new Trainer(spec, network()).train(ROWS, SEED, TrainingRun.silent());
    TrainedNetwork parts = new Trainer(chunked, network()).train(ROWS, SEED, TrainingRun.silent());
    for (int epoch = 0; epoch < 3; epoch++) {
      EpochRecord a = whole.history().get(epoch);
      EpochRecord b = parts.history().get(epoch);
      assertEquals(a.loss(), b.loss(), 1e-5 * a.loss());
      assertEquals(a.terms().get("size"), b.terms().get("size"), 1e-5);
      assertEquals(OptionalDouble.empty(), b.validation());
    }
    whole
        .weights()
        .forEach(
            (name, tensor) -> {
              for (int i = 0; i < tensor.size(); i++) {
                float found = parts.weights().get(name).array()[i];
                assertEquals(tensor.array()[i], found, 1e-4, name);
              }
            });
  }
}
