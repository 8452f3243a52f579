package io.noesis.experiment;

import io.noesis.experiment.ResponseSpec.Standardize;
import io.noesis.experiment.ResponseSpec.Unit;
import io.noesis.experiment.ResponseSpec.Window;
import io.noesis.ingest.signal.ResponseScaler;
import io.noesis.ingest.study.EpochAxes;
import io.noesis.ingest.study.FitRecord;
import io.noesis.ingest.study.Repetitions;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.SubjectResponses;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** One subject's responses as a recipe wants them: what learns nothing once, the rest by fold. */
final class ResponsePreparation {
  private final ResponseSpec spec;
  private final SubjectResponses subject;
  private final Preparation.Timing timing;
  private final Tensor responses;

  ResponsePreparation(ResponseSpec spec, SubjectResponses subject) {
    this.spec = spec;
    this.subject = subject;
    this.timing = timing();
    this.responses = timing.apply(subject.responses());
  }

  /**
   * The rows of a fold, prepared alike.
   *
   * @param train {@code [rows, ...]}
   * @param trained the trial of each, the first of those that were averaged
   * @param test {@code [rows, ...]}
   * @param tested the trial of each, the first of those that were averaged
   * @param fit what the scale was learnt from, where there is one
   * @param preparation what was done, to be done to new responses
   */
  record Prepared(
      Tensor train,
      List<Integer> trained,
      Tensor test,
      List<Integer> tested,
      Optional<FitRecord> fit,
      Preparation preparation) {}

  private Preparation.Timing timing() {
    Optional<Window> baseline = spec.baseline();
    Optional<Window> window = spec.window();
    if (baseline.isEmpty() && window.isEmpty()) {
      return Preparation.Timing.NONE;
    }
    EpochAxes axes =
        subject
            .epochs()
            .orElseThrow(
                () ->
                    new RecipeException(
                        "preparing the responses of subject "
                            + subject.subject()
                            + ": the recipe has responses.window or responses.baseline, which need"
                            + " epochs [trials, channels, samples]; these responses have no time"
                            + " axis. Leave both out."));
    return new Preparation.Timing(baseline.map(w -> cut(axes, w)), window.map(w -> cut(axes, w)));
  }

  private static Preparation.Cut cut(EpochAxes axes, Window window) {
    int[] samples = axes.window(window.fromSeconds(), window.toSeconds());
    return new Preparation.Cut(samples[0], samples[1]);
  }

  /**
   * @param split a fold
   * @param train rows of the trial table that may be seen
   */
  Prepared of(Split split, int[] train) {
    int[] test = split.rows(Split.Part.TEST);
    Optional<ResponseScaler> scale = scaler(train, test);
    List<int[]> trained = Repetitions.groups(subject.trials(), train, spec.average().train());
    List<int[]> tested = Repetitions.groups(subject.trials(), test, spec.average().test());
    Preparation preparation =
        new Preparation(
            spec.standardize(),
            axes(),
            timing,
            scale,
            spec.clamp(),
            subject.columns().mask(),
            Optional.empty(),
            subject.columns().choice());
    return new Prepared(
        rows(train, trained, preparation),
        firsts(train, trained),
        rows(test, tested, preparation),
        firsts(test, tested),
        scale.map(s -> fit(split, s, both(train, test))),
        preparation);
  }

  /**
   * Rows that nobody decodes, prepared as those of a fold and scaled by themselves.
   *
   * @param rows of the trial table
   * @return {@code [rows, ...]}, single trials
   */
  Tensor alone(int[] rows) {
    Preparation preparation =
        new Preparation(
            spec.standardize(),
            axes(),
            timing,
            scaler(rows, new int[0]),
            spec.clamp(),
            subject.columns().mask(),
            Optional.empty(),
            subject.columns().choice());
    return preparation.scaled(responses.rows(rows));
  }

  /** Of a response before voxels were chosen. */
  private List<Integer> axes() {
    return subject
        .columns()
        .choice()
        .map(choice -> List.of(choice.of()))
        .orElseGet(
            () -> Arrays.stream(subject.responses().shape().toArray()).skip(1).boxed().toList());
  }

  private Optional<ResponseScaler> scaler(int[] train, int[] test) {
    if (spec.standardize() == Standardize.NONE) {
      return Optional.empty();
    }
    if (spec.unit() == Unit.CHANNEL && subject.epochs().isEmpty()) {
      throw new RecipeException(
          "preparing the responses of subject "
              + subject.subject()
              + ": responses.unit is channel, which needs epochs [trials, channels, samples]; these"
              + " responses have no time axis. Use auto or feature.");
    }
    boolean channels =
        spec.unit() == Unit.CHANNEL || (spec.unit() == Unit.AUTO && subject.epochs().isPresent());
    int[] seen = spec.standardize() == Standardize.ALL_TRIALS ? both(train, test) : train;
    return Optional.of(
        ResponseScaler.fit(
            responses.rows(seen),
            channels ? ResponseScaler.Unit.CHANNEL : ResponseScaler.Unit.FEATURE,
            spec.spread(),
            seen));
  }

  private FitRecord fit(Split split, ResponseScaler scale, int[] applied) {
    return new FitRecord(
        spec.transform(
            subject.epochs().isPresent() ? ResponseSpec.Epochs.YES : ResponseSpec.Epochs.NO),
        spec.standardize() == Standardize.ALL_TRIALS ? "all trials" : "training trials",
        boxed(scale.fittedRows()),
        boxed(applied),
        split.name());
  }

  private Tensor rows(int[] rows, List<int[]> groups, Preparation preparation) {
    Tensor scaled = preparation.scaled(responses.rows(rows));
    return groups.size() == rows.length ? scaled : Repetitions.means(scaled, groups);
  }

  private static List<Integer> firsts(int[] rows, List<int[]> groups) {
    return groups.stream().map(group -> rows[group[0]]).toList();
  }

  private static int[] both(int[] train, int[] test) {
    return IntStream.concat(Arrays.stream(train), Arrays.stream(test)).sorted().toArray();
  }

  private static List<Integer> boxed(int[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
