package io.noesis.experiment;

import io.noesis.alignment.prior.DiffusionPrior;
import io.noesis.alignment.prior.KeptPrior;
import io.noesis.alignment.train.TrainingRun;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.TrainingRows;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Draws embeddings by a diffusion prior that was trained behind a fold's encoder. The prior's graph
 * is kept beside the decoder.
 */
final class EncoderPrior {
  private final EncoderPriorSpec spec;
  private final FoldTraining.Task task;
  private final RunFolder run;
  private final Fit fit;

  /** Fits the fold's encoder on other rows. */
  @FunctionalInterface
  interface Fit {
    BrainEncoder on(FoldTraining.Task task, TrainingRows rows);
  }

  EncoderPrior(EncoderPriorSpec spec, FoldTraining.Task task, RunFolder run, Fit fit) {
    this.spec = spec;
    this.task = task;
    this.run = run;
    this.fit = fit;
  }

  /**
   * What was drawn instead of what was decoded.
   *
   * @param values one row for each test row
   * @param facts how much nearer the prior brings training rows that it did not see
   */
  record Drawn(Tensor values, Map<String, String> facts) {}

  /**
   * Trains the prior and draws.
   *
   * @param encoder of the fold
   * @param rows its training rows, of one subject
   * @param decoded of its test rows
   * @return the draws
   */
  Drawn draw(BrainEncoder encoder, TrainingRows rows, Tensor decoded) {
    Seed seed = task.seed().child("prior");
    TrainingRows pairs =
        new TrainingRows(
            shaped(decodedTraining(encoder, rows)), shaped(rows.targets()), rows.groups());
    DiffusionPrior prior =
        DiffusionPrior.train(pairs, spec.prior(), spec.training(), seed, TrainingRun.silent());
    prior.write(run.file(file(task.place())));
    Tensor drawn = prior.sample(shaped(decoded), spec.sampling(), draws(task.seed()));
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(
        "prior",
        String.format(
            Locale.ROOT,
            "%s, %d training rows decoded by %s, %d steps",
            spec.form().name().toLowerCase(Locale.ROOT),
            rows.groups().size(),
            spec.folds() == 0
                ? "the encoder they trained"
                : spec.folds() + " encoders that did not see them",
            spec.sampling().steps()));
    return new Drawn(drawn.reshape(decoded.shape().toArray()), facts);
  }

  /** Where the prior of a decoder lies below the run folder. */
  static String file(String decoderPlace) {
    return decoderPlace + "_prior.onnx";
  }

  /** The root of the noise that embeddings are drawn from: row i has its child {@code "row i"}. */
  private static Seed draws(Seed fold) {
    return fold.child("prior").child("test");
  }

  /**
   * Draws by a prior that was kept, as the run drew the test rows of its fold.
   *
   * @param encoder with the prior by which it was trained
   * @param kept the prior
   * @param fold the root of the fold's randomness
   * @param decoded one row each
   * @return the draws, of the same shape
   */
  static Tensor draw(EncoderSpec encoder, KeptPrior kept, Seed fold, Tensor decoded) {
    EncoderPriorSpec spec = encoder.prior().orElseThrow();
    return kept.sample(encoder.shaped(EncoderSpec.flat(decoded)), spec.sampling(), draws(fold))
        .reshape(decoded.shape().toArray());
  }

  private Tensor shaped(Tensor embeddings) {
    return task.encoder().shaped(EncoderSpec.flat(embeddings));
  }

  private Tensor decodedTraining(BrainEncoder encoder, TrainingRows rows) {
    if (spec.folds() == 0) {
      return encoder.encode(rows.responses());
    }
    List<String> groups = new ArrayList<>(new LinkedHashSet<>(rows.groups()));
    int parts = Math.min(spec.folds(), groups.size());
    int count = rows.groups().size();
    int width = rows.targets().size() / count;
    Tensor decoded = Tensor.zeros(rows.targets().shape().toArray());
    for (int part = 0; part < parts; part++) {
      int own = part;
      int[] out =
          IntStream.range(0, count)
              .filter(row -> groups.indexOf(rows.groups().get(row)) % parts == own)
              .toArray();
      int[] in =
          IntStream.range(0, count)
              .filter(row -> groups.indexOf(rows.groups().get(row)) % parts != own)
              .toArray();
      FoldTraining.Task without =
          new FoldTraining.Task(
              task.place() + "_without-" + (part + 1),
              task.encoder(),
              task.seed().child("without " + (part + 1)),
              task.metadata());
      Tensor values = fit.on(without, rows.some(in)).encode(rows.responses().rows(out));
      for (int i = 0; i < out.length; i++) {
        System.arraycopy(values.array(), i * width, decoded.array(), out[i] * width, width);
      }
    }
    return decoded;
  }
}
