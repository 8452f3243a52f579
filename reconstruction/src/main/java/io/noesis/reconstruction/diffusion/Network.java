package io.noesis.reconstruction.diffusion;

import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.encoders.onnx.OnnxType;
import io.noesis.run.ModelException;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A denoising network: a sample, a time step and the family's conditions by name. */
final class Network {
  private final OnnxModel model;
  private final OnnxPort time;

  Network(OnnxModel model) {
    this.model = model;
    this.time = require("timestep");
  }

  /** The input of that name. */
  Optional<OnnxPort> input(String name) {
    return model.inputs().stream().filter(port -> port.name().equals(name)).findFirst();
  }

  OnnxPort require(String name) {
    return input(name)
        .orElseThrow(
            () ->
                new ModelException(
                    "opening the network "
                        + model.source()
                        + ": it has no input '"
                        + name
                        + "', found "
                        + model.inputs()
                        + ". Export it with the script of reconstruction/export for its kind."));
  }

  /**
   * The output for a batch of samples.
   *
   * @param sample {@code [rows, channels, height, width]}
   * @return {@code out_sample}, of the same shape or with twice the channels
   */
  Tensor predict(Tensor sample, float timestep, Map<String, Tensor> conditions) {
    return only(outputs(sample, timestep, conditions, List.of("out_sample")), "out_sample");
  }

  /** Those outputs for a batch of samples. */
  Map<String, Tensor> outputs(
      Tensor sample, float timestep, Map<String, Tensor> conditions, List<String> wanted) {
    Map<String, OnnxInput> inputs = new LinkedHashMap<>();
    inputs.put("sample", OnnxInput.of(sample));
    inputs.put("timestep", time(timestep, sample.dim(0)));
    conditions.forEach((name, value) -> inputs.put(name, OnnxInput.of(value)));
    return model.run(inputs, wanted);
  }

  /** As the graph wants it: a float or a whole number, a scalar or one per row. */
  private OnnxInput time(float timestep, int batch) {
    int count = time.rank() == 0 || time.axes().get(0).size() == 1 ? 1 : batch;
    int[] sizes = time.rank() == 0 ? new int[0] : new int[] {count};
    if (time.type() == OnnxType.FLOAT32 || time.type() == OnnxType.FLOAT16) {
      float[] values = new float[count];
      Arrays.fill(values, timestep);
      return OnnxInput.of(Tensor.wrap(values, sizes));
    }
    long[] values = new long[count];
    Arrays.fill(values, (long) timestep);
    return OnnxInput.of(values, sizes);
  }

  String fingerprint() {
    return model.fingerprint();
  }

  static Tensor only(Map<String, Tensor> outputs, String name) {
    return Objects.requireNonNull(outputs.get(name));
  }
}
