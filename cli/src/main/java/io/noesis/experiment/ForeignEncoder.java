package io.noesis.experiment;

import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.encoders.onnx.OnnxType;
import io.noesis.run.DataException;
import io.noesis.run.ModelException;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * An encoder in an ONNX file of any origin. Its names, types and ranks are read from the graph: one
 * input of float32 whose first axis counts trials, perhaps an input {@code subject} of whole
 * numbers {@code [trials]}, and an output whose first axis counts trials. The caller closes it.
 */
final class ForeignEncoder implements AutoCloseable {
  private static final int BATCH = 64;
  private static final String SUBJECT = "subject";

  private final OnnxModel model;
  private final OnnxPort response;
  private final OnnxPort output;
  private final int subject;

  private ForeignEncoder(OnnxModel model, OnnxPort response, OnnxPort output, int subject) {
    this.model = model;
    this.response = response;
    this.output = output;
    this.subject = subject;
  }

  /**
   * Opens a graph.
   *
   * @param file {@code .onnx}
   * @param wanted the output that is meant, where there are several
   * @param subject the number that an input {@code subject} is given
   * @param options what executes it
   * @throws ModelException when it has no such inputs and outputs, or cannot be executed so
   */
  static ForeignEncoder open(Path file, Optional<String> wanted, int subject, OnnxOptions options) {
    OnnxModel model = OnnxModel.open(file, options);
    try {
      return new ForeignEncoder(model, response(file, model), output(file, model, wanted), subject);
    } catch (ModelException e) {
      model.close();
      throw e;
    }
  }

  private static OnnxPort response(Path file, OnnxModel model) {
    List<OnnxPort> floats =
        model.inputs().stream()
            .filter(p -> p.type() == OnnxType.FLOAT32 && p.rank() >= 2 && p.rank() <= 3)
            .toList();
    boolean others =
        model.inputs().stream().anyMatch(p -> !floats.contains(p) && !p.name().equals(SUBJECT));
    if (floats.size() != 1 || others) {
      throw new ModelException(
          "opening the encoder "
              + file
              + ": its inputs are "
              + model.inputs()
              + ", expected one of float32 with [trials, voxels] or [trials, channels, samples] and,"
              + " if need be, 'subject' of int64 [trials]. Export the encoder with these alone.");
    }
    return floats.get(0);
  }

  private static OnnxPort output(Path file, OnnxModel model, Optional<String> wanted) {
    if (wanted.isPresent()) {
      return model.output(wanted.get());
    }
    List<OnnxPort> outputs =
        model.outputs().size() == 1
            ? model.outputs()
            : model.outputs().stream().filter(p -> p.name().equals("embedding")).toList();
    if (outputs.size() != 1 || outputs.get(0).rank() < 2) {
      throw new ModelException(
          "opening the encoder "
              + file
              + ": its outputs are "
              + model.outputs()
              + ", of which none is surely the embedding [trials, dim]. Name it with --output.");
    }
    return outputs.get(0);
  }

  /** SHA-256 of the file. */
  String fingerprint() {
    return model.fingerprint();
  }

  /** The output that is taken for the embedding. */
  String outputName() {
    return output.name();
  }

  /**
   * Runs the graph on all rows, in batches of the size that it asks for.
   *
   * @param responses {@code [trials, ...]} as its input has them
   * @return {@code [trials, ...]} as its output gives them
   * @throws DataException when the axes are others than those of the graph
   */
  Tensor encode(Tensor responses) {
    requireFits(responses);
    int rows = responses.dim(0);
    long fixed = response.axes().get(0).size();
    int batch = fixed > 0 ? (int) fixed : Math.min(BATCH, rows);
    int width = responses.size() / rows;
    Tensor[] parts = new Tensor[(rows + batch - 1) / batch];
    for (int b = 0; b < parts.length; b++) {
      int count = Math.min(batch, rows - b * batch);
      // Filled up with zeros: a graph may ask for just so many rows, and none depends on others.
      int[] sizes = responses.shape().toArray();
      sizes[0] = fixed > 0 ? batch : count;
      float[] values = new float[sizes[0] * width];
      System.arraycopy(responses.array(), b * batch * width, values, 0, count * width);
      Tensor out = run(Tensor.wrap(values, sizes));
      int[] kept = new int[count];
      Arrays.setAll(kept, i -> i);
      parts[b] = out.dim(0) == count ? out : out.rows(kept);
    }
    return parts.length == 1 ? parts[0] : Tensor.concatenate(parts);
  }

  private Tensor run(Tensor rows) {
    Map<String, OnnxInput> inputs = new HashMap<>();
    inputs.put(response.name(), OnnxInput.of(rows));
    if (model.inputs().stream().anyMatch(p -> p.name().equals(SUBJECT))) {
      long[] numbers = new long[rows.dim(0)];
      Arrays.fill(numbers, subject);
      inputs.put(SUBJECT, OnnxInput.of(numbers, numbers.length));
    }
    Tensor out =
        Objects.requireNonNull(model.run(inputs, List.of(output.name())).get(output.name()));
    if (out.shape().rank() < 2 || out.dim(0) != rows.dim(0)) {
      throw new ModelException(
          "encoding with "
              + model.source()
              + ": "
              + rows.dim(0)
              + " rows gave '"
              + output.name()
              + "' of "
              + out.shape()
              + ", expected one embedding per row. Name another output with --output.");
    }
    for (float value : out.array()) {
      if (!Float.isFinite(value)) {
        throw new ModelException(
            "encoding with "
                + model.source()
                + ": it gave a value that is "
                + value
                + ". Check that the responses are prepared as in its training.");
      }
    }
    return out;
  }

  private void requireFits(Tensor responses) {
    boolean fits = responses.shape().rank() == response.rank();
    for (int axis = 1; fits && axis < response.rank(); axis++) {
      long size = response.axes().get(axis).size();
      fits = size < 0 || size == responses.dim(axis);
    }
    if (!fits) {
      throw new DataException(
          "encoding with "
              + model.source()
              + ": found responses "
              + responses.shape()
              + ", its input is "
              + response
              + ". Give responses of the voxels or channels that it was trained on.");
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
