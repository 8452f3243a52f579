package io.noesis.alignment.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.NetworkTrainer;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.architecture.AdapterStart;
import io.noesis.encoders.architecture.Architectures;
import io.noesis.encoders.architecture.SharedNetwork;
import io.noesis.run.ModelException;
import io.noesis.run.PinnedRandom;
import io.noesis.run.RecordBinder;
import io.noesis.run.Seed;
import io.noesis.run.YamlTree;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** New subjects of a network, from few of their trials. */
class AdapterStartTest {
  private static final int DIM = 4;
  private static final int ROWS = 300;

  @TempDir Path folder;

  /** A person's own way to show four numbers, in noise. */
  private static TrainingRows person(String name, int voxels, int rows, String trials) {
    PinnedRandom own = Seed.of(8).child(name).random();
    double[] mixing =
        IntStream.range(0, voxels * DIM).mapToDouble(i -> own.nextGaussian()).toArray();
    PinnedRandom random = Seed.of(8).child(name).child(trials).random();
    Tensor y = Tensor.zeros(rows, DIM).map(zero -> random.nextGaussian());
    Tensor x = Tensor.zeros(rows, voxels);
    for (int i = 0; i < x.size(); i++) {
      double sum = 2.5 * random.nextGaussian();
      for (int d = 0; d < DIM; d++) {
        sum += mixing[i % voxels * DIM + d] * y.at(i / voxels, d);
      }
      x.array()[i] = (float) (sum / 3);
    }
    return new TrainingRows(x, y, IntStream.range(0, rows).mapToObj(i -> "s" + i).toList());
  }

  private static TrainingSpec spec(int epochs) {
    return RecordBinder.bind(
        YamlTree.parse(
            "loss: {name: mse}\nepochs: "
                + epochs
                + "\nbatchSize: 30\noptimizer: {learningRate: 0.003}\n"
                + "validation: {part: 0, patience: 0}\n",
            "training"),
        TrainingSpec.class,
        "training");
  }

  private static BrainEncoder fit(String architecture, TrainingRows rows, NetworkTrainer trainer) {
    ObjectNode settings =
        YamlTree.parse(
            "{width: 48, blocks: 1, firstDropout: 0.1, blockDropout: 0.1, adapter: subject}", "s");
    return Architectures.registry()
        .get(architecture)
        .fit(rows, settings, new Fitting(Seed.of(1), trainer));
  }

  private static double correlation(BrainEncoder encoder, TrainingRows test) {
    Tensor found = encoder.encode(test.responses());
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

  private SharedNetwork joint() {
    Map<String, TrainingRows> people = new LinkedHashMap<>();
    people.put("01", person("01", 30, ROWS, "train"));
    people.put("02", person("02", 26, ROWS, "train"));
    TrainingRows all = TrainingRows.join(people);
    BrainEncoder encoder = fit("residual-mlp", all, Trainer.of(spec(20), TrainingRun.silent()));
    Path file = folder.resolve("joint.safetensors");
    encoder.save(file, Map.of());
    AdapterStart.write(encoder, all, folder.resolve("template.safetensors"));
    return SharedNetwork.read(file, "residual-mlp");
  }

  private BrainEncoder adapted(SharedNetwork shared, TrainingRows rows, int epochs) {
    TrainingRows own = shared.rowsOf("03", rows);
    Map<String, Tensor> given = new LinkedHashMap<>(shared.shared());
    given.putAll(
        AdapterStart.read(folder.resolve("template.safetensors"), shared).of(own).weights());
    return fit(
        "residual-mlp",
        own,
        Trainer.refining(
            spec(epochs).withFreeze(FreezeSpec.shared()), given, TrainingRun.silent()));
  }

  @Test
  void aTenthOfTheTrialsRecoversFourFifthsOfTheScore() {
    SharedNetwork shared = joint();
    TrainingRows test = person("03", 28, 300, "test");
    double tenth = correlation(adapted(shared, person("03", 28, ROWS / 10, "train"), 20), test);
    double all = correlation(adapted(shared, person("03", 28, ROWS, "train"), 20), test);
    assertTrue(all > 0.7, "with all trials " + all);
    assertTrue(tenth > 0.8 * all, () -> tenth + " with a tenth, " + all + " with all");
  }

  @Test
  void theMapInClosedFormDecodesBeforeAnythingIsLearned() {
    SharedNetwork shared = joint();
    TrainingRows rows = person("03", 28, ROWS, "train");
    Map<String, Tensor> first =
        AdapterStart.read(folder.resolve("template.safetensors"), shared)
            .of(shared.rowsOf("03", rows))
            .weights();
    assertEquals(2, first.size(), () -> first.keySet().toString());
    assertTrue(first.values().stream().allMatch(t -> t.dim(0) == 1), "of one subject");
    Map<String, Tensor> given = new LinkedHashMap<>(shared.shared());
    given.putAll(first);
    TrainingSpec still =
        RecordBinder.bind(
            YamlTree.parse(
                "loss: {name: mse}\nepochs: 1\noptimizer: {learningRate: 1.0e-30}\n"
                    + "validation: {part: 0, patience: 0}\n",
                "training"),
            TrainingSpec.class,
            "training");
    BrainEncoder start =
        fit(
            "residual-mlp",
            shared.rowsOf("03", rows),
            Trainer.of(still.withFreeze(FreezeSpec.shared()), given, TrainingRun.silent()));
    double found = correlation(start, person("03", 28, 300, "test"));
    assertTrue(found > 0.6, "the start decodes with r " + found);
  }

  @Test
  void otherNetworksHaveNone() {
    TrainingRows rows = person("01", 30, 40, "train");
    Path file = folder.resolve("none.safetensors");
    BrainEncoder ridge =
        Architectures.registry()
            .get("ridge")
            .fit(
                rows,
                YamlTree.emptyMapping(),
                new Fitting(Seed.of(1), Trainer.of(spec(1), TrainingRun.silent())));
    AdapterStart.write(ridge, rows, file);
    assertFalse(Files.exists(file), "ridge has no map that others share");
    SharedNetwork shared = joint();
    ridge.save(file, Map.of());
    ModelException e = assertThrows(ModelException.class, () -> AdapterStart.read(file, shared));
    assertTrue(e.getMessage().contains("noesis-adapter-start"), e::getMessage);
    assertEquals(List.of("01", "02"), shared.sizes().subjects());
  }
}
