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
import io.noesis.encoders.ridge.GaussianInversion;
import io.noesis.encoders.ridge.InversionModel;
import io.noesis.encoders.ridge.InversionSpec;
import io.noesis.encoders.ridge.LinearPrior;
import io.noesis.encoders.ridge.Ridge;
import io.noesis.encoders.ridge.RidgeModel;
import io.noesis.encoders.ridge.RidgeSpec;
import io.noesis.encoders.ridge.TargetPrior;
import io.noesis.encoders.torch.Value;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A network on top of ridge: {@code ŷ = x·W + b + s·f(x)}, where f is the network and s, a number
 * that is learned, begins at 0. W and b are those of ridge on all training rows and stay as they
 * are. Ridge knows its own training rows too well for f to learn from what it leaves over there; so
 * f is trained beside predictions of ridges that were fitted without the row's group (cross
 * fitting, as for stacked regressions: Breiman 1996, doi:10.1007/BF00117832). The mean target is
 * taken from both sides while f is trained. Held-out rows must approve of f, by the loss and by the
 * cosine of embedding and target (both about that mean), or s stays 0. Each subject has a ridge of
 * its own; a new subject of a network that others have taught has a {@link GaussianInversion} in
 * its place, which knows from them what targets there are; of epochs, ridge about the mean of the
 * others' ridges, where held-out rows approve of that.
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

  /** How much of the network is added to ridge, for the report: 0 is ridge alone. */
  static String share(Map<String, Tensor> trained) {
    float share = Objects.requireNonNull(trained.get(SHARE)).array()[0];
    return share == 0 ? "0 (ridge alone)" : String.format(Locale.ROOT, "%.3g", share);
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
   * @param stimuli what targets there are, where others have shown it
   * @param others the linear decoder of others for the same inputs, where there is one
   * @return what is linear, of all rows, and what it says of each without its group
   * @throws RecipeException when a subject's rows are all of one group
   */
  static RidgeStart of(
      TrainingRows rows, Optional<TargetPrior> stimuli, Optional<LinearPrior> others) {
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
    Map<String, Set<String>> facts = new LinkedHashMap<>();
    int[] numbers = rows.recorded().numbers();
    for (int s = 0; s < labels.size(); s++) {
      int subject = s;
      int[] own = IntStream.range(0, count).filter(row -> numbers[row] == subject).toArray();
      int[] groups =
          numbered(Arrays.stream(own).mapToObj(rows.groups()::get).toList(), labels.get(s));
      Linear all =
          stimuli
              .map(prior -> inversion(x.rows(own), y.rows(own), groups, prior))
              .orElseGet(() -> nearOthers(x.rows(own), y.rows(own), groups, others));
      all.facts()
          .forEach(
              (name, value) -> facts.computeIfAbsent(name, n -> new LinkedHashSet<>()).add(value));
      System.arraycopy(all.weights().array(), 0, weights, s * in * dim, in * dim);
      System.arraycopy(all.constants().array(), 0, constants, s * dim, dim);
      for (int part = 0; part < PARTS; part++) {
        crossFit(x, y, own, groups, part, all.alike(), apart);
      }
    }
    for (int i = 0; i < apart.length; i++) {
      apart[i] -= mean[i % dim];
    }
    Map<String, String> said = new LinkedHashMap<>();
    facts.forEach((name, values) -> said.put(name, String.join(", ", values)));
    return new RidgeStart(
        Tensor.wrap(weights, labels.size(), in, dim),
        Tensor.wrap(constants, labels.size(), dim),
        Tensor.wrap(apart, count, dim),
        Tensor.wrap(mean, dim),
        said);
  }

  /** Fits a linear decoder to rows and decodes others by it. */
  @FunctionalInterface
  private interface Alike {
    Tensor decoded(Tensor x, Tensor y, Tensor others);
  }

  /**
   * A linear decoder.
   *
   * @param alike fits others with what was chosen for it
   */
  private record Linear(Tensor weights, Tensor constants, Map<String, String> facts, Alike alike) {}

  /** Ridge, or ridge about what others taught where that predicts left-out groups better. */
  private static Linear nearOthers(Tensor x, Tensor y, int[] groups, Optional<LinearPrior> others) {
    Linear alone = ridge(x, y, groups);
    if (others.isEmpty()) {
      return alone;
    }
    Linear near = ridgeAbout(others.get(), x, y, groups);
    return leftOut(near, x, y, groups) < leftOut(alone, x, y, groups) ? near : alone;
  }

  /** Squared error of each group by what was fitted without it. */
  private static double leftOut(Linear linear, Tensor x, Tensor y, int[] groups) {
    Tensor apart = Tensor.zeros(y.dim(0), y.dim(1));
    int[] own = each(x);
    for (int part = 0; part < PARTS; part++) {
      crossFit(x, y, own, groups, part, linear.alike(), apart.array());
    }
    double sum = 0;
    for (int i = 0; i < y.size(); i++) {
      double off = (double) y.array()[i] - apart.array()[i];
      sum += off * off;
    }
    return sum;
  }

  /** W₀ + argmin ‖Y − XW₀ − b₀ − XD − d‖² + α‖D‖²: from the others' decoder to one's own. */
  private static Linear ridgeAbout(LinearPrior others, Tensor x, Tensor y, int[] groups) {
    RidgeModel rest = Ridge.fit(x, less(y, others.predict(x)), groups, RidgeSpec.defaults());
    double penalty = rest.penalties()[0];
    return new Linear(
        plus(others.weights(), rest.weights()),
        plus(others.constants(), rest.intercept()),
        Map.of(
            "starts from ridge about the mean of the others', of penalty",
            RidgeArchitecture.words(penalty)),
        (some, shown, tested) ->
            plus(
                others.predict(tested),
                Ridge.fit(
                        some,
                        less(shown, others.predict(some)),
                        each(some),
                        RidgeSpec.fixed(penalty))
                    .predict(tested)));
  }

  private static Tensor plus(Tensor a, Tensor b) {
    float[] out = a.array().clone();
    for (int i = 0; i < out.length; i++) {
      out[i] += b.array()[i];
    }
    return Tensor.wrap(out, a.shape().toArray());
  }

  private static Tensor less(Tensor a, Tensor b) {
    float[] out = a.array().clone();
    for (int i = 0; i < out.length; i++) {
      out[i] -= b.array()[i];
    }
    return Tensor.wrap(out, a.shape().toArray());
  }

  private static Linear ridge(Tensor x, Tensor y, int[] groups) {
    RidgeModel all = Ridge.fit(x, y, groups, RidgeSpec.defaults());
    double penalty = all.penalties()[0];
    return new Linear(
        all.weights(),
        all.intercept(),
        Map.of("starts from ridge of penalty", RidgeArchitecture.words(penalty)),
        (some, shown, others) ->
            Ridge.fit(some, shown, each(some), RidgeSpec.fixed(penalty)).predict(others));
  }

  private static Linear inversion(Tensor x, Tensor y, int[] groups, TargetPrior stimuli) {
    InversionModel all = GaussianInversion.fit(x, y, groups, stimuli, InversionSpec.defaults());
    InversionSpec same =
        new InversionSpec(List.of(all.independence()), InversionSpec.defaults().folds());
    return new Linear(
        all.weights(),
        all.intercept(),
        GaussianInversionArchitecture.facts(all, "starts from an inverted encoding model: "),
        (some, shown, others) ->
            GaussianInversion.fit(some, shown, each(some), stimuli, same).predict(others));
  }

  private static int[] each(Tensor rows) {
    return IntStream.range(0, rows.dim(0)).toArray();
  }

  /** Predicts every fifth group from the others. */
  private static void crossFit(
      Tensor x, Tensor y, int[] own, int[] groups, int part, Alike alike, float[] into) {
    int[] out = rows(own, groups, part, true);
    if (out.length == 0) {
      return;
    }
    int[] rest = rows(own, groups, part, false);
    float[] predicted = alike.decoded(x.rows(rest), y.rows(rest), x.rows(out)).array();
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
}
