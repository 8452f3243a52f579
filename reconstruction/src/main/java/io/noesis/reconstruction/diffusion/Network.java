package io.noesis.reconstruction.diffusion;

import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.encoders.onnx.OnnxType;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The denoising network of Stable Diffusion 1 and 2: a sample, a time step and text tokens. */
final class Network {
  private final OnnxModel model;
  private final OnnxPort time;

  Network(OnnxModel model) {
    this.model = model;
    this.time =
        model.inputs().stream()
            .filter(port -> port.name().equals("timestep"))
            .findFirst()
            .orElseThrow();
  }

  Tensor predict(Tensor sample, float timestep, Tensor context) {
    Map<String, OnnxInput> inputs =
        Map.of(
            "sample", OnnxInput.of(sample),
            "timestep", time(timestep, sample.dim(0)),
            "encoder_hidden_states", OnnxInput.of(context));
    return only(model.run(inputs, List.of("out_sample")), "out_sample");
  }

  /** As the graph wants it: float32 or a whole number, a scalar or one per row. */
  private OnnxInput time(float timestep, int batch) {
    int count = time.rank() == 0 || time.axes().get(0).size() == 1 ? 1 : batch;
    int[] sizes = time.rank() == 0 ? new int[0] : new int[] {count};
    if (time.type() == OnnxType.FLOAT32) {
      float[] values = new float[count];
      Arrays.fill(values, timestep);
      return OnnxInput.of(Tensor.wrap(values, sizes));
    }
    long[] values = new long[count];
    Arrays.fill(values, (long) timestep);
    return OnnxInput.of(values, sizes);
  }

  static Tensor only(Map<String, Tensor> outputs, String name) {
    return Objects.requireNonNull(outputs.get(name));
  }
}
