package io.noesis.encoders.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.Recorded;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.run.ModelException;
import io.noesis.run.NoesisException;
import io.noesis.run.PinnedRandom;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.run.YamlTree;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A brain of which one region sees and three do not. */
class BandedRidgeArchitectureTest {
  private static final int VOXELS = 80;
  private static final int DIM = 4;

  @TempDir Path folder;

  /** Voxels lie along a line; the first twenty see. */
  private static TrainingRows rows(int count, String name) {
    PinnedRandom mixing = Seed.of(3).random();
    double[] weights =
        IntStream.range(0, 20 * DIM).mapToDouble(i -> mixing.nextGaussian()).toArray();
    PinnedRandom random = Seed.of(4).child(name).random();
    Tensor y = Tensor.zeros(count, DIM).map(zero -> random.nextGaussian());
    Tensor x = Tensor.zeros(count, VOXELS);
    for (int i = 0; i < x.size(); i++) {
      int voxel = i % VOXELS;
      double value = 2 * random.nextGaussian();
      for (int d = 0; d < DIM && voxel < 20; d++) {
        value += weights[voxel * DIM + d] * y.at(i / VOXELS, d);
      }
      x.array()[i] = (float) value;
    }
    List<List<Double>> places =
        IntStream.range(0, VOXELS).mapToObj(v -> List.of(3.0 * v, 0.0, 0.0)).toList();
    return new TrainingRows(
        x,
        y,
        IntStream.range(0, count).mapToObj(i -> "s" + i).toList(),
        Recorded.ofOne(count, VOXELS).at(places));
  }

  private static BrainEncoder fit(String architecture, TrainingRows rows, String settings) {
    return Architectures.registry()
        .get(architecture)
        .fit(
            rows,
            YamlTree.parse(settings, "settings"),
            new Fitting(
                Seed.of(1),
                (network, table, seed) -> {
                  throw new AssertionError("no network");
                }));
  }

  private static double error(BrainEncoder encoder, TrainingRows test) {
    Tensor found = encoder.encode(test.responses());
    double sum = 0;
    for (int i = 0; i < found.size(); i++) {
      double d = found.array()[i] - test.targets().array()[i];
      sum += d * d / found.size();
    }
    return sum;
  }

  @Test
  void itLooksWhereSomethingIsSeenAndDecodesBetterThanRidge() {
    TrainingRows train = rows(60, "train");
    TrainingRows test = rows(400, "test");
    double ridge = error(fit("ridge", train, "{}"), test);
    BrainEncoder parcels = fit("banded-ridge", train, "{parcels: 4, candidates: 30}");
    double banded = error(parcels, test);
    assertTrue(banded < 0.9 * ridge, () -> banded + " against " + ridge + " of ridge");
    assertEquals(
        banded,
        error(fit("banded-ridge", train, "{bands: [20, 20, 20, 20], candidates: 30}"), test));
    String[] penalties = parcels.facts().values().iterator().next().split(", ");
    assertEquals(4, penalties.length);
    double seeing = Double.parseDouble(penalties[0]);
    for (String other : Arrays.copyOfRange(penalties, 1, 4)) {
      assertTrue(other.equals("∞") || Double.parseDouble(other) > 2 * seeing, other);
    }
  }

  @Test
  void withoutCandidatesOrWithOneBandItIsRidge() {
    TrainingRows train = rows(60, "train");
    // All bands alike weigh 1/4 each, so that ridge's penalty is four times that of the kernel.
    BrainEncoder ridge = fit("ridge", train, "{penalties: [400]}");
    BrainEncoder banded =
        fit("banded-ridge", train, "{parcels: 4, candidates: 0, ridge: {penalties: [100]}}");
    Tensor responses = rows(30, "test").responses();
    assertArrayEquals(ridge.encode(responses).array(), banded.encode(responses).array(), 1e-5f);
    assertArrayEquals(
        fit("ridge", train, "{}").encode(responses).array(),
        fit("banded-ridge", train, "{parcels: 1, candidates: 3}").encode(responses).array(),
        1e-5f);
  }

  @Test
  void itIsKeptWrittenAsOnnxAndDecodesRowByRow() throws java.io.IOException {
    BrainEncoder encoder = fit("banded-ridge", rows(60, "train"), "{parcels: 4, candidates: 20}");
    Tensor responses = rows(30, "test").responses();
    Tensor decoded = encoder.encode(responses);
    assertEquals(decoded.rows(new int[] {7}), encoder.encode(responses.rows(new int[] {7})));
    Path file = folder.resolve("banded.safetensors");
    encoder.save(file, Map.of("subject", "01"));
    BrainEncoder read = Architectures.registry().get("banded-ridge").load(file);
    assertEquals(decoded, read.encode(responses));
    assertEquals(encoder.facts(), read.facts());
    Path graph = folder.resolve("banded.onnx");
    read.export(graph, Map.of());
    try (OnnxModel model = OnnxModel.open(graph, OnnxOptions.SINGLE_THREADED)) {
      Tensor found =
          Objects.requireNonNull(
              model.run(Map.of("response", OnnxInput.of(responses))).get("embedding"));
      assertArrayEquals(decoded.array(), found.array(), 1e-5f);
    }
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    assertThrows(
        NoesisException.class, () -> Architectures.registry().get("banded-ridge").load(file));
    fit("ridge", rows(20, "train"), "{}").save(file, Map.of());
    ModelException other =
        assertThrows(
            ModelException.class, () -> Architectures.registry().get("banded-ridge").load(file));
    assertTrue(other.getMessage().contains("noesis-ridge"), other::getMessage);
  }

  @Test
  void theSameSeedGivesTheSameBits() {
    TrainingRows train = rows(60, "train");
    String settings = "{parcels: 8, candidates: 5}";
    Tensor responses = rows(10, "test").responses();
    assertEquals(
        fit("banded-ridge", train, settings).encode(responses),
        fit("banded-ridge", train, settings).encode(responses));
  }

  @Test
  void bandsThatDoNotMakeUpTheVoxelsAreRefused() {
    TrainingRows train = rows(20, "train");
    RecipeException sizes =
        assertThrows(RecipeException.class, () -> fit("banded-ridge", train, "{bands: [20, 50]}"));
    assertTrue(sizes.getMessage().contains("[20, 50] have 70 columns"), sizes::getMessage);
    TrainingRows nowhere = new TrainingRows(train.responses(), train.targets(), train.groups());
    IllegalArgumentException places =
        assertThrows(
            IllegalArgumentException.class, () -> fit("banded-ridge", nowhere, "{parcels: 4}"));
    assertTrue(places.getMessage().contains("coordinates"), places::getMessage);
    assertThrows(RecipeException.class, () -> fit("banded-ridge", train, "{bands: [0, 80]}"));
    assertThrows(RecipeException.class, () -> fit("banded-ridge", train, "{parcels: 0}"));
  }
}
