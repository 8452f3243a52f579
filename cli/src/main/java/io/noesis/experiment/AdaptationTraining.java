package io.noesis.experiment;

import io.noesis.alignment.train.FreezeSpec;
import io.noesis.alignment.train.Lineage;
import io.noesis.alignment.train.Trainer;
import io.noesis.alignment.train.TrainingSpec;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.architecture.AdapterStart;
import io.noesis.encoders.architecture.SharedNetwork;
import io.noesis.experiment.AdaptationSpec.Against;
import io.noesis.experiment.AdaptationSpec.Tune;
import io.noesis.ingest.study.Split;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Adapts the networks of an earlier run to a new subject, with more and more of its training
 * trials, and decodes its test trials each time. The trials of a point are among those of the next.
 */
final class AdaptationTraining {
  private static final String ADAPTED = "adapted";

  private final DecodingRecipe recipe;
  private final AdaptationSpec spec;
  private final Parent parent;
  private final RunFolder run;
  private final Execution execution;
  private final Progress progress;
  private final Lineages lineages;

  AdaptationTraining(Parent parent, RunFolder run, Execution execution, Work work) {
    this.recipe = work.recipe();
    this.spec = recipe.adaptation().orElseThrow();
    this.parent = parent;
    this.run = run;
    this.execution = execution;
    this.progress = work.progress();
    this.lineages = work.lineages();
  }

  /** What is the same for all subjects. */
  record Work(DecodingRecipe recipe, Progress progress, Lineages lineages) {}

  /**
   * Adapts and decodes.
   *
   * @param subject its rows
   * @return what the network that was adapted with most trials decoded
   */
  Decoded train(SubjectWork subject) {
    int folds = subject.folds().size();
    List<Integer> numbers = numbers(subject);
    int most = numbers.get(numbers.size() - 1);
    int fits = numbers.size() * (1 + spec.against().size()) * folds;
    FoldProgress stage = new FoldProgress(progress, "sub-" + subject.label() + ": adapting", fits);
    FoldTraining training = new FoldTraining(run, execution, stage);
    List<LearningPoint> points = new ArrayList<>();
    for (int number : numbers) {
      points.add(
          number == most ? kept(training, subject, most) : adapted(training, subject, number));
      for (Against other : spec.against()) {
        points.add(against(training, subject, number, other));
      }
    }
    LearningPoint.writeList(run, subject.label(), points);
    Decoded decoded = subject.end(run);
    stage.done(decoded.inWords() + ", " + numbers + " training trials");
    return decoded;
  }

  /** How many training trials each point has, ascending. */
  private List<Integer> numbers(SubjectWork subject) {
    int all = subject.folds().stream().mapToInt(AdaptationTraining::trainingTrials).min().orElse(0);
    TreeSet<Integer> numbers = new TreeSet<>();
    spec.shares().forEach(share -> numbers.add((int) Math.max(2, Math.round(share * all))));
    for (int number : spec.trials()) {
      if (number > all) {
        throw new RecipeException(
            "adapting to subject "
                + subject.label()
                + ": "
                + number
                + " training trials are asked for, there are "
                + all
                + ". Ask for fewer (--trials), or for a share (--curve).");
      }
      numbers.add(number);
    }
    return List.copyOf(numbers);
  }

  private static int trainingTrials(Split split) {
    return split.rows(Split.Part.TRAIN).length;
  }

  /** The first so many of a fold's training trials in an order that is the same for all numbers. */
  private int[] some(SubjectWork subject, int fold, int number) {
    Split split = subject.folds().get(fold);
    int[] train = split.rows(Split.Part.TRAIN);
    int[] order = seed(subject, fold).child("trials").random().permutation(train.length);
    return Arrays.stream(order).limit(number).map(i -> train[i]).sorted().toArray();
  }

  private Seed seed(SubjectWork subject, int fold) {
    return Training.seed(recipe, subject.label(), subject.folds().get(fold).name())
        .child("adaptation");
  }

  private LearningPoint kept(FoldTraining training, SubjectWork subject, int number) {
    Folds folds = new Folds();
    for (int f = 0; f < subject.folds().size(); f++) {
      int fold = f;
      int[] train = some(subject, f, number);
      FoldRows rows = subject.rows(f, train);
      SharedNetwork shared = parent.network(f);
      Lineage lineage = lineages.lineage(subject, train, parent.lineage(f));
      FoldTraining.Task task =
          new FoldTraining.Task(
              Decoded.decoderPlace(Decoded.folder(subject.label()), f),
              adapting(subject, number),
              seed(subject, f),
              lineages.metadata(lineage, subject.folds().get(f), subject.label()));
      BrainEncoder encoder =
          training.kept(
              task,
              () -> {
                BrainEncoder own = adapt(training, task, subject.label(), fold, rows);
                return spec.tune() == Tune.SUBJECT ? shared.with(own) : own;
              });
      Tensor decoded =
          subject.decode(
              f,
              rows,
              encoder,
              by -> new EncoderPrior.Drawn(decoded(by, subject, rows), by.facts()));
      folds.add(decoded, rows, subject.exchanged(f, encoder, rows));
      subject.heads(encoder, rows);
      CaptionedHead.keep(run, recipe, subject, encoder, rows);
      new Ablating(run, recipe)
          .decode(
              subject,
              f,
              rows,
              encoder,
              test -> EncoderPrior.drawn(training, task, run, encoder, rows.train(), test));
      new RidgeBeside(run, execution, recipe.encoder())
          .decode(subject.label(), f, rows.train(), rows);
    }
    return folds.kept(run, subject, new Point(ADAPTED, number, recipe.encoder()));
  }

