package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Declaration;
import io.noesis.encoders.layer.Emission;
import io.noesis.encoders.layer.Flatten;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.LearnedScale;
import io.noesis.encoders.layer.Parallel;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.layer.Reshape;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.SubjectLinear;
import io.noesis.encoders.ridge.Ridge;
import io.noesis.encoders.ridge.RidgeModel;
import io.noesis.encoders.ridge.RidgeSpec;
import io.noesis.encoders.torch.Value;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A network on top of ridge: {@code ŷ = x·W + b + s·f(x)}, where f is the network and s, a number
 * that is learned, begins at 0. W and b are those of ridge on all training rows and stay as they
 * are. Ridge knows its own training rows too well for f to learn from what it leaves over there; so
 * f is trained beside predictions of ridges that were fitted without the row's group (cross
 * fitting, as for stacked regressions: Breiman 1996, doi:10.1007/BF00117832). The mean target is
 * taken from both sides while f is trained. Each subject has a ridge of its own.
 *
 * @param weights {@code [subjects, inputs, dim]}
 * @param constants {@code [subjects, dim]}
 * @param apart the prediction of each training row without its group, about the mean, {@code [rows,
 *     dim]}
 * @param mean of the training targets, {@code [dim]}
 * @param facts what was chosen
 */
record RidgeStart(
    Tensor weights, Tensor constants, Tensor apart, Tensor mean, Map<String, String> facts) {
  /** Name of the further target under which training sees {@link #apart}. */
  static final String APART = "ridge";

  /** How the names of ridge's own weights begin. */
  static final String RIDGE = "ridge.";

  private static final String SHARE = "network.share.weight";
  private static final int PARTS = 5;

  /** The whole, as it decodes. */
  static Layer decoding(Layer network, NetworkSizes sizes) {
    int in = sizes.response().stream().reduce(1, Math::multiplyExact);
    Layer ridge =
        Sequence.builder()
            .add("flat", new Flatten())
            .add(
                "linear",
                new SubjectLinear(
                    sizes.subjects().size(), in, sizes.dim(), SubjectLinear.Axes.FLAT))
            .add("embedding", new Reshape(sizes.target()))
            .build();
    return sum(ridge, network);
  }

  /** The same while it is trained. */
  static Layer training(Layer network) {
    return sum(new Apart(), network);
  }

  private static Layer sum(Layer ridge, Layer network) {
    Layer part = Sequence.builder().add("of", network).add("share", new LearnedScale(1, 0)).build();
    return new Parallel(
        List.of(new Sequence.Step("ridge", ridge), new Sequence.Step("network", part)),
        new Parallel.Join.Sum());
  }

  /** What ridge said of the row without having seen its group. */
  private record Apart() implements Layer {
    @Override
    public void declare(Declaration parameters) {}

    @Override
    public Value forward(Pass pass, Value input) {
      return pass.further(Pass.TARGET + "." + APART);
    }

    @Override
    public String emit(Emission graph, String input) {
      throw new IllegalStateException("predictions of training rows are not part of a decoder");
    }

    @Override
    public String describe() {
      return "ridge without the row's group";
    }
  }

  /** The first weights that training is given: none of the network. */
  static Map<String, Tensor> first() {
    return Map.of(SHARE, Tensor.zeros(1));
  }

  /** All weights of {@link #decoding}, from those that training found. */
  Map<String, Tensor> with(Map<String, Tensor> trained) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    all.put(RIDGE + "linear.weight", weights);
    all.put(RIDGE + "linear.bias", constants);
    all.putAll(trained);
    return all;
  }

  /** The rows as the network is trained on them. */
  TrainingRows rows(TrainingRows rows) {
    return new TrainingRows(
        rows.responses(),
        about(rows.targets()),
        rows.groups(),
        rows.recorded(),
        rows.shown().with(APART, apart.reshape(rows.targets().shape().toArray())));
  }

  private Tensor about(Tensor targets) {
    float[] out = targets.array().clone();
    for (int i = 0; i < out.length; i++) {
      out[i] -= mean.array()[i % mean.size()];
    }
    return Tensor.wrap(out, targets.shape().toArray());
  }

  /**
   * Fits.
   *
   * @param rows training trials of one or several subjects
   * @return ridge of all of them, and what it says of each without its group
   * @throws RecipeException when a subject's rows are all of one group
   */
  static RidgeStart of(TrainingRows rows) {
    int count = rows.groups().size();
    int in = rows.responses().size() / count;
    int dim = rows.targets().size() / count;
    Tensor x = rows.responses().reshape(count, in);
    Tensor y = rows.targets().reshape(count, dim);
    float[] mean = mean(y);
    List<String> labels = List.copyOf(rows.recorded().widths().keySet());
    float[] weights = new float[labels.size() * in * dim];
    float[] constants = new float[labels.size() * dim];
    float[] apart = new float[count * dim];
    List<Double> penalties = new ArrayList<>();
    int[] numbers = rows.recorded().numbers();
    for (int s = 0; s < labels.size(); s++) {
      int subject = s;
      int[] own = IntStream.range(0, count).filter(row -> numbers[row] == subject).toArray();
      int[] groups =
          numbered(Arrays.stream(own).mapToObj(rows.groups()::get).toList(), labels.get(s));
      RidgeModel all = Ridge.fit(x.rows(own), y.rows(own), groups, RidgeSpec.defaults());
      penalties.add(all.penalties()[0]);
      System.arraycopy(all.weights().array(), 0, weights, s * in * dim, in * dim);
      System.arraycopy(all.intercept().array(), 0, constants, s * dim, dim);
      RidgeSpec same = RidgeSpec.fixed(all.penalties()[0]);
      for (int part = 0; part < PARTS; part++) {
        crossFit(x, y, own, groups, part, same, apart);
      }
    }
    for (int i = 0; i < apart.length; i++) {
      apart[i] -= mean[i % dim];
    }
    return new RidgeStart(
        Tensor.wrap(weights, labels.size(), in, dim),
        Tensor.wrap(constants, labels.size(), dim),
        Tensor.wrap(apart, count, dim),
        Tensor.wrap(mean, dim),
        facts(penalties));
  }

  /** Predicts every fifth group from the others. */
  private static void crossFit(
      Tensor x, Tensor y, int[] own, int[] groups, int part, RidgeSpec spec, float[] into) {
    int[] out = rows(own, groups, part, true);
    if (out.length == 0) {
      return;
    }
    int[] rest = rows(own, groups, part, false);
    RidgeModel model =
        Ridge.fit(x.rows(rest), y.rows(rest), IntStream.range(0, rest.length).toArray(), spec);
    float[] predicted = model.predict(x.rows(out)).array();
    int dim = y.dim(1);
    for (int i = 0; i < out.length; i++) {
      System.arraycopy(predicted, i * dim, into, out[i] * dim, dim);
    }
  }

  private static int[] rows(int[] own, int[] groups, int part, boolean inside) {
    return IntStream.range(0, own.length)
        .filter(i -> groups[i] % PARTS == part == inside)
        .map(i -> own[i])
        .toArray();
  }

  private static int[] numbered(List<String> labels, String subject) {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    int[] groups =
        labels.stream()
            .mapToInt(label -> numbers.computeIfAbsent(label, l -> numbers.size()))
            .toArray();
    if (numbers.size() < 2) {
      throw new RecipeException(
          "starting a network from ridge (encoder.start: ridge): the training rows"
              + (subject.isEmpty() ? "" : " of subject '" + subject + "'")
              + " are of "
              + numbers.size()
              + " recording or stimulus, at least 2 are needed to learn what ridge misses. Use more,"
              + " or set encoder.start to random.");
    }
    return groups;
  }

  private static float[] mean(Tensor y) {
    int dim = y.dim(1);
    double[] sum = new double[dim];
    for (int i = 0; i < y.size(); i++) {
      sum[i % dim] += y.array()[i];
    }
    float[] mean = new float[dim];
    for (int d = 0; d < dim; d++) {
      mean[d] = (float) (sum[d] / y.dim(0));
    }
    return mean;
  }

  private static Map<String, String> facts(List<Double> penalties) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(
        "starts from ridge of penalty",
        penalties.stream()
            .distinct()
            .map(p -> String.format(Locale.ROOT, "%.3g", p))
            .collect(Collectors.joining(", ")));
    return facts;
  }
}
