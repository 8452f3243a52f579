package io.noesis.experiment;

import io.noesis.alignment.prior.DiffusionPrior;
import io.noesis.alignment.prior.KeptPrior;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.TrainingRows;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Draws embeddings by a diffusion prior that was trained behind a fold's encoder. The prior's graph
 * is kept beside the decoder.
 */
final class EncoderPrior {
  private final EncoderPriorSpec spec;
  private final FoldTraining.Task task;
  private final RunFolder run;
  private final FoldTraining training;

  EncoderPrior(
      EncoderPriorSpec spec, FoldTraining.Task task, RunFolder run, FoldTraining training) {
    this.spec = spec;
    this.task = task;
    this.run = run;
    this.training = training;
  }

  /**
   * What was drawn instead of what was decoded.
   *
   * @param values one row for each test row
   * @param facts how much nearer the prior brings training rows that it did not see
   */
  record Drawn(Tensor values, Map<String, String> facts) {}

  /**
   * What a fold's encoder and, where there is one, its prior say of test rows.
   *
   * @param training fits encoders that did not see a part of the rows
   * @param task of the encoder
   * @param run whose files they are
   * @param encoder of the fold
   * @param rows its training rows
   * @param test whose rows
   * @return what was drawn; what was decoded where there is no prior
   */
  static Drawn drawn(
      FoldTraining training,
      FoldTraining.Task task,
      RunFolder run,
      BrainEncoder encoder,
      TrainingRows rows,
      Test test) {
    Optional<EncoderPriorSpec> spec = task.encoder().prior();
    if (spec.isEmpty()) {
      return new Drawn(test.decoded(), encoder.facts());
    }
    Drawn drawn = new EncoderPrior(spec.get(), task, run, training).draw(encoder, rows, test);
    Map<String, String> facts = new LinkedHashMap<>(encoder.facts());
    facts.putAll(drawn.facts());
    return new Drawn(drawn.values(), facts);
  }

  /**
   * Whose test rows are drawn.
   *
   * @param subject label
   * @param responses of its test rows, prepared
   * @param decoded what the encoder makes of them
   * @param seed the root of the subject's randomness in this fold
   */
  record Test(String subject, Tensor responses, Tensor decoded, Seed seed) {}

  /**
   * Trains the prior where it was not trained together with the encoder, and draws.
   *
   * @param encoder of the fold
   * @param rows its training rows
   * @param test of a subject
   * @return the draws
   */
  Drawn draw(BrainEncoder encoder, TrainingRows rows, Test test) {
    boolean together = spec.trained() == EncoderPriorSpec.Trained.TOGETHER;
    Path kept = run.file(file(task.place()));
    if (!together && !Files.isRegularFile(kept)) {
      train(encoder, rows).write(kept, task.metadata());
    }
    if (!together) {
      places().forEach(training::forget);
    }
    KeptPrior prior = KeptPrior.read(kept, task.encoder().priorSettings().orElseThrow());
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(
        "prior",
        String.format(
            Locale.ROOT,
            "%s, %d training rows %s, %d steps",
            together ? "together" : spec.form().name().toLowerCase(Locale.ROOT),
            rows.groups().size(),
            how(together),
            spec.sampling().steps()));
    Tensor condition =
        condition(task.encoder(), encoder, test.responses(), test.subject()).orElse(test.decoded());
    return new Drawn(
        draw(task.encoder(), prior, test.seed(), condition)
            .reshape(test.decoded().shape().toArray()),
        facts);
  }

  private String how(boolean together) {
    if (together) {
      return "by the encoder's own training";
    }
    return spec.folds() == 0
        ? "decoded by the encoder they trained"
        : "decoded by " + spec.folds() + " encoders that did not see them";
  }

  private DiffusionPrior train(BrainEncoder encoder, TrainingRows rows) {
    TrainingRows pairs =
        new TrainingRows(
            shaped(decodedTraining(encoder, rows)), shaped(rows.targets()), rows.groups());
    Seed seed = task.seed().child("prior");
    return training.further(
        priorPlace(),
        "prior",
        circumstances ->
            DiffusionPrior.train(pairs, spec.prior(), spec.training(), seed, circumstances));
  }

