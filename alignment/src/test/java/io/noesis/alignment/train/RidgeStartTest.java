package io.noesis.alignment.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.alignment.loss.LossSpec;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.NetworkTrainer;
import io.noesis.encoders.Recorded;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.architecture.Architectures;
import io.noesis.encoders.layer.Identity;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.LearnedScale;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.Parallel;
import io.noesis.encoders.layer.Sequence;
import io.noesis.run.CancelledException;
import io.noesis.run.PinnedRandom;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks on top of ridge, where it is known what ridge and what a network can find. */
class RidgeStartTest {
  private static final int VOXELS = 20;
  private static final int DIM = 5;

  @TempDir Path folder;

  /** A linear code in noise, and by {@code even} of the size of responses besides. */
  private static TrainingRows planted(String name, int rows, double even) {
    PinnedRandom random = Seed.of(2).child(name).random();
    PinnedRandom mixing = Seed.of(2).child("mixing").random();
    double[] weights =
        IntStream.range(0, VOXELS * DIM).mapToDouble(i -> mixing.nextGaussian()).toArray();
    Tensor x = Tensor.zeros(rows, VOXELS).map(zero -> random.nextGaussian());
    Tensor y = Tensor.zeros(rows, DIM);
    for (int row = 0; row < rows; row++) {
      for (int d = 0; d < DIM; d++) {
        double sum = 3;
        for (int v = 0; v < VOXELS; v++) {
          double value = x.at(row, v);
          boolean own = v / 4 == d;
          sum += weights[v * DIM + d] * (0.3 * value + (own ? even * (Math.abs(value) - 0.8) : 0));
        }
        y.array()[row * DIM + d] = (float) (sum + random.nextGaussian());
      }
    }
    return new TrainingRows(x, y, IntStream.range(0, rows).mapToObj(i -> "run-" + i % 12).toList());
  }

  private static TrainingSpec spec(int epochs, double rate) {
    TrainingSpec defaults = TrainingSpec.defaults();
    return new TrainingSpec(
        TrainerTest.MSE,
        epochs,
        32,
        BatchSpec.defaults(),
        1,
        1,
        0,
        new OptimizerSpec(
            OptimizerSpec.Rule.ADAMW, rate, 0.01, OptimizerSpec.Decayed.MATRICES, 0.9, 0.999),
        defaults.schedule(),
        new ValidationSpec(0.2, 0),
        FreezeSpec.defaults(),
        Map.of(),
        io.noesis.encoders.torch.Arithmetic.FLOAT32);
  }

  private static BrainEncoder onRidge(TrainingRows rows, TrainingSpec spec, TrainingRun run) {
    return fit("residual-mlp", rows, Trainer.of(spec, run), Fitting.Start.RIDGE);
  }

  private static BrainEncoder ridge(TrainingRows rows) {
    NetworkTrainer none = Trainer.of(TrainingSpec.defaults(), TrainingRun.silent());
    return fit("ridge", rows, none, Fitting.Start.RANDOM);
  }

  private static BrainEncoder fit(
      String architecture, TrainingRows rows, NetworkTrainer trainer, Fitting.Start start) {
    ObjectNode settings = JsonNodeFactory.instance.objectNode();
    if (!architecture.equals("ridge")) {
      settings.put("width", 64).put("blocks", 1).put("firstDropout", 0.05);
      settings.put("blockDropout", 0.05);
    }
    return Architectures.registry()
        .get(architecture)
        .fit(rows, settings, new Fitting(Seed.of(3), trainer, start));
  }

  /** Share of the targets' variance that is decoded. */
  private static double explained(BrainEncoder encoder, TrainingRows test) {
    Tensor found = encoder.encode(test.responses());
    double[] mean = new double[DIM];
    int rows = found.dim(0);
    for (int i = 0; i < found.size(); i++) {
      mean[i % DIM] += test.targets().array()[i] / rows;
    }
    double error = 0;
    double all = 0;
    for (int i = 0; i < found.size(); i++) {
      double y = test.targets().array()[i];
      error += Math.pow(y - found.array()[i], 2);
      all += Math.pow(y - mean[i % DIM], 2);
    }
    return 1 - error / all;
  }

