package io.noesis.encoders.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.ModelException;
import io.noesis.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

class OnnxProviderTest {
  private static byte[] graph() {
    GraphBuilder graph = new GraphBuilder("constant");
    graph.input("x", OnnxType.FLOAT32, List.of("1"));
    graph.output("y", graph.weight("w", Tensor.zeros(1)), List.of("1"));
    return graph.bytes();
  }

  @Test
  @DisabledOnOs(OS.MAC)
  void whatThisBuildLacksIsRefusedByNameWithTheRemedy() {
    for (OnnxProvider provider :
        List.of(OnnxProvider.CUDA, OnnxProvider.TENSORRT, OnnxProvider.COREML)) {
      OnnxOptions options = OnnxOptions.SINGLE_THREADED.on(provider, 0);
      String said =
          assertThrows(ModelException.class, () -> OnnxModel.open("a test", graph(), options))
              .getMessage();
      assertTrue(said.contains(provider.name()), said);
      assertTrue(said.contains(provider.remedy()), said);
      assertTrue(said.contains("it has [CPU]"), said);
    }
  }

  @Test
  void providersHaveNames() {
    assertEquals(OnnxProvider.TENSORRT, OnnxProvider.named("TensorRT"));
    String said =
        assertThrows(IllegalArgumentException.class, () -> OnnxProvider.named("cudaa"))
            .getMessage();
    assertTrue(said.contains("cuda"), said);
    assertThrows(IllegalArgumentException.class, () -> new OnnxOptions(1, OnnxProvider.CPU, 1));
    try (OnnxModel model = OnnxModel.open("a test", graph(), new OnnxOptions(2))) {
      assertEquals(1, model.outputs().size());
    }
  }
}
