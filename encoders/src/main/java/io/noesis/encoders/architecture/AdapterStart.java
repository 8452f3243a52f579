package io.noesis.encoders.architecture;

import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.ridge.Ridge;
import io.noesis.encoders.ridge.RidgeModel;
import io.noesis.encoders.ridge.RidgeSpec;
import io.noesis.run.ModelException;
import io.noesis.tensor.Shape;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The first map of a new subject in closed form. While a network is trained on several subjects,
 * each has a map of its own from voxels into a space that all share; a template says where in that
 * space a stimulus lies on average, given its embedding (ridge from targets to mapped responses). A
 * new subject's map is ridge from responses to where the template puts what was shown. Only for
 * networks in which that map is all that subjects have of their own.
 */
public final class AdapterStart {
  private final String weight;
  private final String bias;
  private final RidgeModel template;

  private AdapterStart(String weight, String bias, RidgeModel template) {
    this.weight = weight;
    this.bias = bias;
    this.template = template;
  }

  /** The names of a subject's own map; empty where it is not all that is their own. */
  private static Optional<List<String>> names(NetworkEncoder encoder) {
    List<String> own = new ArrayList<>(Parameters.ofSubjects(encoder.network()));
    own.removeIf(name -> name.startsWith(RidgeStart.RIDGE));
    NetworkSizes sizes = encoder.shape().sizes();
    if (own.size() != 2 || sizes.response().size() != 1) {
      return Optional.empty();
    }
    Map<String, Shape> shapes = Parameters.shapes(encoder.network());
    int[] first = Objects.requireNonNull(shapes.get(own.get(0))).toArray();
    int[] second = Objects.requireNonNull(shapes.get(own.get(1))).toArray();
    boolean linear =
        first.length == 3
            && second.length == 2
            && first[1] == sizes.response().get(0)
            && first[2] == second[1];
    return linear ? Optional.of(own) : Optional.empty();
  }

  /**
   * Fits the template of a network to the rows that it was trained on, and writes it.
   *
   * @param encoder the trained network
   * @param rows of all its subjects, filled up to the widest
   * @param file {@code .safetensors}; nothing is written where the network has no such map
   */
  public static void write(BrainEncoder encoder, TrainingRows rows, Path file) {
    if (!(encoder instanceof NetworkEncoder network)) {
      return;
    }
    names(network)
        .ifPresent(
            own -> {
              int count = rows.groups().size();
              Tensor targets = rows.targets().reshape(count, rows.targets().size() / count);
              Tensor mapped =
                  mapped(rows, weights(network, own.get(0)), weights(network, own.get(1)));
              Ridge.fit(targets, mapped, numbered(rows.groups()), RidgeSpec.defaults())
                  .save(file, Map.of("template", "from targets to the space that subjects share"));
            });
  }

  private static Tensor weights(NetworkEncoder network, String name) {
    Tensor tensor = network.weights().get(name);
    if (tensor == null) {
      throw new ModelException("the network has no parameter '" + name + "'. Train it again.");
    }
    return tensor;
  }

  /** Every row by the map of its own subject. */
  private static Tensor mapped(TrainingRows rows, Tensor weights, Tensor biases) {
    int[] subject = rows.recorded().numbers();
    int in = weights.dim(1);
    int out = weights.dim(2);
    float[] x = rows.responses().array();
    float[] w = weights.array();
    float[] mapped = new float[subject.length * out];
    double[] sum = new double[out];
    for (int r = 0; r < subject.length; r++) {
      for (int k = 0; k < out; k++) {
        sum[k] = biases.array()[subject[r] * out + k];
      }
      for (int v = 0; v < in; v++) {
        double value = x[r * in + v];
        int from = (subject[r] * in + v) * out;
        for (int k = 0; k < out; k++) {
          sum[k] += value * w[from + k];
        }
      }
      for (int k = 0; k < out; k++) {
        mapped[r * out + k] = (float) sum[k];
      }
    }
    return Tensor.wrap(mapped, subject.length, out);
  }

  /**
   * Reads a template.
   *
   * @param file that {@link #write} wrote
   * @param network the network beside it
   * @return how maps of new subjects start
   * @throws ModelException when the file belongs to another network
   */
  public static AdapterStart read(Path file, SharedNetwork network) {
    RidgeModel template = RidgeModel.load(file);
    List<String> own =
        names(network.encoder())
            .filter(
                names ->
                    template.weights().dim(1) == weights(network.encoder(), names.get(1)).dim(1))
            .orElseThrow(
                () ->
                    new ModelException(
                        "reading "
                            + file
                            + ": it is the template of another network than the one beside it."
                            + " Train the network again."));
    return new AdapterStart(own.get(0), own.get(1), template);
  }

  /**
   * The first weights of a new subject.
   *
   * @param rows of that subject alone, filled up as {@link SharedNetwork#rowsOf} does
   * @return the weights of its map, by name
   */
  public Map<String, Tensor> of(TrainingRows rows) {
    int count = rows.groups().size();
    Tensor targets = rows.targets().reshape(count, rows.targets().size() / count);
    RidgeModel map =
        Ridge.fit(
            rows.responses(),
            template.predict(targets),
            numbered(rows.groups()),
            RidgeSpec.defaults());
    int width = template.weights().dim(1);
    Map<String, Tensor> first = new LinkedHashMap<>();
    first.put(weight, map.weights().reshape(1, rows.responses().dim(1), width));
    first.put(bias, map.intercept().reshape(1, width));
    return first;
  }

  private static int[] numbered(List<String> labels) {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    return labels.stream()
        .mapToInt(label -> numbers.computeIfAbsent(label, l -> numbers.size()))
        .toArray();
  }
}
