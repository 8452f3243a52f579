package io.noesis.encoders.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.architecture.ProgramCases.Case;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Parameters;
import io.noesis.run.ModelException;
import io.noesis.run.RecipeException;
import io.noesis.run.RecordBinder;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.SafetensorsWriter;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What networks take over of weights that other programs published, to be trained on from there.
 */
class ForeignStartTest {
  @TempDir Path folder;

  private static Case of(String program) {
    return ProgramCases.all().filter(c -> c.program().equals(program)).findFirst().orElseThrow();
  }

  /** Some of the arrays of a fixture, as the program keeps them. */
  private Path theirs(String program, Predicate<String> which) throws Exception {
    Path fixture =
        Path.of(ForeignStartTest.class.getResource("programs/" + program + ".safetensors").toURI());
    Path file = folder.resolve(program + ".safetensors");
    SafetensorsWriter writer = new SafetensorsWriter();
    try (Safetensors in = Safetensors.open(fixture)) {
      in.names().stream()
          .filter(name -> name.startsWith("weights/"))
          .map(name -> name.substring("weights/".length()))
          .filter(which)
          .forEach(name -> writer.add(name, in.read("weights/" + name)));
    }
    writer.write(file);
    return file;
  }

  private static Map<String, Tensor> start(
      String program, Path file, JsonNode settings, NetworkSizes sizes, String... anew) {
    ForeignWeights map = ForeignWeights.registry().get(program);
    Layer network = Architectures.network(map.architecture(), settings, sizes);
    return map.start(file, network, settings, sizes, List.of(anew));
  }

  private static JsonNode settings(Case of) {
    return RecordBinder.tree(of.settings());
  }

  /** As LaBraM's checkpoint is: the network that named codes, without the tokenizer beside it. */
  @Test
  void whatNamedCodesIsTakenOverByTheNetworkThatDecodes() throws Exception {
    Case labram = of("labram-pretrain");
    Path file = theirs("labram-pretrain", name -> !name.startsWith("vqnsp."));
    NetworkSizes sizes = NetworkSizes.ofEpochs(4, 30, 3);
    Map<String, Tensor> start = start("labram-pretrain", file, settings(labram), sizes);
    Set<String> drawn =
        new TreeSet<>(
            Parameters.shapes(Architectures.network(Labram.NAME, settings(labram), sizes))
                .keySet());
    drawn.removeAll(start.keySet());
    assertEquals(Set.of("norm.bias", "norm.weight", "out.bias", "out.weight"), drawn);
    try (Safetensors in = Safetensors.open(file)) {
      assertEquals(
          in.read("student.blocks.1.mlp.fc2.weight"), start.get("encoder.blocks.1.mlp.out.weight"));
      assertArrayEquals(
          in.read("student.patch_embed.conv1.weight").array(),
          start.get("tokens.conv1.weight").array());
      float[] maps = in.read("student.blocks.0.attn.qkv.weight").array();
      float[] values = start.get("encoder.blocks.0.self.value.weight").array();
      assertEquals(maps[2 * 64 + 5], values[5]);
    }
  }

  @Test
  void aMapToOtherTargetsIsDrawnAnewWhereThatIsSaid() throws Exception {
    Case labram = of("labram");
    Path file = theirs("labram", name -> true);
    NetworkSizes trained = labram.sizes();
    NetworkSizes other =
        NetworkSizes.ofEpochs(trained.response().get(0), trained.response().get(1), 11);
    ModelException refused =
        assertThrows(ModelException.class, () -> start("labram", file, settings(labram), other));
    assertTrue(refused.getMessage().contains("'out.weight' ("), refused::getMessage);
    assertTrue(refused.getMessage().contains("'anew'"), refused::getMessage);
    Map<String, Tensor> start = start("labram", file, settings(labram), other, "out");
    assertFalse(start.containsKey("out.weight"));
    assertTrue(start.containsKey("norm.weight"), start.keySet()::toString);
    RecipeException unknown =
        assertThrows(
            RecipeException.class, () -> start("labram", file, settings(labram), other, "haed"));
    assertTrue(unknown.getMessage().contains("'haed'"), unknown::getMessage);
  }

  @Test
  void aShallowerNetworkDoesNotTakeTheFirstBlocks() throws Exception {
    Case labram = of("labram-pretrain");
    Path file = theirs("labram-pretrain", name -> true);
    ObjectNode shallow = settings(labram).deepCopy();
    ((ObjectNode) shallow.get("transformer")).put("depth", 1);
    ModelException refused =
        assertThrows(
            ModelException.class,
            () -> start("labram-pretrain", file, shallow, NetworkSizes.ofEpochs(4, 18, 3)));
    assertTrue(refused.getMessage().contains("student.blocks.1."), refused::getMessage);
  }

  @Test
  void anEarlierStageIsNoStart() throws Exception {
    Case codes = of("labram-vqnsp");
    Path file = theirs("labram-vqnsp", name -> true);
    RecipeException refused =
        assertThrows(
            RecipeException.class,
            () -> start("labram-vqnsp", file, settings(codes), NetworkSizes.ofEpochs(4, 18, 3)));
    assertTrue(refused.getMessage().contains("'masked-codes'"), refused::getMessage);
  }

  /** Three people here, two others there. */
  @Test
  void weightsOfOtherPeopleStayWithThem() throws Exception {
    Case magick = of("brainmagick");
    Path file = theirs("brainmagick", name -> true);
    NetworkSizes sizes = magick.sizes().withSubjects(List.of("a", "b", "c"));
    Map<String, Tensor> start = start("brainmagick", file, settings(magick), sizes);
    Layer network = Architectures.network(BrainMagick.NAME, settings(magick), sizes);
    Set<String> drawn = new TreeSet<>(Parameters.shapes(network).keySet());
    drawn.removeAll(start.keySet());
    assertEquals(new TreeSet<>(Parameters.ofSubjects(network)), drawn);
    assertEquals(Set.of("subjects.weight"), drawn);
  }
}
