package io.noesis.encoders.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Optimizer;
import io.noesis.encoders.torch.ParameterGroup;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.encoders.torch.UpdateRule;
import io.noesis.encoders.torch.Value;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A whole training equals PyTorch's, dropout included: fixtures/make/torch_engine.py. */
class ResidualNetworkParityTest {
  private static final int BATCH = 16;

  private static Layer network() {
    Sequence.Builder network =
        Sequence.builder()
            .add("into", Linear.of(37, 24))
            .add("norm", LayerNorm.of(24))
            .add("activation", new Gelu())
            .add("dropout", new Dropout(0.5));
    for (int i = 0; i < 2; i++) {
      network.add(
          "blocks." + i,
          new Residual(
              Sequence.builder()
                  .add("linear", Linear.of(24, 24))
                  .add("norm", LayerNorm.of(24))
                  .add("activation", new Gelu())
                  .add("dropout", new Dropout(0.15))
                  .build()));
    }
    return network.add("out", Linear.of(24, 12)).build();
  }

  @Test
  void lossesOfFortyStepsAreThoseOfPyTorch() throws Exception {
    Path file =
        Path.of(
            ResidualNetworkParityTest.class
                .getResource("/io/noesis/encoders/torch/residual_mlp.safetensors")
                .toURI());
    try (Safetensors python = Safetensors.open(file)) {
      Map<String, Tensor> weights = new LinkedHashMap<>();
      for (String name : python.names()) {
        if (name.startsWith("start/")) {
          weights.put(name.substring("start/".length()), python.read(name));
        }
      }
      Layer network = network();
      Parameters parameters = Parameters.of(network, weights);
      Optimizer optimizer =
          new Optimizer(
              UpdateRule.AdamW.defaults(),
              List.of(new ParameterGroup(parameters.learned(), 1, 1e-2)));
      Tensor losses = python.read("losses");
      Scope.run(
          () -> {
            Value x = Value.of(python.read("x"));
            Value y = Value.of(python.read("y"));
            TorchRandom dropout = TorchRandom.ofNumber(7);
            for (int step = 0; step < losses.size(); step++) {
              int at = step * BATCH % x.dim(0);
              Value z =
                  network.forward(Pass.training(parameters, dropout), Ops.narrow(x, 0, at, BATCH));
              Value logits =
                  Ops.multiply(
                      Ops.matmul(
                          Ops.normalize(z, 1), Ops.transpose(Ops.narrow(y, 0, at, BATCH), 0, 1)),
                      1 / 0.07);
              Value labels = Ops.range(BATCH);
              Value loss =
                  Ops.multiply(
                      Ops.add(
                          Ops.crossEntropy(logits, labels),
                          Ops.crossEntropy(Ops.transpose(logits, 0, 1), labels)),
                      0.5);
              optimizer.clearGradients();
              loss.backward();
              optimizer.clipGradients(1);
              optimizer.step(3e-3);
              assertEquals(losses.at(step), loss.item(), 5e-4, "step " + step);
            }
            Tensor decoded =
                Scope.withoutGradients(() -> network.forward(Pass.evaluation(parameters), x))
                    .toTensor();
            assertArrayEquals(python.read("decoded").array(), decoded.array(), 2e-3f);
          });
      optimizer.free();
      parameters.free();
    }
  }
}
