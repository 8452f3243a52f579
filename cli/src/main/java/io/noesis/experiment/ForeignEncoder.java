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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * An encoder in an ONNX file of any origin. Its names, types and ranks are read from the graph: one
 * input of float32 whose first axis counts trials, perhaps an input {@code subject} of whole
 * numbers {@code [trials]} and others, by name, of what it is told of the stimuli, and an output
 * whose first axis counts trials. The caller closes it.
 */
final class ForeignEncoder implements AutoCloseable {
  private static final int BATCH = 64;
  private static final String SUBJECT = "subject";

  private final OnnxModel model;
  private final OnnxPort response;
  private final OnnxPort output;
  private final int subject;
  private final Set<String> told;

  private ForeignEncoder(
      OnnxModel model, OnnxPort response, Set<String> told, OnnxPort output, int subject) {
    this.model = model;
    this.response = response;
    this.told = told;
    this.output = output;
    this.subject = subject;
  }

  /**
   * Opens a graph.
   *
   * @param file {@code .onnx}
   * @param wanted the output that is meant, where there are several
   * @param subject the number that an input {@code subject} is given
   * @param told names of inputs that it is told of the stimuli
   * @param options what executes it
   * @throws ModelException when it has no such inputs and outputs, or cannot be executed so
   */
  static ForeignEncoder open(
      Path file, Optional<String> wanted, int subject, Set<String> told, OnnxOptions options) {
    OnnxModel model = OnnxModel.open(file, options);
    try {
      return new ForeignEncoder(
          model, response(file, model, told), told, output(file, model, wanted), subject);
    } catch (ModelException e) {
      model.close();
      throw e;
    }
  }

  private static OnnxPort response(Path file, OnnxModel model, Set<String> told) {
    List<OnnxPort> others =
        model.inputs().stream().filter(port -> !told.contains(port.name())).toList();
    if (others.size() + told.size() != model.inputs().size()) {
      throw new ModelException(
          "opening the encoder "
              + file
              + ": its inputs are "
              + model.inputs()
              + ", and it is to be told "
              + String.join(", ", told)
              + ". Name inputs that it has with --input.");
    }
    List<OnnxPort> floats =
        others.stream()
            .filter(p -> p.type() == OnnxType.FLOAT32 && p.rank() >= 2 && p.rank() <= 3)
            .toList();
    boolean unknown =
        others.stream().anyMatch(p -> !floats.contains(p) && !p.name().equals(SUBJECT));
    if (floats.size() != 1 || unknown) {
      throw new ModelException(
          "opening the encoder "
              + file
              + ": its inputs are "
              + model.inputs()
              + ", expected one of float32 with [trials, voxels] or [trials, channels, samples] and,"
              + " if need be, 'subject' of int64 [trials]. Say with --input which others are features"
              + " of the stimuli, or export the encoder with these alone.");
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

  /** Axes of one row of what it is told, by name. */
  Map<String, List<Integer>> inputs() {
    Map<String, List<Integer>> axes = new LinkedHashMap<>();
    for (OnnxPort port : model.inputs()) {
      if (told.contains(port.name())) {
        List<Integer> sizes = port.axes().stream().skip(1).map(axis -> (int) axis.size()).toList();
        if (port.type() != OnnxType.FLOAT32 || sizes.stream().anyMatch(size -> size < 1)) {
          throw new ModelException(
              "opening the encoder "
                  + model.source()
                  + ": its input is "
                  + port
                  + ", expected float32 of known sizes behind the first axis.");
        }
        axes.put(port.name(), sizes);
      }
    }
    return axes;
  }

  /** The output that is taken for the embedding. */
  String outputName() {
    return output.name();
  }

  /**
   * Runs the graph on all rows, in batches of the size that it asks for.
   *
   * @param responses {@code [trials, ...]} as its input has them
   * @param features what {@link #inputs} asks for, one row for each response
   * @return {@code [trials, ...]} as its output gives them
   * @throws DataException when the axes are others than those of the graph
   */
  Tensor encode(Tensor responses, Map<String, Tensor> features) {
    requireFits(responses);
    int rows = responses.dim(0);
    long fixed = response.axes().get(0).size();
    int batch = fixed > 0 ? (int) fixed : Math.min(BATCH, rows);
    Tensor[] parts = new Tensor[(rows + batch - 1) / batch];
    for (int b = 0; b < parts.length; b++) {
      int count = Math.min(batch, rows - b * batch);
      // Filled up with zeros: a graph may ask for just so many rows, and none depends on others.
      int filled = fixed > 0 ? batch : count;
      int from = b * batch;
      Map<String, OnnxInput> inputs = new HashMap<>();
      features.forEach(
          (name, values) -> inputs.put(name, OnnxInput.of(part(values, from, count, filled))));
      Tensor out = run(part(responses, from, count, filled), inputs);
      int[] kept = new int[count];
      Arrays.setAll(kept, i -> i);
      parts[b] = out.dim(0) == count ? out : out.rows(kept);
    }
    return parts.length == 1 ? parts[0] : Tensor.concatenate(parts);
  }

  /** Some rows, filled up with zeros. */
  private static Tensor part(Tensor rows, int from, int count, int filled) {
    int[] sizes = rows.shape().toArray();
    int width = rows.size() / sizes[0];
    sizes[0] = filled;
    float[] values = new float[filled * width];
    System.arraycopy(rows.array(), from * width, values, 0, count * width);
    return Tensor.wrap(values, sizes);
  }

  private Tensor run(Tensor rows, Map<String, OnnxInput> inputs) {
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
