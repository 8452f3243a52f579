package io.noesis.experiment;

import io.noesis.experiment.ResponseSpec.Standardize;
import io.noesis.experiment.ResponseSpec.Unit;
import io.noesis.experiment.ResponseSpec.Whiten;
import io.noesis.experiment.ResponseSpec.Window;
import io.noesis.ingest.signal.NoiseWhitener;
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
import java.util.Locale;
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
    int[] seen = spec.standardize() == Standardize.ALL_TRIALS ? both(train, test) : train;
    Fitted fitted = fit(seen);
    List<int[]> trained = Repetitions.groups(subject.trials(), train, spec.average().train());
    List<int[]> tested = Repetitions.groups(subject.trials(), test, spec.average().test());
    boolean learnt = fitted.whitener().isPresent() || fitted.scale().isPresent();
    return new Prepared(
        rows(train, trained, fitted),
        firsts(train, trained),
        rows(test, tested, fitted),
        firsts(test, tested),
        learnt ? Optional.of(record(split, seen, both(train, test))) : Optional.empty(),
        fitted.preparation());
  }

  /**
   * Rows that nobody decodes, prepared as those of a fold and scaled by themselves.
   *
   * @param rows of the trial table
   * @return {@code [rows, ...]}, single trials
   */
  Tensor alone(int[] rows) {
    Fitted fitted = fit(rows);
    return fitted.preparation().scaled(whitened(rows, fitted.whitener()));
  }

  /** What some rows say of all. */
  private record Fitted(
      Optional<NoiseWhitener> whitener, Optional<ResponseScaler> scale, Preparation preparation) {}

  private Fitted fit(int[] seen) {
    Optional<NoiseWhitener> whitener = whitener(seen);
    Optional<ResponseScaler> scale = scaler(whitened(seen, whitener), seen);
    Preparation preparation =
        new Preparation(
            spec.standardize(),
            axes(),
            timing,
            whitener,
            scale,
            spec.clamp(),
            subject.columns().mask(),
            Optional.empty(),
            subject.columns().choice());
    return new Fitted(whitener, scale, preparation);
  }

  private Optional<NoiseWhitener> whitener(int[] seen) {
    if (spec.whiten() == Whiten.NONE) {
      return Optional.empty();
    }
    if (subject.epochs().isEmpty()) {
      throw new RecipeException(
          "preparing the responses of subject "
              + subject.subject()
              + ": responses.whiten is "
              + spec.whiten().name().toLowerCase(Locale.ROOT)
              + ", which needs epochs [trials, channels, samples]; these responses have no time"
              + " axis. Leave it out.");
    }
    List<String> stimuli =
        Arrays.stream(seen).mapToObj(row -> subject.trials().get(row).stimulus()).toList();
    return Optional.of(NoiseWhitener.fit(responses.rows(seen), stimuli, sessions(seen), seen));
  }

  private List<String> sessions(int[] rows) {
    return Arrays.stream(rows)
        .mapToObj(row -> spec.whiten() == Whiten.SESSION ? subject.trials().get(row).session() : "")
        .toList();
  }

  private Tensor whitened(int[] rows, Optional<NoiseWhitener> whitener) {
    Tensor some = responses.rows(rows);
    return whitener.map(w -> w.apply(some, sessions(rows))).orElse(some);
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

  private Optional<ResponseScaler> scaler(Tensor rows, int[] seen) {
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
    return Optional.of(
        ResponseScaler.fit(
            rows,
            channels ? ResponseScaler.Unit.CHANNEL : ResponseScaler.Unit.FEATURE,
            spec.spread(),
            seen));
  }

  private FitRecord record(Split split, int[] seen, int[] applied) {
    return new FitRecord(
        spec.transform(
            subject.epochs().isPresent() ? ResponseSpec.Epochs.YES : ResponseSpec.Epochs.NO),
        spec.standardize() == Standardize.ALL_TRIALS ? "all trials" : "training trials",
        boxed(seen),
        boxed(applied),
        split.name());
  }

  private Tensor rows(int[] rows, List<int[]> groups, Fitted fitted) {
    Tensor scaled = fitted.preparation().scaled(whitened(rows, fitted.whitener()));
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
