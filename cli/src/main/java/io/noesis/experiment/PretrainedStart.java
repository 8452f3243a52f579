package io.noesis.experiment;

import io.noesis.alignment.train.Pretrainer;
import io.noesis.alignment.train.Pretrainer.Pretrained;
import io.noesis.alignment.train.Trainer;
import io.noesis.alignment.train.TrainingRun;
import io.noesis.alignment.train.TrainingSpec;
import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.NetworkTrainer;
import io.noesis.encoders.Pretraining;
import io.noesis.encoders.TrainedWeights;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.architecture.Architectures;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Parameters;
import io.noesis.ingest.study.FitRecord;
import io.noesis.ingest.study.Split;
import io.noesis.run.CorruptDataException;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.SafetensorsWriter;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Trains networks on from what they learned of responses alone. The weights of the last stage are
 * kept beside the decoder, with its lineage.
 */
final class PretrainedStart implements FoldTraining.Trainers {
  private static final String FACT = "fact ";

  /** After a decoder's place: what it started from. */
  private static final String PRETRAINED = "_pretrained.safetensors";

  private final RunFolder run;
  private final FoldTraining.Task task;
  private final PretrainingSpec spec;
  private final Supplier<Unlabelled> unlabelled;

  private PretrainedStart(
      RunFolder run,
      FoldTraining.Task task,
      PretrainingSpec spec,
      Supplier<Unlabelled> unlabelled) {
    this.run = run;
    this.task = task;
    this.spec = spec;
    this.unlabelled = unlabelled;
  }

  /** Rows to pretrain on, whose they are, and the lineage of what comes of them. */
  private record Unlabelled(TrainingRows rows, String words, Map<String, String> metadata) {}

  /**
   * The trainers of a task: from random weights where its recipe asks for no pretraining.
   *
   * @param run where the pretrained weights go
   * @param task what is fitted
   * @param rows that can be had
   */
  static FoldTraining.Trainers of(RunFolder run, FoldTraining.Task task, Rows rows) {
    if (task.encoder().pretraining().isEmpty()) {
      return Trainer::of;
    }
    PretrainingSpec spec = task.encoder().pretraining().get();
    if (spec.weights().isPresent()) {
      return new PublishedStart(task.encoder(), spec.weights().get());
    }
    Supplier<Unlabelled> unlabelled =
        switch (spec.rows()) {
          case TRAINING -> () -> own(rows.training(), spec, task);
          case ALL_TRIALS -> () -> own(rows.all().get(), spec, task);
          case OTHER_SUBJECTS, OTHER_STUDY -> () -> others(rows);
          case PUBLISHED -> throw new IllegalStateException("published weights have no rows");
        };
    return new PretrainedStart(run, task, spec, unlabelled);
  }

  /**
   * What a network may be pretrained on.
   *
   * @param training the rows of the fold, of all its subjects
   * @param all training and test responses, for recipes that ask for both
   * @param lineages of the run
   * @param decoded label of the subject, the first of several
   * @param fold its number
   * @param progress hears of others that are read
   */
  record Rows(
      TrainingRows training,
      Supplier<TrainingRows> all,
      Lineages lineages,
      String decoded,
      int fold,
      Progress progress) {}

  private static Unlabelled own(TrainingRows rows, PretrainingSpec spec, FoldTraining.Task task) {
    return new Unlabelled(rows, spec.rows().words(), task.metadata());
  }

  private static Unlabelled others(Rows rows) {
    PretrainingSource source = rows.lineages().others().orElseThrow();
    TrainingRows read = source.rows(rows.decoded(), rows.fold(), rows.progress());
    String words = read.groups().size() + " trials of " + source.words(rows.decoded());
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("noesis_run", rows.lineages().identity());
    metadata.putAll(rows.lineages().ofPretraining(rows.decoded(), rows.fold()).metadata());
    return new Unlabelled(read, words, metadata);
  }

  /** What pretraining saw and whom it serves in a fold, where the recipe asks for it. */
  static Optional<FitRecord> fit(DecodingRecipe recipe, Split fold) {
    return recipe
        .encoder()
        .pretraining()
        .filter(spec -> !spec.rows().ofOthers() && spec.weights().isEmpty())
        .map(
            spec -> {
              List<Integer> train = Arrays.stream(fold.rows(Split.Part.TRAIN)).boxed().toList();
              List<Integer> both = new ArrayList<>(train);
              Arrays.stream(fold.rows(Split.Part.TEST)).forEach(both::add);
              boolean all = spec.rows() == PretrainingSpec.Rows.ALL_TRIALS;
              return new FitRecord(
                  "pretraining of " + recipe.encoder().architecture(),
                  spec.rows().words(),
                  all ? both : train,
                  both,
                  fold.name());
            });
  }

  @Override
  public NetworkTrainer make(TrainingSpec training, TrainingRun circumstances) {
    return new OfNetworks(training, circumstances, Map.of());
  }

