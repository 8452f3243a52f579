package io.noesis.alignment.prior;

import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.run.ModelException;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;

/**
 * A diffusion prior as {@link DiffusionPrior#write} left it: draws the same bits as the one that
 * was trained. Immutable; the file must stay where it is.
 */
public final class KeptPrior {
  static final String SCALES = "scales";
  static final String PREDICTS = "predicts";
  static final String SCHEDULE = "schedule";

  private final Path file;
  private final PriorSpec spec;
  private final PriorSizes sizes;
  private final DiffusionPrior.Scales scales;
  private final OnnxOptions options;

  private KeptPrior(
      Path file,
      PriorSpec spec,
      PriorSizes sizes,
      DiffusionPrior.Scales scales,
      OnnxOptions options) {
    this.file = file;
    this.spec = spec;
    this.sizes = sizes;
    this.scales = scales;
    this.options = options;
  }

  /**
   * Reads a prior.
   *
   * @param file that {@link DiffusionPrior#write} wrote
   * @param spec the settings by which it was trained
   * @return the prior
   * @throws ModelException when the file is missing or damaged, or was trained by other settings
   */
  public static KeptPrior read(Path file, PriorSpec spec) {
    try (OnnxModel model = OnnxModel.open(file, OnnxOptions.SINGLE_THREADED)) {
      require(file, model, PREDICTS, spec.predicts().toString());
      require(file, model, SCHEDULE, spec.schedule().toString());
      String scales = model.metadata().getOrDefault(SCALES, "");
      return new KeptPrior(
          file,
          spec,
          new PriorSizes(axes(model.input(Denoiser.CONDITION)), axes(model.input(Sampler.NOISY))),
          DiffusionPrior.Scales.of(scales)
              .orElseThrow(() -> unlike(file, SCALES, scales, "two numbers")),
          OnnxOptions.SINGLE_THREADED);
    }
  }

  private static void require(Path file, OnnxModel model, String key, String wanted) {
    String found = model.metadata().getOrDefault(key, "");
    if (!found.equals(wanted)) {
      throw unlike(file, key, found, wanted);
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
    return new KeptPrior(file, spec, sizes, scales, where);
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
      return scales.drawn(new Sampler(spec, sizes, sampling, model), decoded, seed);
    }
  }
}
