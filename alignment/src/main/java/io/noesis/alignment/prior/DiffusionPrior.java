package io.noesis.alignment.prior;

import io.noesis.alignment.diffusion.Denoiser;
import io.noesis.alignment.diffusion.PriorObjective;
import io.noesis.alignment.diffusion.PriorSizes;
import io.noesis.alignment.diffusion.PriorSpec;
import io.noesis.alignment.loss.PriorLoss;
import io.noesis.alignment.train.TrainedNetwork;
import io.noesis.alignment.train.Trainer;
import io.noesis.alignment.train.TrainingRun;
import io.noesis.alignment.train.TrainingSpec;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Emission;
import io.noesis.encoders.onnx.GraphBuilder;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxType;
import io.noesis.run.Check;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A trained diffusion prior: draws embeddings that are likely to be those of stimuli, given ones
 * that were decoded. Runs in ONNX Runtime. Immutable.
 */
public final class DiffusionPrior {
  private final PriorSpec spec;
  private final PriorSizes sizes;
  private final Scales scales;
  private final Map<String, Tensor> weights;

  /** What numbers of decoded and true embeddings are multiplied by before the network sees them. */
  record Scales(double condition, double embedding) {
    private static final Pattern TEXT =
        Pattern.compile("Scales\\[condition=([-+.0-9E]+), embedding=([-+.0-9E]+)]");

    /** From what {@link #toString} wrote; empty where it is something else. */
    static Optional<Scales> of(String text) {
      Matcher found = TEXT.matcher(text);
      return found.matches()
          ? Optional.of(
              new Scales(Double.parseDouble(found.group(1)), Double.parseDouble(found.group(2))))
          : Optional.empty();
    }

    Tensor drawn(Sampler sampler, Tensor decoded, List<? extends RowNoise> noise, Runnable step) {
      Check.argument(
          axes(decoded).equals(sampler.sizes().condition()),
          "drawing from a diffusion prior: expected decoded embeddings of shape %s, found %s",
          sampler.sizes().condition(),
          axes(decoded));
      return sampler.draw(decoded.map(v -> v * condition), noise, step).map(v -> v / embedding);
    }
  }

  DiffusionPrior(PriorSpec spec, PriorSizes sizes, Scales scales, Map<String, Tensor> weights) {
    this.spec = spec;
    this.sizes = sizes;
    this.scales = scales;
    this.weights = weights;
  }

  /**
   * Trains a prior. Decoded and true embeddings are scaled by one number each to a mean square of
   * 1, which for vectors of length 1 is the √dim of MindEye.
   *
   * @param rows decoded embeddings as responses and true ones as targets, {@code [rows, dim]} or
   *     {@code [rows, tokens, dim]}; training rows only
   * @param spec settings
   * @param training how; its loss must be the mean squared error
   * @param seed root of first weights, order, steps and noise
   * @param run files, progress and cancellation
   * @return the prior
   */
  public static DiffusionPrior train(
      TrainingRows rows, PriorSpec spec, TrainingSpec training, Seed seed, TrainingRun run) {
    Check.argument(
        training.loss().name().equals("mse"),
        "training a diffusion prior: expected the loss mse, found %s",
        training.loss().name());
    PriorSizes sizes = new PriorSizes(axes(rows.responses()), axes(rows.targets()));
    Scales scales = new Scales(unit(rows.responses()), unit(rows.targets()));
    int count = rows.targets().dim(0);
    Tensor truth =
        rows.targets().map(v -> v * scales.embedding()).reshape(count, sizes.embeddingSize());
    TrainingRows together =
        new TrainingRows(
            beside(
                rows.responses()
                    .map(v -> v * scales.condition())
                    .reshape(count, sizes.conditionSize()),
                truth),
            truth,
            rows.groups());
    TrainedNetwork trained =
        new Trainer(training, new PriorObjective(spec, sizes)).train(together, seed, run);
    Map<String, Tensor> own = new LinkedHashMap<>();
    trained.weights().forEach((name, w) -> own.put(name.substring(name.indexOf('.') + 1), w));
    return new DiffusionPrior(spec, sizes, scales, own);
  }

