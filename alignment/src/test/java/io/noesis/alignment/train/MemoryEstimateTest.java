package io.noesis.alignment.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.TrainedWeights;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.architecture.Architectures;
import io.noesis.encoders.layer.Layer;
import io.noesis.run.MemoryException;
import io.noesis.run.RecordBinder;
import io.noesis.run.Seed;
import io.noesis.run.YamlTree;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a training is estimated to take, beside what it took. */
class MemoryEstimateTest {
  private static TrainingSpec spec(int batch) {
    return RecordBinder.bind(
        YamlTree.parse(
            "loss: {name: mse}\nepochs: 1\nbatchSize: "
                + batch
                + "\nvalidation: {part: 0, patience: 0}\n",
            "training"),
        TrainingSpec.class,
        "training");
  }

  private static TrainingRows rows(int count, int... axes) {
    int[] shape = IntStream.concat(IntStream.of(count), IntStream.of(axes)).toArray();
    Tensor x = Tensor.zeros(shape);
    for (int i = 0; i < x.size(); i++) {
      x.array()[i] = (float) Math.sin(i);
    }
    List<String> groups = IntStream.range(0, count).mapToObj(i -> "g" + i).toList();
    List<List<Double>> places =
        IntStream.range(0, axes[0])
            .mapToObj(v -> List.of(v % 20 + 0.0, v / 20 + 0.0, 0.0))
            .toList();
    return new TrainingRows(x, Tensor.zeros(count, 32), groups).at(places);
  }

  /** Gives the network and its rows, as architectures hand them over, to what is measured. */
  private interface Seen {
    TrainedWeights train(Layer network, TrainingRows rows);
  }

  private static BrainEncoder fit(String name, String settings, TrainingRows rows, Seen seen) {
    ObjectNode tree = YamlTree.parse(settings, name);
    return Architectures.registry()
        .get(name)
        .fit(
            rows,
            tree,
            new Fitting(Seed.of(1), (network, some, seed) -> seen.train(network, some)));
  }