  /** Ridge is told nothing. */
  private static Tensor decoded(BrainEncoder encoder, SubjectWork subject, FoldRows rows) {
    Map<String, Tensor> told = encoder.inputs().isEmpty() ? Map.of() : rows.told();
    return EncoderSpec.flat(encoder.encode(rows.test(), subject.label(), told));
  }

  /** From the parent's shared part, and where it has a template from a map in closed form. */
  private BrainEncoder adapt(
      FoldTraining training, FoldTraining.Task task, String subject, int fold, FoldRows rows) {
    SharedNetwork shared = parent.network(fold);
    TrainingRows own = shared.rowsOf(subject, rows.train());
    Map<String, Tensor> given = new LinkedHashMap<>(shared.shared());
    Optional<AdapterStart> template = parent.start(fold);
    Optional<AdapterStart.First> start = template.map(first -> first.of(own));
    start.ifPresent(first -> given.putAll(first.weights()));
    return training.fit(
        task,
        own,
        (how, circumstances) ->
            start
                .map(first -> Trainer.refining(how, given, circumstances).noting(first.facts()))
                .orElseGet(() -> Trainer.of(how, given, circumstances)),
        new FoldTraining.Taught(template.flatMap(AdapterStart::targets), shared.linear(own)));
  }

  private LearningPoint adapted(FoldTraining training, SubjectWork subject, int number) {
    return unkept(
        training,
        subject,
        new Point(ADAPTED, number, adapting(subject, number)),
        (task, fold, rows) -> adapt(training, task, subject.label(), fold, rows));
  }

  private LearningPoint against(
      FoldTraining training, SubjectWork subject, int number, Against other) {
    if (other == Against.RIDGE) {
      return unkept(
          training,
          subject,
          new Point("ridge", number, EncoderSpec.defaults()),
          (task, fold, rows) -> training.fit(task, rows.train(), Trainer::of));
    }
    TrainingSpec all = recipe.encoder().training().orElseGet(TrainingSpec::defaults);
    return unkept(
        training,
        subject,
        new Point("scratch", number, learning(all, subject, number)),
        (task, fold, rows) ->
            training.fit(
                task, parent.network(fold).rowsOf(subject.label(), rows.train()), Trainer::of));
  }

  /** A point of the curve before it is fitted. */
  private record Point(String model, int trials, EncoderSpec encoder) {}

  @FunctionalInterface
  private interface FoldFit {
    BrainEncoder fit(FoldTraining.Task task, int fold, FoldRows rows);
  }

  /** A point of which only what it decodes is kept. */
  private LearningPoint unkept(
      FoldTraining training, SubjectWork subject, Point point, FoldFit fit) {
    Optional<LearningPoint> earlier =
        LearningPoint.read(run, subject.label(), point.model(), point.trials());
    Folds folds = new Folds();
    for (int f = 0; f < subject.folds().size(); f++) {
      String place = LearningPoint.place(subject.label(), point.model(), point.trials());
      FoldTraining.Task task =
          new FoldTraining.Task(
              String.format("%s/fold-%03d", place, f + 1),
              point.encoder(),
              seed(subject, f),
              Map.of());
      if (earlier.isEmpty()) {
        FoldRows rows = subject.rows(f, some(subject, f, point.trials()));
        BrainEncoder encoder = fit.fit(task, f, rows);
        folds.add(decoded(encoder, subject, rows), rows, subject.exchanging(f, encoder, rows));
      }
      training.done(task);
    }
    return earlier.orElseGet(() -> folds.kept(run, subject, point));
  }

  /** What is decoded of the folds of one point. */
  private static final class Folds {
    private final List<Tensor> values = new ArrayList<>();
    private final List<Tensor> means = new ArrayList<>();
    private final List<List<Tensor>> exchanged = new ArrayList<>();

    void add(Tensor decoded, FoldRows rows, List<Tensor> draws) {
      values.add(decoded);
      means.add(rows.meanTarget());
      exchanged.add(draws);
    }

    LearningPoint kept(RunFolder run, SubjectWork subject, Point of) {
      LearningPoint point =
          new LearningPoint(
              of.model(),
              of.trials(),
              Tensor.concatenate(values.toArray(Tensor[]::new)),
              Tensor.concatenate(means.toArray(Tensor[]::new)),
              ExchangedResponses.joined(exchanged));
      point.write(run, subject.label());
      return point;
    }
  }

  /** The encoder with the settings of the adaptation's training. */
  private EncoderSpec adapting(SubjectWork subject, int number) {
    TrainingSpec training =
        spec.training().or(() -> recipe.encoder().training()).orElseGet(TrainingSpec::defaults);
    TrainingSpec chosen =
        spec.tune() == Tune.SUBJECT ? training.withFreeze(FreezeSpec.shared()) : training;
    // A map that is as good as it can be in closed form needs no more epochs for fewer trials.
    return parent.start(0).isPresent() ? encoder(chosen) : learning(chosen, subject, number);
  }

  /** As many steps for few trials as for all. */
  private EncoderSpec learning(TrainingSpec training, SubjectWork subject, int number) {
    int all =
        subject.folds().stream().mapToInt(AdaptationTraining::trainingTrials).min().orElse(number);
    int epochs = Math.toIntExact((long) training.epochs() * all / number);
    return encoder(training.withEpochs(epochs));
  }

  private EncoderSpec encoder(TrainingSpec training) {
    return new EncoderSpec(
        recipe.encoder().architecture(),
        recipe.encoder().settings(),
        EncoderSpec.Subjects.EACH,
        recipe.encoder().start(),
        Optional.of(training),
        Optional.empty(),
        Optional.empty(),
        recipe.encoder().tokens(),
        recipe.encoder().heads(),
        recipe.encoder().inputs(),
        recipe.encoder().rescale());
  }
}
