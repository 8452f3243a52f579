package io.noesis.encoders.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.layer.Patches;
import io.noesis.encoders.layer.SubjectLinear;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Seed;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks of voxels against PyTorch, against published sizes, and where voxels go. */
class VoxelNetworksTest {
  static Stream<Arguments> published() {
    return Stream.of(
        Arguments.of(
            "mindeye",
            new ResidualMlp(11, 2, 0.5, 0.15, ResidualMlp.Norm.LAST, ResidualMlp.Adapter.SHARED, 6),
            new NetworkSizes(List.of(15), List.of("1"), List.of(15), List.of(), List.of(3, 4))),
        Arguments.of(
            "mindeye2",
            new ResidualMlp(10, 0, 0, 0.15, ResidualMlp.Norm.FIRST, ResidualMlp.Adapter.SUBJECT, 0),
            NetworkSizes.of(15, 12).withSubjects(List.of("1", "2"))),
        Arguments.of(
            "mindbridge",
            new MindBridge(9, 3, 8, 1, 0.5, 0.15, 0, 0, List.of()),
            new NetworkSizes(
                List.of(15), List.of("1", "2", "5"), List.of(15, 12, 14), List.of(), List.of(5))));
  }

  @ParameterizedTest
  @MethodSource("published")
  void computesWhatPyTorchDoes(String name, NetworkSpec spec, NetworkSizes sizes) throws Exception {
    var resource =
        VoxelNetworksTest.class.getResource(
            "/io/noesis/encoders/architecture/" + name + ".safetensors");
    try (Safetensors python = Safetensors.open(Path.of(resource.toURI()))) {
      Map<String, Tensor> weights = new LinkedHashMap<>();
      for (String key : python.names()) {
        if (key.startsWith("weight/")) {
          weights.put(key.substring("weight/".length()), python.read(key));
        }
      }
      Layer network = spec.network(sizes);
      float[] numbers = python.read("subject").array();
      long[] subject =
          IntStream.range(0, numbers.length).mapToLong(i -> (long) numbers[i]).toArray();
      Tensor found =
          Scope.get(
              () -> {
                Parameters parameters = Parameters.of(network, weights);
                Pass pass =
                    Pass.evaluation(parameters)
                        .with(SubjectLinear.SUBJECT, Value.of(subject, subject.length));
                Value out = network.forward(pass, Value.of(python.read("response")));
                parameters.free();
                return out.toTensor();
              });
      assertEquals(python.read("embedding").shape(), found.shape());
      assertArrayEquals(python.read("embedding").array(), found.array(), 1e-4f);
    }
  }

  @Test
  void sizesAreThePublishedOnes() {
    NetworkSizes tokens =
        new NetworkSizes(
            List.of(15_724), List.of("1"), List.of(15_724), List.of(), List.of(257, 768));
    MindBridge bridge = MindBridge.defaults();
    long embedder = Parameters.count(bridge.network(tokens)) - builder() - shared();
    // About 19 M for each subject.
    assertEquals(18_888_832L, embedder);
    // One map to bigG's 256 tokens of 1664 alone is 4096 · 425,984 and as many biases.
    NetworkSizes two =
        new NetworkSizes(
            List.of(15_724),
            List.of("1", "2"),
            List.of(15_724, 14_278),
            List.of(),
            List.of(256, 1664));
    long ridges = 2L * (15_724 * 4096 + 4096);
    long blocks = 4L * (2 * 4096 + 2 * (4096 * 4096 + 4096));
    assertEquals(
        ridges + blocks + 4097L * 256 * 1664,
        Parameters.count(ResidualMlp.mindEye2().network(two)));
  }

  private static long builder() {
    return 2048L * 8192 + 8192 + 2 * 8192 + 2L * 8192 * 128 + 128 + 8192;
  }

  private static long shared() {
    return 4L * (2048 * 2048 + 3 * 2048) + 2049L * 257 * 768;
  }

  @Test
  void trainingAddsReconstructionAndCycle() {
    NetworkSizes sizes = NetworkSizes.of(12, 5).withSubjects(List.of("1", "2", "3"));
    Layer network = new MindBridge(9, 3, 8, 1, 0, 0, 2, 1, List.of()).network(sizes);
    Scope.run(
        () -> {
          Parameters parameters = Parameters.of(network, Seed.of(1));
          Value x = Value.of(Tensor.zeros(4, 12).map(zero -> 1.5));
          Value subject = Value.of(new long[] {0, 1, 2, 0}, 4);
          Pass training =
              Pass.training(parameters, TorchRandom.ofNumber(3))
                  .with(SubjectLinear.SUBJECT, subject);
          network.forward(training, x);
          assertEquals(Set.of("reconstruction", "cycle"), training.terms().keySet());
          training.terms().values().forEach(term -> assertTrue(term.item() > 0));
          Pass evaluation = Pass.evaluation(parameters).with(SubjectLinear.SUBJECT, subject);
          network.forward(evaluation, x);
          assertTrue(evaluation.terms().isEmpty());
          parameters.free();
        });
  }

