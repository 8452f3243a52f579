package io.noesis.encoders.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.TrainedWeights;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.Value;
import io.noesis.run.CorruptDataException;
import io.noesis.run.PinnedRandom;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.tensor.SafetensorsWriter;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResidualMlpTest {
  private static final int VOXELS = 203;
  private static final int DIM = 17;
  private static final ResidualMlp.Spec SPEC = new ResidualMlp.Spec(45, 2, 0.5, 0.15);
  private static final Tensor RESPONSES = normal("x", 70, VOXELS);

  private static Tensor normal(String name, int... sizes) {
    PinnedRandom random = Seed.of(1).child(name).random();
    return Tensor.zeros(sizes).map(zero -> random.nextGaussian());
  }

  /** "Trained" to its first weights: what is tested here comes after the training. */
  private static Map<String, Tensor> weights(Layer network) {
    Parameters parameters = Parameters.of(network, Seed.of(4));
    Map<String, Tensor> weights = parameters.snapshot();
    parameters.free();
    return weights;
  }

  private static BrainEncoder fitted() throws Exception {
    TrainingRows rows =
        new TrainingRows(RESPONSES, normal("y", 70, DIM), Collections.nCopies(70, "run"));
    Fitting fitting =
        new Fitting(
            Seed.of(4),
            (network, table, seed) ->
                new TrainedWeights(weights(network), Map.of("epoch", "1 of 1")));
    return new ResidualMlp()
        .fit(rows, new ObjectMapper().readTree("{\"width\": 45, \"blocks\": 2}"), fitting);
  }

  @Test
  void decodesAsTheTrainedNetworkDoes() throws Exception {
    Layer network = SPEC.network(VOXELS, DIM);
    Tensor expected =
        Scope.get(
            () -> {
              Parameters parameters = Parameters.of(network, weights(network));
              return network.forward(Pass.evaluation(parameters), Value.of(RESPONSES)).toTensor();
            });
    Tensor found = fitted().encode(RESPONSES);
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.array()[i], found.array()[i], 1e-5);
    }
    assertEquals(Map.of("epoch", "1 of 1"), fitted().facts());
  }

  @Test
  void aRowAloneGivesTheBitsItGivesAmongOthers() throws Exception {
    BrainEncoder encoder = fitted();
    Tensor all = encoder.encode(RESPONSES);
    for (int count : new int[] {1, 2, 31, 32, 33}) {
      int[] rows = IntStream.range(70 - count, 70).toArray();
      assertEquals(all.rows(rows), encoder.encode(RESPONSES.rows(rows)), count + " rows");
    }
    assertEquals(0, encoder.encode(Tensor.zeros(0, VOXELS)).size());
  }

  @Test
  void comesBackFromItsFileAndItsGraph(@TempDir Path folder) throws Exception {
    BrainEncoder encoder = fitted();
    Tensor expected = encoder.encode(RESPONSES);
    Path file = folder.resolve("sub-01_decoder.safetensors");
    encoder.save(file, Map.of("subject", "01"));
    BrainEncoder loaded = new ResidualMlp().load(file);
    assertEquals(expected, loaded.encode(RESPONSES));
    try (OnnxModel graph =
        OnnxModel.open(folder.resolve("sub-01_decoder.onnx"), OnnxOptions.SINGLE_THREADED)) {
      Tensor found = graph.run(Map.of("response", OnnxInput.of(RESPONSES))).get("embedding");
      for (int i = 0; i < expected.size(); i++) {
        assertEquals(expected.array()[i], found.array()[i], 1e-5);
      }
    }
    loaded.save(folder.resolve("again.safetensors"), Map.of("subject", "01"));
    assertEquals(
        -1,
        java.nio.file.Files.mismatch(file, folder.resolve("again.safetensors")),
        "a network that was read is written as it was");
  }

  @Test
  void theSizeIsThePublishedOne() {
    // Subject 1 of NSD: 15,724 voxels, 257 tokens of 768. About 940 M, 808 M of them in the last
    // map.
    Layer network = ResidualMlp.Spec.defaults().network(15_724, 257 * 768);
    assertEquals(940_225_280L, Parameters.count(network));
    assertTrue(network.describe().contains("linear 4096 → 197376"), network.describe());
  }

  @Test
  void whatDoesNotFitIsRefused(@TempDir Path folder) throws Exception {
    BrainEncoder encoder = fitted();
    IllegalArgumentException voxels =
        assertThrows(
            IllegalArgumentException.class, () -> encoder.encode(Tensor.zeros(3, VOXELS - 1)));
    assertTrue(voxels.getMessage().contains("[trials, 203]"), voxels.getMessage());
    Path file = folder.resolve("other.safetensors");
    new SafetensorsWriter().metadata("format", "noesis-ridge-1").write(file);
    assertThrows(CorruptDataException.class, () -> new ResidualMlp().load(file));
    NetworkShape shape =
        new NetworkShape("residual-mlp", io.noesis.run.RecordBinder.tree(SPEC), VOXELS, DIM);
    Map<String, Tensor> weights = new java.util.LinkedHashMap<>(weights(SPEC.network(VOXELS, DIM)));
    weights.remove("out.bias");
    NetworkFile.write(file, shape, weights, Map.of());
    CorruptDataException missing =
        assertThrows(CorruptDataException.class, () -> new ResidualMlp().load(file));
    assertTrue(missing.getMessage().contains("'out.bias' [17]"), missing.getMessage());
    TrainingRows rows = new TrainingRows(RESPONSES, RESPONSES, Collections.nCopies(70, "run"));
    assertThrows(
        RecipeException.class,
        () ->
            new ResidualMlp()
                .fit(
                    rows,
                    new ObjectMapper().readTree("{\"wdith\": 3}"),
                    new Fitting(Seed.of(1), (n, r, s) -> new TrainedWeights(Map.of(), Map.of()))));
  }
}
