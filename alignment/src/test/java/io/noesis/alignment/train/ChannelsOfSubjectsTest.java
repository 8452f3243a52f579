package io.noesis.alignment.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.NetworkTrainer;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.architecture.Architectures;
import io.noesis.encoders.architecture.SharedNetwork;
import io.noesis.run.PinnedRandom;
import io.noesis.run.RecordBinder;
import io.noesis.run.Seed;
import io.noesis.run.YamlTree;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Du-IN of two people with 5 and 4 channels, trained together, and a third with 6 added. */
class ChannelsOfSubjectsTest {
  private static final int DIM = 3;
  private static final int SAMPLES = 24;
  private static final int ROWS = 240;

  /** A person's own channels show three numbers, each at a time of its own, in noise. */
  private static TrainingRows person(String name, int channels, int rows, String trials) {
    PinnedRandom own = Seed.of(8).child(name).random();
    Tensor mixing = Tensor.zeros(channels, DIM).map(zero -> own.nextGaussian());
    PinnedRandom random = Seed.of(8).child(name).child(trials).random();
    Tensor y = Tensor.zeros(rows, DIM).map(zero -> random.nextGaussian());
    Tensor x = Tensor.zeros(rows, channels, SAMPLES);
    for (int i = 0; i < x.size(); i++) {
      int sample = i % SAMPLES;
      int shown = sample * DIM / SAMPLES;
      int channel = i / SAMPLES % channels;
      x.array()[i] =
          (float)
              (mixing.at(channel, shown) * y.at(i / (SAMPLES * channels), shown)
                  + random.nextGaussian());
    }
    return new TrainingRows(x, y, IntStream.range(0, rows).mapToObj(i -> "s" + i).toList());
  }

  private static TrainingSpec spec(int epochs) {
    return RecordBinder.bind(
        YamlTree.parse(
            "loss: {name: mse}\nepochs: "
                + epochs
                + "\nbatchSize: 40\noptimizer: {learningRate: 0.005}\n"
                + "validation: {part: 0, patience: 0}\n",
            "training"),
        TrainingSpec.class,
        "training");
  }

  private static BrainEncoder fit(String own, TrainingRows rows, NetworkTrainer trainer) {
    ObjectNode settings =
        YamlTree.parse(
            "{sources: 4, patch: 6, stem: {filters: 8, kept: 4, padding: 1, stride: 2},"
                + " transformer: {width: 12, depth: 1, heads: 2, hidden: 24, dropout: 0,"
                + " headHidden: 24}, headWidth: 6, codes: {up: []}, subjects: "
                + own
                + "}",
            "settings");
    return Architectures.registry()
        .get("du-in")
        .fit(rows, settings, new Fitting(Seed.of(1), trainer));
  }

  private static double correlation(BrainEncoder encoder, String who, TrainingRows test) {
    Tensor found = encoder.encode(test.responses(), who);
    double[] sums = new double[3];
    for (int i = 0; i < found.size(); i++) {
      double a = found.array()[i];
      double b = test.targets().array()[i];
      sums[0] += a * a;
      sums[1] += b * b;
      sums[2] += a * b;
    }
    return sums[2] / Math.sqrt(sums[0] * sums[1]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"map", "convolutions"})
  void aThirdIsAddedToTwoOfUnequalChannels(String own, @TempDir Path folder) {
    Map<String, TrainingRows> people = new LinkedHashMap<>();
    people.put("01", person("01", 5, ROWS, "train"));
    people.put("02", person("02", 4, ROWS, "train"));
    BrainEncoder joint =
        fit(own, TrainingRows.join(people), Trainer.of(spec(12), TrainingRun.silent()));
    Map<String, TrainingRows> tests =
        Map.of("01", person("01", 5, 100, "test"), "02", person("02", 4, 100, "test"));
    tests.forEach(
        (who, test) -> {
          double r = correlation(joint, who, test);
          System.out.printf("%s, %s: r %.3f%n", own, who, r);
          assertTrue(r > 0.7, who + " decodes with r " + r);
        });
    Path file = folder.resolve("joint.safetensors");
    joint.save(file, Map.of());
    SharedNetwork shared = SharedNetwork.read(file, "du-in");
    TrainingRows third = shared.rowsOf("03", person("03", 6, 120, "train"));
    BrainEncoder alone =
        fit(
            own,
            third,
            Trainer.of(
                spec(40).withFreeze(FreezeSpec.shared()), shared.shared(), TrainingRun.silent()));
    BrainEncoder all = shared.with(alone);
    TrainingRows test = person("03", 6, 100, "test");
    double r = correlation(all, "03", test);
    System.out.printf("%s, 03: r %.3f%n", own, r);
    assertTrue(r > 0.6, "the third decodes with r " + r);
    assertEquals(alone.encode(test.responses()), all.encode(test.responses(), "03"));
    tests.forEach(
        (who, rows) ->
            assertEquals(
                joint.encode(rows.responses(), who), all.encode(rows.responses(), who), who));
    Path grown = folder.resolve("grown.safetensors");
    all.save(grown, Map.of());
    assertEquals(List.of("01", "02", "03"), SharedNetwork.read(grown, "du-in").sizes().subjects());
  }
}