  private static long kilobytes(String field) {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith(field + ":"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static MemoryEstimate estimate(Layer network, TrainingRows rows, TrainingSpec spec) {
    Objective objective =
        new Objective(network, spec.loss().make(), java.util.Map.of(), spec.arithmetic());
    TrainingState state = new TrainingState(spec, objective, java.util.Map.of(), Seed.of(1));
    try {
      int[] all = IntStream.range(0, rows.groups().size()).toArray();
      return MemoryEstimate.of(objective, state.parameters(), rows, RowTable.of(rows, all), spec);
    } finally {
      state.free();
    }
  }

  @ParameterizedTest
  @EnabledOnOs(OS.LINUX)
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          residual-mlp       | {width: 1024, blocks: 3}                                          | 2000 |     | 1024
          eegnet             | {filterLength: 32, separableLength: 16, firstPool: 4, secondPool: 8} | 32   | 200 | 200
          parcel-transformer | {parcels: 50, encoder: {width: 128, depth: 4, heads: 4, hidden: 256, dropout: 0.1, headHidden: 64}} | 400 | | 96
          """)
  void itIsNearWhatIsMeasured(String name, String settings, int units, Integer samples, int batch) {
    String out =
        ofItsOwn(name, settings, "" + units, "" + (samples == null ? 0 : samples), "" + batch);
    System.out.println(name + ": bytes estimated and measured " + out.strip());
    String[] both = out.strip().split(" ");
    double ratio = Double.parseDouble(both[0]) / Double.parseDouble(both[1]);
    assertTrue(ratio > 1 / 1.5 && ratio < 1.5, () -> name + ": " + ratio);
  }

  /**
   * A process in which nothing else was ever allocated: what an earlier training freed stays with
   * the process, and would be taken again unseen.
   */
  private static String ofItsOwn(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xms500m",
                "-Xmx500m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Measured.class.getName()));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, process.waitFor(), out);
      return out;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Trains an epoch and prints what was estimated and what the process then took in addition. */
  static final class Measured {
    private Measured() {}

    public static void main(String[] arguments) {
      int units = Integer.parseInt(arguments[2]);
      int samples = Integer.parseInt(arguments[3]);
      int batch = Integer.parseInt(arguments[4]);
      TrainingRows rows = samples == 0 ? rows(batch, units) : rows(batch, units, samples);
      TrainingSpec spec = spec(batch);
      // Libraries are in memory from their first use on.
      fit(
          "residual-mlp",
          "{width: 8, blocks: 1}",
          rows(4, 6),
          (network, some) ->
              Trainer.of(spec(4), TrainingRun.silent()).train(network, some, Seed.of(1)));
      fit(
          arguments[0],
          arguments[1],
          rows,
          (network, some) -> {
            long before = kilobytes("VmRSS");
            TrainedWeights trained =
                Trainer.of(spec, TrainingRun.silent()).train(network, some, Seed.of(1));
            long taken = (kilobytes("VmHWM") - before) << 10;
            MemoryEstimate estimate = estimate(network, some, spec);
            // The rows were there before.
            long expected = estimate.bytes(batch) - estimate.data();
            System.out.println(expected + " " + taken);
            return trained;
          });
    }
  }

  @Test
  void whatDoesNotFitIsRefusedWithASmallerBatch() {
    TrainingRows rows = rows(200, 8, 200);
    String settings = "{filterLength: 9, separableLength: 5, firstPool: 2, secondPool: 4}";
    TrainingSpec spec = spec(128);
    MemoryException refused =
        assertThrows(
            MemoryException.class,
            () ->
                fit(
                    "eegnet",
                    settings,
                    rows,
                    (network, some) ->
                        Trainer.of(spec, TrainingRun.silent().within(20 << 20))
                            .train(network, some, Seed.of(1))));
    assertEquals(2, refused.exitCode().code());
    String message = refused.getMessage();
    assertTrue(message.contains("training.batchSize: "), message);
    assertTrue(message.contains("training.accumulate: "), message);
    assertTrue(message.contains("training.batches.chunk: "), message);
    int smaller = Integer.parseInt(message.replaceAll("(?s).*batchSize: (\\d+).*", "$1"));
    assertTrue(smaller < 128, message);
    fit(
        "eegnet",
        settings,
        rows,
        (network, some) ->
            Trainer.of(
                    spec.withBatchesOf(smaller).withEpochs(1),
                    TrainingRun.silent().within(20 << 20))
                .train(network, some, Seed.of(1)));
  }

  @Test
  void weightsThatDoNotFitAreRefusedBeforeTheyAreMade() {
    TrainingRows rows = rows(20, 100);
    MemoryException refused =
        assertThrows(
            MemoryException.class,
            () ->
                fit(
                    "residual-mlp",
                    "{width: 100000, blocks: 4}",
                    rows,
                    (network, some) ->
                        Trainer.of(spec(4), TrainingRun.silent().within(1L << 30))
                            .train(network, some, Seed.of(1))));
    assertTrue(refused.getMessage().contains("smaller width"), refused::getMessage);
  }

  /** Batch norms keep statistics: what is measured must not move them. */
  @Test
  void measuringMovesNothingOfTheTraining() {
    TrainingRows rows = rows(40, 8, 60);
    fit(
        "eegnet",
        "{filterLength: 9, separableLength: 5, firstPool: 2, secondPool: 4}",
        rows,
        (network, some) -> {
          TrainingSpec spec = spec(16);
          Objective objective =
              new Objective(network, spec.loss().make(), java.util.Map.of(), spec.arithmetic());
          TrainingState state = new TrainingState(spec, objective, java.util.Map.of(), Seed.of(1));
          var before = state.parameters().snapshot();
          int[] all = IntStream.range(0, 40).toArray();
          MemoryEstimate.of(objective, state.parameters(), some, RowTable.of(some, all), spec);
          state
              .parameters()
              .snapshot()
              .forEach((key, value) -> assertArrayEquals(before.get(key).array(), value.array()));
          state.free();
          return Trainer.of(spec.withEpochs(1), TrainingRun.silent())
              .train(network, some, Seed.of(1));
        });
  }
}