  @Test
  void voxelsGoWhereTheyLie() {
    List<List<Double>> places =
        List.of(
            List.of(0.0, 0.0),
            List.of(3.0, 0.0),
            List.of(6.0, 0.0),
            List.of(0.0, 3.0),
            List.of(9.0, 3.0));
    PatchTable table = PatchTable.of(NetworkSizes.of(5, 2).withPositions(places), "test");
    Patches squares = table.boxes(6, 6).get(0);
    assertEquals(
        List.of(List.of(0, 3, 1, Patches.NONE), List.of(2, Patches.NONE, Patches.NONE, 4)),
        squares.members());
    assertEquals(List.of(List.of(0, 3), List.of(1, 2, 4)), table.parcels(2).get(0).members());
    assertThrows(
        IllegalArgumentException.class,
        () -> PatchTable.of(NetworkSizes.of(5, 2), "test"),
        "places are not known");
    IllegalArgumentException same =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                PatchTable.of(
                        NetworkSizes.of(2, 2)
                            .withPositions(List.of(List.of(1.0, 1.0), List.of(1.0, 1.0))),
                        "test")
                    .boxes(6, 6));
    assertTrue(same.getMessage().contains("same place"), same.getMessage());
  }

  @Test
  void subjectsWithOtherVoxelsShareBoxesOfOneSpace() {
    List<List<Double>> first = List.of(List.of(0.0, 0.0), List.of(3.0, 0.0), List.of(6.0, 0.0));
    // One voxel to the right of the first subject's corner, and a third of one.
    List<List<Double>> second =
        List.of(List.of(13.0, 0.0), List.of(7.0, 0.0), List.of(4.0, 0.0), List.of(7.0, 3.0));
    NetworkSizes sizes =
        new NetworkSizes(
            List.of(4),
            List.of("01", "02"),
            List.of(3, 4),
            NetworkSizes.positionsOfAll(List.of(first, second)),
            List.of(2));
    assertEquals(first, sizes.positionsOf(0));
    assertEquals(second, sizes.positionsOf(1));
    int none = Patches.NONE;
    List<Patches> squares = PatchTable.of(sizes, "test").boxes(6, 6);
    assertEquals(
        List.of(
            List.of(0, none, 1, none),
            List.of(2, none, none, none),
            List.of(none, none, none, none)),
        squares.get(0).members());
    assertEquals(
        List.of(
            List.of(none, none, 2, none), List.of(1, 3, none, none), List.of(0, none, none, none)),
        squares.get(1).members());
    List<Patches> parcels = PatchTable.of(sizes, "test").parcels(2);
    assertEquals(List.of(List.of(0), List.of(1, 2)), parcels.get(0).members());
    assertEquals(List.of(List.of(2, 1), List.of(3, 0)), parcels.get(1).members());
    NetworkSizes unknown =
        new NetworkSizes(List.of(4), List.of("01", "02"), List.of(3, 4), first, List.of(2));
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> PatchTable.of(unknown, "test"));
    assertTrue(refused.getMessage().contains("'02'"), refused.getMessage());
  }

  @Test
  void parcelsOfOtherVoxelsNeedWeightsOfTheirOwn() {
    NetworkSizes sizes =
        new NetworkSizes(
            List.of(2),
            List.of("01", "02"),
            List.of(2, 2),
            NetworkSizes.positionsOfAll(
                List.of(
                    List.of(List.of(0.0, 0.0), List.of(2.0, 0.0)),
                    List.of(List.of(0.0, 0.0), List.of(0.0, 2.0)))),
            List.of(2));
    TokenEncoder small = new TokenEncoder(4, 1, 2, 4, 0, 0);
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> new ParcelTransformer(2, small).network(sizes));
    assertTrue(refused.getMessage().contains("encoder.settings.adapter"), refused.getMessage());
    Layer own = new ParcelTransformer(2, small, ResidualMlp.Adapter.SUBJECT).network(sizes);
    assertEquals(Set.of("tokens.linear.weight", "tokens.linear.bias"), Parameters.ofSubjects(own));
  }
}
