package io.noesis.encoders.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.noesis.encoders.onnx.GraphBuilder;
import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxType;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeadsTest {
  private static final Heads HEADS =
      new Heads(
          Linear.of(5, 3),
          List.of(
              new Heads.Head("text", Linear.of(5, 4), List.of(4)),
              new Heads.Head("latent", Linear.of(5, 2), List.of(2))));

  @Test
  void everyHeadIsAnOutputOfPassAndGraph() {
    Tensor x = Tensor.wrap(new float[] {1, -2, 3, 0.5f, 1, 0, 1, 2, -1, 1}, 2, 5);
    Parameters parameters = Parameters.of(HEADS, Seed.of(1));
    GraphBuilder graph = new GraphBuilder("heads");
    String in = graph.input("x", OnnxType.FLOAT32, List.of("n", "5"));
    Emission emission = Emission.into(graph, parameters.snapshot());
    graph.output("embedding", HEADS.emit(emission, in), List.of("n", "3"));
    emission
        .outputs()
        .forEach(
            (name, head) ->
                graph.output(
                    name, head.value(), List.of("n", String.valueOf(head.sizes().get(0)))));
    try (OnnxModel model = OnnxModel.open("heads", graph.bytes(), OnnxOptions.SINGLE_THREADED)) {
      Map<String, Tensor> onnx = model.run(Map.of("x", OnnxInput.of(x)));
      Scope.run(
          () -> {
            Pass pass = Pass.evaluation(parameters);
            float[] embedding = HEADS.forward(pass, Value.of(x)).toTensor().array();
            assertArrayEquals(onnx.get("embedding").array(), embedding, 1e-5f);
            assertEquals(List.of("text", "latent"), List.copyOf(pass.outputs().keySet()));
            pass.outputs()
                .forEach(
                    (name, value) ->
                        assertArrayEquals(
                            onnx.get(name).array(), value.toTensor().array(), 1e-5f, name));
          });
    }
    parameters.free();
  }

  @Test
  void namesAreTakenOnce() {
    Heads.Head text = new Heads.Head("text", new Gelu(), List.of(5));
    assertThrows(IllegalArgumentException.class, () -> new Heads(new Gelu(), List.of(text, text)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Heads(new Gelu(), List.of(new Heads.Head("embedding", new Gelu(), List.of(5)))));
  }
}