  /**
   * The prior that a network was trained together with ({@link PriorLoss}).
   *
   * @param trained what came of the training
   * @return empty where its loss has none
   */
  public static Optional<DiffusionPrior> trainedWith(TrainedNetwork trained) {
    return PriorLoss.sizedIn(trained.loss().loss())
        .map(
            found -> {
              Map<String, Tensor> own =
                  trained.loss().weightsBelow(found.names() + PriorLoss.Sized.NETWORK);
              return new DiffusionPrior(
                  found.loss().prior(),
                  found.loss().sizes(),
                  new Scales(1, found.loss().scale()),
                  own);
            });
  }

  private static List<Integer> axes(Tensor tensor) {
    return Arrays.stream(tensor.shape().toArray()).skip(1).boxed().toList();
  }

  private static double unit(Tensor tensor) {
    double sum = 0;
    for (float value : tensor.array()) {
      sum += (double) value * value;
    }
    Check.argument(sum > 0, "training a diffusion prior: all numbers of an input are zero");
    return Math.sqrt(tensor.size() / sum);
  }

  private static Tensor beside(Tensor left, Tensor right) {
    int rows = left.dim(0);
    int a = left.dim(1);
    int b = right.dim(1);
    float[] both = new float[rows * (a + b)];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(left.array(), row * a, both, row * (a + b), a);
      System.arraycopy(right.array(), row * b, both, row * (a + b) + a, b);
    }
    return Tensor.wrap(both, rows, a + b);
  }

  /**
   * Draws one embedding for each decoded one. A row alone gives the same as among others.
   *
   * @param decoded {@code [rows, dim]} or {@code [rows, tokens, dim]}
   * @param sampling how
   * @param seed root of the noise; row i draws from its child {@code "row i"}
   * @return {@code [rows, ...]}, of the scale of the training's embeddings
   */
  public Tensor sample(Tensor decoded, Sampling sampling, Seed seed) {
    try (OnnxModel model =
        OnnxModel.open("diffusion prior", graph().bytes(), OnnxOptions.SINGLE_THREADED)) {
      return scales.drawn(
          new Sampler(spec.schedule(), spec.predicts(), sizes, sampling, model),
          decoded,
          RowNoise.of(seed, decoded.dim(0)),
          () -> {});
    }
  }

  /**
   * Writes the network as an ONNX graph: {@code noisy}, {@code timestep}, {@code condition} and
   * {@code keep} go in, {@code prediction} comes out. {@link KeptPrior} draws from it.
   *
   * @param file ends in {@code .onnx}
   * @param metadata where it comes from
   */
  public void write(Path file, Map<String, String> metadata) {
    GraphBuilder graph = graph();
    metadata.forEach(graph::metadata);
    graph.metadata(KeptPrior.SCALES, scales.toString());
    graph.metadata(KeptPrior.PREDICTS, spec.predicts().toString());
    graph.metadata(KeptPrior.SCHEDULE, spec.schedule().toString());
    graph.write(file);
  }

  GraphBuilder graph() {
    GraphBuilder graph = new GraphBuilder("diffusion-prior");
    String noisy = graph.input(Sampler.NOISY, OnnxType.FLOAT32, named(sizes.embedding()));
    String step = graph.input(Denoiser.TIMESTEP, OnnxType.FLOAT32, named(List.of(1)));
    String about = graph.input(Denoiser.CONDITION, OnnxType.FLOAT32, named(sizes.condition()));
    String keep = graph.input(Denoiser.KEEP, OnnxType.FLOAT32, named(List.of(1)));
    Emission emission =
        Emission.into(graph, weights)
            .with(Denoiser.TIMESTEP, step)
            .with(Denoiser.CONDITION, about)
            .with(Denoiser.KEEP, keep);
    String prediction = spec.denoiser().network(sizes).emit(emission, noisy);
    graph.output(Sampler.PREDICTION, prediction, named(sizes.embedding()));
    return graph;
  }

  private static List<String> named(List<Integer> sizes) {
    return Stream.concat(Stream.of("rows"), sizes.stream().map(String::valueOf)).toList();
  }
}
