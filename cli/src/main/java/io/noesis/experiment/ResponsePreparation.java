package io.noesis.experiment;

import io.noesis.experiment.ResponseSpec.Standardize;
import io.noesis.experiment.ResponseSpec.Unit;
import io.noesis.experiment.ResponseSpec.Window;
import io.noesis.ingest.signal.Epochs;
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
  private final Tensor responses;

  ResponsePreparation(ResponseSpec spec, SubjectResponses subject) {
    this.spec = spec;
    this.subject = subject;
    this.responses = timed();
  }

  /**
   * The rows of a fold, prepared alike.
   *
   * @param train {@code [rows, ...]}
   * @param trained the trial of each, the first of those that were averaged
   * @param test {@code [rows, ...]}
   * @param tested the trial of each, the first of those that were averaged
   * @param fit what the scale was learnt from, where there is one
   */
  record Prepared(
      Tensor train,
      List<Integer> trained,
      Tensor test,
      List<Integer> tested,
      Optional<FitRecord> fit) {}

  /** The positions of the sensors; empty where there are none. */
  List<List<Double>> positions() {
    return subject.epochs().map(EpochAxes::positions).orElse(List.of());
  }

  private Tensor timed() {
    Optional<Window> baseline = spec.baseline();
    Optional<Window> window = spec.window();
    if (baseline.isEmpty() && window.isEmpty()) {
      return subject.responses();
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
    Tensor out = subject.responses();
    if (baseline.isPresent()) {
      int[] samples = axes.window(baseline.get().fromSeconds(), baseline.get().toSeconds());
      out = Epochs.withoutMean(out, samples[0], samples[1]);
    }
    if (window.isPresent()) {
      int[] samples = axes.window(window.get().fromSeconds(), window.get().toSeconds());
      out = Epochs.cut(out, samples[0], samples[1]);
    }
    return out;
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
    return new Prepared(
        rows(train, trained, scale),
        firsts(train, trained),
        rows(test, tested, scale),
        firsts(test, tested),
        scale.map(s -> fit(split, s, both(train, test))));
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

  private Tensor rows(int[] rows, List<int[]> groups, Optional<ResponseScaler> scale) {
    Tensor own = responses.rows(rows);
    Tensor scaled = scale.isPresent() ? scale.get().apply(own) : own;
    Tensor bounded =
        spec.clamp().isPresent() ? Epochs.clamp(scaled, spec.clamp().getAsDouble()) : scaled;
    return groups.size() == rows.length ? bounded : Repetitions.means(bounded, groups);
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
