package io.noesis.alignment.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.loss.BiMixCo;
import io.noesis.alignment.loss.InfoNce;
import io.noesis.alignment.loss.Length;
import io.noesis.alignment.loss.LossSpec;
import io.noesis.alignment.loss.MeanSquared;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.BatchNorm;
import io.noesis.encoders.layer.Dropout;
import io.noesis.encoders.layer.Gelu;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.torch.Arithmetic;
import io.noesis.encoders.torch.Libtorch;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.Value;
import io.noesis.run.CancelledException;
import io.noesis.run.CorruptDataException;
import io.noesis.run.DataException;
import io.noesis.run.MemoryException;
import io.noesis.run.ModelException;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.SafetensorsWriter;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
  static final Seed SEED = Seed.of(8);
  static final LossSpec MSE = LossSpec.of("mse", new MeanSquared());

  static Tensor normal(String name, int... sizes) {
    PinnedRandom random = Seed.of(1).child(name).random();
    return Tensor.zeros(sizes).map(zero -> random.nextGaussian());
  }

  /** Targets that depend on a threshold of the responses, which no linear map gives. */
  static TrainingRows rows(int count) {
    Tensor x = normal("x", count, 10);
    Tensor y = Tensor.zeros(count, 4);
    for (int row = 0; row < count; row++) {
      for (int c = 0; c < 4; c++) {
        y.array()[row * 4 + c] = Math.abs(x.at(row, c)) - Math.abs(x.at(row, c + 4));
      }
    }
    List<String> groups = IntStream.range(0, count).mapToObj(i -> "run-" + i % 8).toList();
    return new TrainingRows(x, y, groups);
  }

  static Layer network() {
    return Sequence.builder()
        .add("into", Linear.of(10, 32))
        .add("norm", BatchNorm.of(32))
        .add("activation", new Gelu())
        .add("dropout", new Dropout(0.1))
        .add("out", Linear.of(32, 4))
        .build();
  }

  static TrainingSpec spec(int epochs, ValidationSpec validation) {
    return new TrainingSpec(
        MSE,
        epochs,
        16,
        BatchSpec.defaults(),
        2,
        1,
        0.9,
        new OptimizerSpec(
            OptimizerSpec.Rule.ADAMW, 0.01, 1e-3, OptimizerSpec.Decayed.MATRICES, 0.9, 0.999),
        ScheduleSpec.defaults(),
        validation,
        FreezeSpec.defaults(),
        java.util.Map.of(),
        Arithmetic.FLOAT32);
  }

  private static final InfoNce LEARNED_SCALE =
      new InfoNce(
          Length.UNIT, Length.UNIT, InfoNce.Scale.LEARNED_EXPONENT, 0.2, InfoNce.Direction.TWO_WAY);
  private static final ValidationSpec NONE = new ValidationSpec(0, 0);

  private static TrainedNetwork train(TrainingSpec spec, TrainingRun run) {
    return new Trainer(spec, network()).train(rows(160), SEED, run);
  }

  static double error(TrainedNetwork trained, TrainingRows rows) {
    return Scope.get(
        () -> {
          Parameters weights = Parameters.of(trained.network(), trained.weights());
          Tensor out =
              trained
                  .network()
                  .forward(Pass.evaluation(weights), Value.of(rows.responses()))
                  .toTensor();
          weights.free();
          double sum = 0;
          double total = 0;
          for (int i = 0; i < out.size(); i++) {
            double difference = out.array()[i] - rows.targets().array()[i];
            sum += difference * difference;
            total += rows.targets().array()[i] * rows.targets().array()[i];
          }
          return sum / total;
        });
  }

  @Test
  void learnsWhatNoLinearMapCan() {
    TrainedNetwork trained =
        new Trainer(spec(40, NONE), network()).train(rows(640), SEED, TrainingRun.silent());
    assertEquals(40, trained.history().size());
    assertTrue(error(trained, rows(640)) < 0.15, () -> "error " + error(trained, rows(640)));
    assertEquals(network().describe(), trained.network().describe());
  }

  @Test
  void halfThePrecisionLearnsTheSame() {
    TrainingSpec spec = spec(40, NONE);
    TrainingSpec half = spec.withArithmetic(Arithmetic.BFLOAT16);
    TrainedNetwork trained =
        new Trainer(half, network()).train(rows(640), SEED, TrainingRun.silent());
    TrainedNetwork full = new Trainer(spec, network()).train(rows(640), SEED, TrainingRun.silent());
    assertTrue(error(trained, rows(640)) < 0.15, () -> "error " + error(trained, rows(640)));
    assertNotEquals(full.weights(), trained.weights());
    double first = full.history().get(0).loss();
    assertEquals(first, trained.history().get(0).loss(), 0.02 * first);
  }

  @Test
  void theSameSeedGivesTheSameBitsAndAnotherDoesNot() {
    TrainingSpec spec = spec(3, new ValidationSpec(0.25, 0));
    TrainedNetwork first = train(spec, TrainingRun.silent());
    TrainedNetwork second = train(spec, TrainingRun.silent());
    assertEquals(first.weights(), second.weights());
    assertEquals(first.history(), second.history());
    TrainedNetwork other =
        new Trainer(spec, network()).train(rows(160), Seed.of(9), TrainingRun.silent());
    assertNotEquals(first.weights(), other.weights());
  }

  @Test
  void aStoppedTrainingGoesOnWithTheSameBits(@TempDir Path folder) throws IOException {
    for (LossSpec loss :
        List.of(
            MSE,
            LossSpec.of("bimixco", new BiMixCo(0.1, 0.5, 0.15)),
            LossSpec.of("info-nce", LEARNED_SCALE))) {
      TrainingSpec spec = spec(4, new ValidationSpec(0.25, 0)).withLoss(loss);
      Path whole = folder.resolve("whole");
      Path parts = folder.resolve("parts");
      Trainer trainer = new Trainer(spec, network());
      TrainedNetwork expected =
          trainer.train(rows(160), SEED, TrainingRun.silent().in(whole, TrainingRun.Start.FRESH));
      TrainingRun.Start start = TrainingRun.Start.FRESH;
      TrainedNetwork found = null;
      for (int stopAfter : new int[] {0, 3, 5, 2, 100}) {
        AtomicInteger left = new AtomicInteger(stopAfter);
        TrainingRun run =
            TrainingRun.silent().in(parts, start).stoppedBy(() -> left.getAndDecrement() == 0);
        if (stopAfter < 100) {
          assertThrows(CancelledException.class, () -> trainer.train(rows(160), SEED, run));
        } else {
          found = trainer.train(rows(160), SEED, run);
        }
        start = TrainingRun.Start.RESUME;
      }
      assertEquals(expected.weights(), found.weights());
      assertEquals(expected.history(), found.history());
      assertEquals(expected.chosenEpoch(), found.chosenEpoch());
      assertEquals(
          Files.readString(whole.resolve(TrainingRun.METRICS)),
          Files.readString(parts.resolve(TrainingRun.METRICS)));
    }
  }

  @Test
  void metricsHaveOneLinePerEpoch(@TempDir Path folder) throws IOException {
    train(
        spec(3, new ValidationSpec(0.25, 0)),
        TrainingRun.silent().in(folder, TrainingRun.Start.FRESH));
    List<String> lines = Files.readAllLines(folder.resolve(TrainingRun.METRICS));
    assertEquals(3, lines.size());
    assertTrue(
        lines.get(0).matches("\\{\"epoch\":1,\"step\":4,\"rate\":.*,\"loss\":.*"), lines.get(0));
    assertTrue(lines.get(2).contains("\"validation\":"));
  }

  @Test
  void checkpointsThatDoNotFitAreRefused(@TempDir Path folder) throws IOException {
    TrainingRun first =
        TrainingRun.silent().in(folder, TrainingRun.Start.FRESH).savedEvery(Duration.ZERO);
    train(spec(1, NONE), first);
    TrainingRun again = TrainingRun.silent().in(folder, TrainingRun.Start.RESUME);
    ModelException other = assertThrows(ModelException.class, () -> train(spec(2, NONE), again));
    assertTrue(other.getMessage().contains("other rows, settings or seed"));
    Path file = folder.resolve(TrainingRun.CHECKPOINT);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    assertThrows(CorruptDataException.class, () -> train(spec(1, NONE), again));
  }

  @Test
  void validationStopsTheTrainingAndChoosesTheEpoch() {
    TrainingSpec fast =
        new TrainingSpec(
            MSE,
            200,
            16,
            BatchSpec.defaults(),
            1,
            0,
            0,
            new OptimizerSpec(
                OptimizerSpec.Rule.ADAM, 0.01, 0, OptimizerSpec.Decayed.ALL, 0.9, 0.999),
            ScheduleSpec.constant(),
            new ValidationSpec(0.25, 5),
            FreezeSpec.defaults(),
            java.util.Map.of(),
            Arithmetic.FLOAT32);
    TrainingRows all = rows(96);
    TrainingRows noise = new TrainingRows(all.responses(), normal("noise", 96, 4), all.groups());
    TrainedNetwork trained = new Trainer(fast, network()).train(noise, SEED, TrainingRun.silent());
    int epochs = trained.history().size();
    assertTrue(epochs < 60, "noise was learned for " + epochs + " epochs");
    assertEquals(epochs, trained.chosenEpoch() + 5);
    double best =
        trained.history().stream()
            .mapToDouble(e -> e.validation().orElseThrow())
            .min()
            .orElseThrow();
    assertEquals(best, trained.history().get(trained.chosenEpoch() - 1).validation().orElseThrow());
  }

  @Test
  void validationRowsAreWholeGroups() {
    TrainingRows rows = rows(160);
    HeldOut heldOut = HeldOut.of(rows.groups(), 0.25, SEED);
    Set<String> learned = new HashSet<>();
    for (int row : heldOut.training()) {
      learned.add(rows.groups().get(row));
    }
    for (int row : heldOut.validation()) {
      assertFalse(learned.contains(rows.groups().get(row)));
    }
    assertEquals(160, heldOut.training().length + heldOut.validation().length);
    assertEquals(40, heldOut.validation().length);
    assertThrows(RecipeException.class, () -> HeldOut.of(List.of("a", "a"), 0.5, SEED));
  }

  @Test
  void numbersThatAreNotFiniteAreTold() {
    TrainingRows good = rows(32);
    Tensor x = good.responses().map(v -> v);
    x.array()[25] = Float.NaN;
    TrainingRows bad = new TrainingRows(x, good.targets(), good.groups());
    DataException data =
        assertThrows(
            DataException.class,
            () -> new Trainer(spec(1, NONE), network()).train(bad, SEED, TrainingRun.silent()));
    assertTrue(data.getMessage().contains("row 2, column 5"), data.getMessage());
    TrainingRows huge =
        new TrainingRows(good.responses(), good.targets().map(v -> v * 1e30), good.groups());
    RecipeException recipe =
        assertThrows(
            RecipeException.class,
            () -> new Trainer(spec(5, NONE), network()).train(huge, SEED, TrainingRun.silent()));
    assertTrue(recipe.getMessage().contains("learningRate"), recipe.getMessage());
  }

  /** No loss follows the last step, and none comes before a checkpoint is written. */
  @Test
  void weightsThatRunAwayAreNeverKept(@TempDir Path folder) {
    TrainingSpec once = spec(1, NONE);
    TrainingSpec runaway =
        new TrainingSpec(
            MSE,
            1,
            32,
            BatchSpec.defaults(),
            1,
            0,
            0,
            new OptimizerSpec(OptimizerSpec.Rule.SGD, 1e39, 0, OptimizerSpec.Decayed.ALL, 0, 0.999),
            ScheduleSpec.constant(),
            NONE,
            once.freeze(),
            once.terms(),
            once.arithmetic());
    for (int rows : new int[] {32, 96}) {
      RecipeException recipe =
          assertThrows(
              RecipeException.class,
              () ->
                  new Trainer(runaway, Linear.of(10, 4))
                      .train(
                          rows(rows),
                          SEED,
                          TrainingRun.silent()
                              .in(folder, TrainingRun.Start.FRESH)
                              .savedEvery(Duration.ZERO)));
      assertTrue(recipe.getMessage().contains("weights"), recipe.getMessage());
      assertTrue(recipe.getMessage().contains("at step 1 of"), recipe.getMessage());
      assertFalse(Files.exists(folder.resolve(TrainingRun.CHECKPOINT)));
    }
  }

  /** Large networks take as many threads as they are allowed, small ones one. */
  @Test
  void threadsAreThoseAllowed() {
    int all = Libtorch.threads();
    Tensor x = normal("x", 64, 1500);
    TrainingRows table =
        new TrainingRows(x, normal("y", 64, 1500), java.util.Collections.nCopies(64, "run"));
    assertEquals(1, threads(Linear.of(1500, 1500), table, 1));
    assertEquals(all, threads(Linear.of(1500, 1500), table, 0));
    assertEquals(all, threads(Linear.of(1500, 1500), table, all + 5), "never more than libtorch's");
    assertEquals(1, threads(Linear.of(10, 4), rows(64), 2));
    assertEquals(all, Libtorch.threads(), "given back");
  }

  /** What was begun on two threads goes on with two, to the same bits, whatever is allowed then. */
  @Test
  void aLargeNetworkGoesOnWithTheThreadsItBeganWith(@TempDir Path folder) {
    TrainingRows table =
        new TrainingRows(
            normal("x", 128, 1500),
            normal("y", 128, 1500),
            java.util.Collections.nCopies(128, "run"));
    Trainer trainer = new Trainer(spec(2, NONE).withBatchesOf(64), Linear.of(1500, 1500));
    int usual = Libtorch.threads();
    Libtorch.useThreads(2); // Also on a machine of one core.
    try {
      TrainingRun silent = TrainingRun.silent();
      TrainedNetwork calm = trainer.train(table, SEED, silent.onThreads(2));
      assertEquals(OptionalInt.of(2), calm.threads());
      TrainingRun kept = silent.in(folder, TrainingRun.Start.RESUME).savedEvery(Duration.ZERO);
      AtomicInteger asked = new AtomicInteger();
      TrainingRun stopped = kept.onThreads(2).stoppedBy(() -> asked.incrementAndGet() > 1);
      assertThrows(CancelledException.class, () -> trainer.train(table, SEED, stopped));
      Libtorch.useThreads(1);
      TrainedNetwork resumed = trainer.train(table, SEED, kept.onThreads(1));
      assertEquals(OptionalInt.of(2), resumed.threads());
      assertEquals(1, Libtorch.threads(), "given back");
      assertEquals(calm.weights(), resumed.weights());
      forgetThreads(folder.resolve(TrainingRun.CHECKPOINT));
      CorruptDataException unknown =
          assertThrows(CorruptDataException.class, () -> trainer.train(table, SEED, kept));
      assertTrue(unknown.getMessage().contains("how many threads"), unknown.getMessage());
    } finally {
      Libtorch.useThreads(usual);
    }
    assertEquals(OptionalInt.empty(), train(spec(1, NONE), TrainingRun.silent()).threads());
  }

  private static void forgetThreads(Path checkpoint) {
    SafetensorsWriter writer = new SafetensorsWriter();
    try (Safetensors in = Safetensors.open(checkpoint)) {
      in.metadata().forEach((key, told) -> writer.metadata(key.replace("threads", "t"), told));
      in.names().forEach(name -> writer.add(name, in.read(name)));
    }
    writer.write(checkpoint);
  }

  private static int threads(Layer network, TrainingRows table, int allowed) {
    AtomicInteger seen = new AtomicInteger();
    Progress listener =
        new Progress() {
          @Override
          public void step(long steps) {
            seen.set(Libtorch.threads());
          }
        };
    new Trainer(spec(1, NONE).withBatchesOf(64), network)
        .train(table, SEED, TrainingRun.silent().onThreads(allowed).heardBy(listener));
    return seen.get();
  }

  @Test
  void networksThatDoNotFitAreRefusedBeforeTheyAreMade() {
    Layer large = Linear.of(1_000_000, 40_000);
    MemoryException refused =
        assertThrows(
            MemoryException.class,
            () -> new Trainer(spec(1, NONE), large).train(rows(32), SEED, TrainingRun.silent()));
    assertTrue(refused.getMessage().contains("40,000,040,000 weights"), refused.getMessage());
  }

  @Test
  void accumulatedPartsMakeTheStepOfTheWhole() {
    // Without dropout and batch norm, two parts of 16 are one batch of 32.
    Layer plain = Linear.of(10, 4);
    TrainedNetwork[] trained = new TrainedNetwork[2];
    for (int i = 0; i < 2; i++) {
      TrainingSpec spec =
          new TrainingSpec(
              MSE,
              1,
              i == 0 ? 32 : 16,
              BatchSpec.defaults(),
              i == 0 ? 1 : 2,
              0,
              0,
              new OptimizerSpec(
                  OptimizerSpec.Rule.SGD, 0.05, 0, OptimizerSpec.Decayed.ALL, 0.9, 0.999),
              ScheduleSpec.constant(),
              NONE,
              FreezeSpec.defaults(),
              java.util.Map.of(),
              Arithmetic.FLOAT32);
      trained[i] = new Trainer(spec, plain).train(rows(160), SEED, TrainingRun.silent());
    }
    float[] whole = trained[0].weights().get("weight").array();
    float[] parts = trained[1].weights().get("weight").array();
    for (int i = 0; i < whole.length; i++) {
      assertEquals(whole[i], parts[i], 1e-5);
    }
  }
}
