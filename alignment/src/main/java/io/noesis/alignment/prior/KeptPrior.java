package io.noesis.alignment.prior;

import io.noesis.alignment.diffusion.Denoiser;
import io.noesis.alignment.diffusion.NoiseSchedule;
import io.noesis.alignment.diffusion.Predicts;
import io.noesis.alignment.diffusion.PriorSizes;
import io.noesis.alignment.diffusion.PriorSpec;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.run.ModelException;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A diffusion prior as {@link DiffusionPrior#write} left it: draws the same bits as the one that
 * was trained. The file says all that drawing needs. Immutable; the file must stay where it is.
 */
public final class KeptPrior {
  static final String SCALES = "scales";
  static final String PREDICTS = "predicts";
  static final String SCHEDULE = "schedule";

  private static final Pattern SCHEDULE_TEXT =
      Pattern.compile("NoiseSchedule\\[steps=(\\d{1,6}), shape=([A-Z]+)]");

  private final Path file;
  private final NoiseSchedule schedule;
  private final Predicts predicts;
  private final PriorSizes sizes;
  private final DiffusionPrior.Scales scales;
  private final OnnxOptions options;

  private KeptPrior(
      Path file,
      NoiseSchedule schedule,
      Predicts predicts,
      PriorSizes sizes,
      DiffusionPrior.Scales scales,
      OnnxOptions options) {
    this.file = file;
    this.schedule = schedule;
    this.predicts = predicts;
    this.sizes = sizes;
    this.scales = scales;
    this.options = options;
  }

  /**
   * Reads a prior.
   *
   * @param file that {@link DiffusionPrior#write} wrote
   * @return the prior
   * @throws ModelException when the file is missing or damaged, or is no prior
   */
  public static KeptPrior read(Path file) {
    try (OnnxModel model = OnnxModel.deferred(file, OnnxOptions.SINGLE_THREADED, loaded -> {})) {
      return of(file, model);
    }
  }

  private static KeptPrior of(Path file, OnnxModel model) {
    String schedule = model.metadata().getOrDefault(SCHEDULE, "");
    String predicts = model.metadata().getOrDefault(PREDICTS, "");
    String scales = model.metadata().getOrDefault(SCALES, "");
    return new KeptPrior(
        file,
        schedule(schedule)
            .orElseThrow(() -> unlike(file, SCHEDULE, schedule, "steps and a shape of noise")),
        one(Predicts.values(), predicts)
            .orElseThrow(() -> unlike(file, PREDICTS, predicts, "EMBEDDING or NOISE")),
        new PriorSizes(axes(model.input(Denoiser.CONDITION)), axes(model.input(Sampler.NOISY))),
        DiffusionPrior.Scales.of(scales)
            .orElseThrow(() -> unlike(file, SCALES, scales, "two numbers")),
        OnnxOptions.SINGLE_THREADED);
  }

  /** The sizes of what goes in and comes out. */
  public PriorSizes sizes() {
    return sizes;
  }

  private static Optional<NoiseSchedule> schedule(String text) {
    Matcher found = SCHEDULE_TEXT.matcher(text);
    return found.matches()
        ? one(NoiseSchedule.Shape.values(), found.group(2))
            .map(shape -> new NoiseSchedule(Integer.parseInt(found.group(1)), shape))
        : Optional.empty();
  }

  private static <E extends Enum<E>> Optional<E> one(E[] all, String name) {
    return List.of(all).stream().filter(value -> value.name().equals(name)).findFirst();
  }

  /**
   * Reads the prior of a run.
   *
   * @param file that {@link DiffusionPrior#write} wrote
   * @param spec the settings by which it was trained
   * @return the prior
   * @throws ModelException when the file is missing or damaged, or was trained by other settings
   */
  public static KeptPrior read(Path file, PriorSpec spec) {
    KeptPrior found = read(file);
    require(file, PREDICTS, found.predicts, spec.predicts());
    require(file, SCHEDULE, found.schedule, spec.schedule());
    return found;
  }

  private static void require(Path file, String key, Object found, Object wanted) {
    if (!found.equals(wanted)) {
      throw unlike(file, key, found.toString(), wanted.toString());
    }
  }

  private static ModelException unlike(Path file, String key, String found, String wanted) {
    return new ModelException(
        "reading the diffusion prior "
            + file
            + ": its '"
            + key
            + "' is '"
            + found
            + "', expected "
            + wanted
            + ". It is not the prior of this run; train the run again.");
  }

  private static List<Integer> axes(OnnxPort port) {
    return port.axes().stream().skip(1).map(axis -> Math.toIntExact(axis.size())).toList();
  }

  /**
   * The same prior, computed elsewhere; its draws differ in their last digits.
   *
   * @param where by what the graph is executed, and on which card
   * @return it
   */
  public KeptPrior on(OnnxOptions where) {
    return new KeptPrior(file, schedule, predicts, sizes, scales, where);
  }

  /**
   * Draws as {@link DiffusionPrior#sample} does.
   *
   * @param decoded {@code [rows, dim]} or {@code [rows, tokens, dim]}
   * @param sampling how
   * @param seed root of the noise; row i draws from its child {@code "row i"}
   * @return {@code [rows, ...]}, of the scale of the training's embeddings
   * @throws ModelException when what it is to be computed by cannot be had
   */
  public Tensor sample(Tensor decoded, Sampling sampling, Seed seed) {
    try (OnnxModel model = OnnxModel.open(file, options)) {
      return sample(model, decoded, sampling, RowNoise.of(seed, decoded.dim(0)), () -> {});
    }
  }

  /**
   * The same with a graph that is open and noise of another origin.
   *
   * @param model this prior's graph
   * @param decoded {@code [rows, dim]} or {@code [rows, tokens, dim]}
   * @param sampling how
   * @param noise one source for each row
   * @param step heard before each step of each row; what it throws ends the work
   * @return {@code [rows, ...]}, of the scale of the training's embeddings
   */
  public Tensor sample(
      OnnxModel model,
      Tensor decoded,
      Sampling sampling,
      List<? extends RowNoise> noise,
      Runnable step) {
    return scales.drawn(
        new Sampler(schedule, predicts, sizes, sampling, model), decoded, noise, step);
  }

  /**
   * How many steps a row takes.
   *
   * @param sampling how
   */
  public int steps(Sampling sampling) {
    return Math.min(schedule.steps(), sampling.steps());
  }
}