  /** Pretrains, and trains on from that and from first weights that the network itself has. */
  private final class OfNetworks implements NetworkTrainer {
    private final TrainingSpec training;
    private final TrainingRun circumstances;
    private final Map<String, Tensor> first;

    OfNetworks(TrainingSpec training, TrainingRun circumstances, Map<String, Tensor> first) {
      this.training = training;
      this.circumstances = circumstances;
      this.first = first;
    }

    @Override
    public TrainedWeights train(Layer network, TrainingRows rows, Seed seed) {
      Pretrained pretrained = kept(seed, circumstances, rows);
      Map<String, Tensor> learned =
          Pretraining.renamed(plan(rows).start(), network, pretrained.weights());
      if (spec.rows().ofOthers()) {
        learned.keySet().removeAll(Parameters.ofSubjects(network));
      }
      requireFit(network, plan(rows).start().keySet(), learned);
      Map<String, Tensor> start = new LinkedHashMap<>(first);
      start.putAll(learned);
      TrainedWeights trained =
          Trainer.of(training, start, circumstances).train(network, rows, seed);
      Map<String, String> facts = new LinkedHashMap<>(trained.facts());
      facts.putAll(pretrained.facts());
      return new TrainedWeights(trained.weights(), facts);
    }

    @Override
    public NetworkTrainer from(Map<String, Tensor> other) {
      Map<String, Tensor> all = new LinkedHashMap<>(other);
      all.putAll(first);
      return new OfNetworks(training, circumstances, all);
    }
  }

  private Pretraining plan(TrainingRows rows) {
    String name = task.encoder().architecture();
    return Architectures.pretraining(name, task.encoder().settings(), NetworkSizes.of(rows))
        .orElseThrow(
            () ->
                new RecipeException(
                    "encoder.pretraining: "
                        + name
                        + " has nothing that it could learn without targets. Use mind-vis (voxels),"
                        + " du-in or labram (epochs), or leave encoder.pretraining out."));
  }

  private void requireFit(Layer network, Set<String> prefixes, Map<String, Tensor> start) {
    Set<String> own = Parameters.ofSubjects(network);
    for (String name : Parameters.shapes(network).keySet()) {
      if (prefixes.stream().anyMatch(name::startsWith)
          && !own.contains(name)
          && !start.containsKey(name)) {
        throw new CorruptDataException(
            "starting from "
                + run.file(task.place() + PRETRAINED)
                + ": expected the array of '"
                + name
                + "', found none. It is damaged, or of another release of Noesis, whose network was"
                + " another: delete it, and the run pretrains again.");
      }
    }
    Parameters.shapes(network)
        .forEach(
            (name, shape) -> {
              Tensor weight = start.get(name);
              if (weight != null && !weight.shape().equals(shape)) {
                throw new RecipeException(
                    "encoder.pretraining: what was learned of others does not fit those who are"
                        + " decoded: '"
                        + name
                        + "' is "
                        + weight.shape()
                        + " there and "
                        + shape
                        + " here. Give responses of the same kind (responses.window, settings of"
                        + " encoder.pretraining.study).");
              }
            });
  }

  private Pretrained kept(Seed seed, TrainingRun circumstances, TrainingRows rows) {
    Path file = run.file(task.place() + PRETRAINED);
    if (Files.isRegularFile(file)) {
      return read(file);
    }
    // Refused before others are read.
    plan(rows);
    Unlabelled seen = unlabelled.get();
    Pretrained learned =
        new Pretrainer(plan(seen.rows()), spec.training())
            .run(
                seen.rows(),
                seed.child("pretraining"),
                stage ->
                    circumstances.in(
                        run.file(task.place() + "_pretraining/" + stage),
                        TrainingRun.Start.RESUME));
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("pretrained on", seen.words());
    facts.putAll(learned.facts());
    Pretrained pretrained = new Pretrained(learned.weights(), facts);
    SafetensorsWriter writer =
        new SafetensorsWriter()
            .metadata(seen.metadata())
            .metadata("format", "noesis-pretrained-1")
            .metadata("architecture", task.encoder().architecture())
            .metadata("settings", task.encoder().settings().toString())
            .metadata("rows", spec.rows().words());
    pretrained.facts().forEach((label, value) -> writer.metadata(FACT + label, value));
    pretrained.weights().forEach(writer::add);
    writer.write(file);
    return pretrained;
  }

  private static Pretrained read(Path file) {
    try (Safetensors in = Safetensors.open(file)) {
      Map<String, Tensor> weights = new LinkedHashMap<>();
      in.names().forEach(name -> weights.put(name, in.read(name)));
      Map<String, String> facts = new LinkedHashMap<>();
      in.metadata()
          .forEach(
              (key, value) -> {
                if (key.startsWith(FACT)) {
                  facts.put(key.substring(FACT.length()), value);
                }
              });
      return new Pretrained(weights, facts);
    }
  }
}