  private String priorPlace() {
    return task.place() + "_prior";
  }

  private String withoutPart(int part) {
    return task.place() + "_without-" + (part + 1);
  }

  /** Where checkpoints of the prior and of encoders that helped to train it may lie. */
  private List<String> places() {
    return Stream.concat(
            Stream.of(priorPlace()), IntStream.range(0, spec.folds()).mapToObj(this::withoutPart))
        .toList();
  }

  /** What the prior draws from where it is not the embedding: another output of the network. */
  static Optional<Tensor> condition(
      EncoderSpec spec, BrainEncoder encoder, Tensor responses, String subject) {
    return spec.priorHead()
        .map(
            head ->
                java.util.Objects.requireNonNull(
                    encoder.heads(responses, subject).get(head), head));
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
   * @param decoded one row each: embeddings, or what the prior's other output says
   * @return the draws, of the shape of the prior's embeddings
   */
  static Tensor draw(EncoderSpec encoder, KeptPrior kept, Seed fold, Tensor decoded) {
    EncoderPriorSpec spec = encoder.prior().orElseThrow();
    return kept.sample(shaped(kept, decoded), spec.sampling(), draws(fold));
  }

  /** Decoded rows as a prior takes them. */
  static Tensor shaped(KeptPrior kept, Tensor decoded) {
    int[] axes =
        IntStream.concat(
                IntStream.of(decoded.dim(0)),
                kept.sizes().condition().stream().mapToInt(size -> size))
            .toArray();
    return decoded.reshape(axes);
  }

  private Tensor shaped(Tensor embeddings) {
    return task.encoder().shaped(EncoderSpec.flat(embeddings));
  }

  private Tensor decodedTraining(BrainEncoder encoder, TrainingRows rows) {
    if (spec.folds() == 0) {
      return encoded(encoder, rows);
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
              withoutPart(part),
              task.encoder(),
              task.seed().child("without " + (part + 1)),
              task.metadata());
      Tensor values = encoded(helper(without, rows.some(in), part), rows.some(out));
      for (int i = 0; i < out.length; i++) {
        System.arraycopy(values.array(), i * width, decoded.array(), out[i] * width, width);
      }
    }
    return decoded;
  }

  private BrainEncoder helper(FoldTraining.Task without, TrainingRows rows, int part) {
    return training.helping(without, rows, "encoder without part " + (part + 1));
  }

  /** Each row as one of its subject's. */
  private static Tensor encoded(BrainEncoder encoder, TrainingRows rows) {
    List<String> subjects = rows.recorded().subjects();
    List<String> distinct = new ArrayList<>(new LinkedHashSet<>(subjects));
    Tensor all = Tensor.zeros(rows.targets().shape().toArray());
    int width = all.size() / subjects.size();
    for (String subject : distinct) {
      int[] own =
          IntStream.range(0, subjects.size())
              .filter(row -> subjects.get(row).equals(subject))
              .toArray();
      int voxels = java.util.Objects.requireNonNull(rows.recorded().widths().get(subject));
      Tensor values = encoder.encode(cut(rows.responses().rows(own), voxels), subject);
      for (int i = 0; i < own.length; i++) {
        System.arraycopy(values.array(), i * width, all.array(), own[i] * width, width);
      }
    }
    return all;
  }

  /** Without the zeros that fill rows up to the widest subject. */
  private static Tensor cut(Tensor responses, int width) {
    int[] sizes = responses.shape().toArray();
    int from = responses.size() / sizes[0];
    sizes[1] = width;
    Tensor own = Tensor.zeros(sizes);
    int to = own.size() / sizes[0];
    for (int row = 0; row < sizes[0]; row++) {
      System.arraycopy(responses.array(), row * from, own.array(), row * to, to);
    }
    return own;
  }
}
