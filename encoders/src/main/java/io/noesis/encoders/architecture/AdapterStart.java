package io.noesis.encoders.architecture;

import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.ridge.GaussianInversion;
import io.noesis.encoders.ridge.InversionModel;
import io.noesis.encoders.ridge.InversionSpec;
import io.noesis.encoders.ridge.Ridge;
import io.noesis.encoders.ridge.RidgeModel;
import io.noesis.encoders.ridge.RidgeSpec;
import io.noesis.encoders.ridge.TargetPrior;
import io.noesis.run.DataException;
import io.noesis.run.ModelException;
import io.noesis.tensor.LinearAlgebra;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.SafetensorsWriter;
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
 * space a stimulus lies on average, given its embedding (ridge from targets to mapped responses),
 * and where stimuli lie at all. A new subject's map is the {@link GaussianInversion} from responses
 * to where the template puts what was shown. Only for networks in which that map is all that
 * subjects have of their own.
 */
public final class AdapterStart {
  private static final String FORMAT = "noesis-adapter-start";
  private static final String VERSION = "1";

  /** Of the stimuli in the shared space, and of their embeddings. */
  private static final String SPACE = "stimuli";

  private static final String TARGETS = "targets";

  private final String weight;
  private final String bias;
  private final Tensor template;
  private final float[] constants;
  private final TargetPrior stimuli;
  private final Optional<TargetPrior> targets;

  private AdapterStart(
      List<String> names,
      Tensor template,
      float[] constants,
      TargetPrior stimuli,
      Optional<TargetPrior> targets) {
    this.weight = names.get(0);
    this.bias = names.get(1);
    this.template = template;
    this.constants = constants;
    this.stimuli = stimuli;
    this.targets = targets;
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
              RidgeModel template =
                  Ridge.fit(targets, mapped, numbered(rows.groups()), RidgeSpec.defaults());
              SafetensorsWriter out =
                  new SafetensorsWriter().metadata("format", FORMAT).metadata("version", VERSION);
              out.add("weights", template.weights()).add("intercept", template.intercept());
              TargetPrior.of(placed(targets, template.weights(), template.intercept().array()))
                  .addTo(out, SPACE);
              if (network.shape().start() == Fitting.Start.RIDGE) {
                TargetPrior.of(targets).addTo(out, TARGETS);
              }
              out.write(file);
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
    try (Safetensors in = Safetensors.open(file)) {
      in.requireFormat("reading " + file, FORMAT, VERSION, "Train the network again.");
      Tensor template = in.read("weights");
      float[] constants = in.read("intercept").array();
      TargetPrior stimuli = TargetPrior.read(in, SPACE, file);
      Optional<TargetPrior> targets =
          network.encoder().shape().start() == Fitting.Start.RIDGE
              ? Optional.of(TargetPrior.read(in, TARGETS, file))
              : Optional.empty();
      List<String> own =
          names(network.encoder())
              .filter(
                  names ->
                      template.shape().rank() == 2
                          && template.dim(1) == weights(network.encoder(), names.get(1)).dim(1)
                          && template.dim(1) == constants.length
                          && template.dim(1) == stimuli.dims())
              .orElseThrow(
                  () ->
                      new ModelException(
                          "reading "
                              + file
                              + ": it is the template of another network than the one beside it."
                              + " Train the network again."));
      return new AdapterStart(own, template, constants, stimuli, targets);
    } catch (DataException e) {
      throw new ModelException("reading a template: " + e.getMessage(), e);
    }
  }

  /**
   * What targets there are, by the subjects that taught the network; where it starts from ridge,
   * for what a new subject has in place of that.
   */
  public Optional<TargetPrior> targets() {
    return targets;
  }

  /**
   * How a new subject starts.
   *
   * @param weights of its map, by name
   * @param facts what was chosen, for the report
   */
  public record First(Map<String, Tensor> weights, Map<String, String> facts) {}

  /**
   * The first weights of a new subject.
   *
   * @param rows of that subject alone, filled up as {@link SharedNetwork#rowsOf} does
   * @return its map
   */
  public First of(TrainingRows rows) {
    int count = rows.groups().size();
    Tensor targets = rows.targets().reshape(count, rows.targets().size() / count);
    InversionModel map =
        GaussianInversion.fit(
            rows.responses(),
            placed(targets, template, constants),
            numbered(rows.groups()),
            stimuli,
            InversionSpec.defaults());
    Map<String, Tensor> first = new LinkedHashMap<>();
    first.put(weight, map.weights().reshape(1, rows.responses().dim(1), constants.length));
    first.put(bias, map.intercept().reshape(1, constants.length));
    return new First(first, GaussianInversionArchitecture.facts(map, "map's start: "));
  }

  /** Where the template puts targets in the space that subjects share. */
  private static Tensor placed(Tensor targets, Tensor weights, float[] constants) {
    float[] out = LinearAlgebra.multiply(targets, weights).array();
    for (int i = 0; i < out.length; i++) {
      out[i] += constants[i % constants.length];
    }
    return Tensor.wrap(out, targets.dim(0), constants.length);
  }

  private static int[] numbered(List<String> labels) {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    return labels.stream()
        .mapToInt(label -> numbers.computeIfAbsent(label, l -> numbers.size()))
        .toArray();
  }
}