  private static void close(Tensor expected, Tensor found, double tolerance) {
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.array()[i], found.array()[i], tolerance, "number " + i);
    }
  }

  @Test
  void whereRidgeIsBestNothingIsAdded() {
    TrainingRows train = planted("train", 400, 0);
    TrainingRows test = planted("test", 300, 0);
    double ridge = explained(ridge(train), test);
    double both = explained(onRidge(train, spec(20, 4e-3), TrainingRun.silent()), test);
    assertTrue(ridge > 0.5, "ridge " + ridge);
    assertTrue(both > ridge - 0.01, () -> both + " against " + ridge);
  }

  @Test
  void whatRidgeMissesIsAdded() {
    TrainingRows train = planted("train", 900, 0.7);
    TrainingRows test = planted("test", 300, 0.7);
    double ridge = explained(ridge(train), test);
    double both = explained(onRidge(train, spec(40, 4e-3), TrainingRun.silent()), test);
    double alone =
        explained(
            fit(
                "residual-mlp",
                train,
                Trainer.of(spec(40, 4e-3), TrainingRun.silent()),
                Fitting.Start.RANDOM),
            test);
    assertTrue(both > ridge + 0.1, () -> both + " against ridge's " + ridge);
    assertTrue(both > alone - 0.02, () -> both + " against " + alone + " alone");
  }

  /** Steps of no length: the start is chosen, and the start is ridge. */
  @Test
  void theStartIsRidge() {
    TrainingRows train = planted("train", 200, 0);
    Tensor test = planted("test", 40, 0).responses();
    BrainEncoder start = onRidge(train, spec(1, 1e-30), TrainingRun.silent());
    close(ridge(train).encode(test), start.encode(test), 1e-5);
    assertTrue(start.facts().containsKey("starts from ridge of penalty"), start.facts()::toString);
  }

  @Test
  void targetsThatResponsesKnowNothingOfAreLeftToRidge() {
    TrainingRows train = planted("train", 400, 0);
    int[] order = Seed.of(5).child("shuffle").random().permutation(400);
    TrainingRows shuffled =
        new TrainingRows(train.responses(), train.targets().rows(order), train.groups());
    double found =
        explained(onRidge(shuffled, spec(20, 4e-3), TrainingRun.silent()), planted("test", 300, 0));
    assertTrue(found < 0.02, "decoded " + found);
  }

  /** One of two targets, and a start that names the right one three times out of four. */
  private static TrainingRows oftenRight() {
    Tensor x = Tensor.zeros(96, 2);
    Tensor y = Tensor.zeros(96, 2);
    for (int row = 0; row < 96; row++) {
      y.array()[2 * row] = row % 2 == 0 ? 1 : -1;
      x.array()[2 * row] = (row / 2) % 4 == 0 ? -y.at(row, 0) : y.at(row, 0);
      x.array()[2 * row + 1] = 0.1f;
    }
    return new TrainingRows(x, y, IntStream.range(0, 96).mapToObj(i -> "run-" + i).toList());
  }

  /** What is added at the start, and the cosine of the whole and the target. */
  private static double[] lengthAndCosine(TrainedNetwork trained) {
    double share = trained.weights().get("network.share.weight").array()[0];
    Tensor weight = trained.weights().get("network.of.weight");
    Tensor bias = trained.weights().get("network.of.bias");
    TrainingRows rows = oftenRight();
    double[] out = {0, 0};
    for (int row = 0; row < 96; row++) {
      double x = rows.responses().at(row, 0);
      double y = rows.responses().at(row, 1);
      double along = share * (weight.at(0, 0) * x + weight.at(0, 1) * y + bias.array()[0]);
      double across = share * (weight.at(1, 0) * x + weight.at(1, 1) * y + bias.array()[1]);
      out[0] += Math.hypot(along, across) / 96;
      out[1] += (x + along) * rows.targets().at(row, 0) / Math.hypot(x + along, y + across) / 96;
    }
    return out;
  }

  /**
   * The loss becomes smaller by a direction that no target has, which only makes every answer less
   * certain: nothing that a decoder is scored by.
   */
  @Test
  void whatOnlySoundsLessCertainIsNotAdded() {
    Layer network =
        new Parallel(
            List.of(
                new Sequence.Step("start", new Identity()),
                new Sequence.Step(
                    "network",
                    Sequence.builder()
                        .add("of", Linear.of(2, 2))
                        .add("share", new LearnedScale(1, 0))
                        .build())),
            new Parallel.Join.Sum());
    ObjectNode sharp = JsonNodeFactory.instance.objectNode().put("temperature", 0.2);
    TrainingSpec spec = spec(20, 0.02).withLoss(new LossSpec("info-nce", sharp));
    Set<String> share = Set.of("network.share.weight");
    Trainer trainer =
        new Trainer(spec, network).startingFrom(Map.of("network.share.weight", Tensor.zeros(1)));
    TrainingRun silent = TrainingRun.silent();
    double[] byLoss =
        lengthAndCosine(trainer.countingTheStart().train(oftenRight(), Seed.of(4), silent));
    double[] guarded =
        lengthAndCosine(trainer.sharing(share).train(oftenRight(), Seed.of(4), silent));
    assertTrue(byLoss[0] > 0.3 && byLoss[1] < 0.45, Arrays.toString(byLoss));
    double start = 0.5 / Math.hypot(1, 0.1);
    assertTrue(guarded[1] > start - 1e-3, Arrays.toString(guarded) + " of " + start);
  }

  @Test
  void itIsSavedAndReadAsOneGraph() {
    TrainingRows train = planted("train", 200, 0.7);
    Tensor test = planted("test", 40, 0.7).responses();
    BrainEncoder trained = onRidge(train, spec(8, 4e-3), TrainingRun.silent());
    Path file = folder.resolve("decoder.safetensors");
    trained.save(file, Map.of());
    BrainEncoder read = Architectures.registry().get("residual-mlp").load(file);
    assertArrayEquals(trained.encode(test).array(), read.encode(test).array());
    assertEquals(trained.facts(), read.facts());
    try (var graph =
        io.noesis.encoders.onnx.OnnxModel.open(
            folder.resolve("decoder.onnx"), io.noesis.encoders.onnx.OnnxOptions.SINGLE_THREADED)) {
      Tensor decoded =
          graph
              .run(Map.of("response", io.noesis.encoders.onnx.OnnxInput.of(test)))
              .get("embedding");
      close(trained.encode(test), decoded, 1e-5);
    }
  }

  @Test
  void everySubjectHasARidgeOfItsOwn() {
    TrainingRows one = planted("one", 150, 0);
    TrainingRows two = planted("two", 150, 0);
    Tensor narrow = Tensor.zeros(150, VOXELS - 3);
    for (int r = 0; r < 150; r++) {
      System.arraycopy(
          two.responses().array(), r * VOXELS, narrow.array(), r * (VOXELS - 3), VOXELS - 3);
    }
    two = new TrainingRows(narrow, two.targets(), two.groups());
    Map<String, TrainingRows> both = new LinkedHashMap<>();
    both.put("01", one);
    both.put("02", two);
    TrainingRows joined = TrainingRows.join(both);
    BrainEncoder start = onRidge(joined, spec(1, 1e-30), TrainingRun.silent());
    close(ridge(one).encode(one.responses()), start.encode(one.responses(), "01"), 1e-5);
    close(ridge(two).encode(narrow), start.encode(narrow, "02"), 1e-5);
  }

  @Test
  void aStoppedTrainingGoesOnToTheSameBits() {
    TrainingRows train = planted("train", 120, 0.7);
    Tensor test = planted("test", 20, 0.7).responses();
    TrainingSpec spec = spec(6, 4e-3);
    Tensor calm = onRidge(train, spec, TrainingRun.silent()).encode(test);
    AtomicInteger asked = new AtomicInteger();
    TrainingRun stopping =
        TrainingRun.silent()
            .in(folder, TrainingRun.Start.RESUME)
            .savedEvery(Duration.ZERO)
            .stoppedBy(() -> asked.incrementAndGet() > 7);
    assertThrows(CancelledException.class, () -> onRidge(train, spec, stopping));
    TrainingRun resumed = TrainingRun.silent().in(folder, TrainingRun.Start.RESUME);
    assertArrayEquals(calm.array(), onRidge(train, spec, resumed).encode(test).array());
  }

  @Test
  void whatRidgeHasNotSeenIsRefused() {
    TrainingRows train = planted("train", 60, 0);
    TrainingSpec mixing =
        spec(2, 1e-3).withLoss(new LossSpec("bimixco", JsonNodeFactory.instance.objectNode()));
    RecipeException mixed =
        assertThrows(RecipeException.class, () -> onRidge(train, mixing, TrainingRun.silent()));
    assertTrue(mixed.getMessage().contains("encoder.start: ridge"), mixed::getMessage);
    TrainingRows together =
        new TrainingRows(
            train.responses(),
            train.targets(),
            Collections.nCopies(60, "run-1"),
            Recorded.ofOne(60, VOXELS));
    RecipeException one =
        assertThrows(
            RecipeException.class, () -> onRidge(together, spec(2, 1e-3), TrainingRun.silent()));
    assertTrue(one.getMessage().contains("at least 2"), one::getMessage);
    assertEquals(List.of("run-1"), together.groups().stream().distinct().toList());
  }
}
