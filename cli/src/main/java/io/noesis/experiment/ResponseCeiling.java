package io.noesis.experiment;

import io.noesis.ingest.glm.NoiseCeiling;
import io.noesis.ingest.study.ResponseKind;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.SubjectResponses;
import io.noesis.ingest.study.SubjectResponses.Note;
import io.noesis.ingest.study.Trial;
import io.noesis.ingest.study.TrialTable;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How much of the test responses' variance is not noise, where test stimuli were repeated. */
final class ResponseCeiling {
  private ResponseCeiling() {}

  /** One line of the data card; nothing without repetitions of the same stimulus. */
  static Optional<Note> of(SubjectResponses subject, List<Split> folds) {
    if (subject.kind() == ResponseKind.SAMPLES) {
      return Optional.empty();
    }
    int[] test =
        folds.stream()
            .flatMapToInt(f -> Arrays.stream(f.rows(Split.Part.TEST)))
            .distinct()
            .sorted()
            .toArray();
    TrialTable trials = subject.trials().select(test);
    Map<String, Integer> repetitions = new HashMap<>();
    for (Trial trial : trials.trials()) {
      repetitions.merge(trial.stimulus(), 1, Integer::sum);
    }
    long repeated = repetitions.values().stream().filter(n -> n > 1).count();
    if (repeated < 2) {
      return Optional.empty();
    }
    NoiseCeiling ceiling =
        NoiseCeiling.measure(
            flat(subject.responses().rows(test)),
            trials.trials().stream().map(Trial::stimulus).toList(),
            trials.trials().stream().map(Trial::session).toList());
    int[] counts = repetitions.values().stream().mapToInt(Integer::intValue).toArray();
    float[] percent = ceiling.percent(counts).array().clone();
    Arrays.sort(percent);
    return Optional.of(
        new Note(
            "noise ceiling of averaged test responses",
            String.format(
                Locale.ROOT,
                "median %s %.0f %%, 90th percentile %.0f %% of variance (%d repeated stimuli)",
                subject.epochs().isPresent() ? "channel and sample" : "voxel",
                percent[percent.length / 2],
                percent[(int) (0.9 * (percent.length - 1))],
                repeated)));
  }

  private static Tensor flat(Tensor rows) {
    return rows.shape().rank() == 2
        ? rows
        : rows.reshape(rows.dim(0), rows.size() / Math.max(1, rows.dim(0)));
  }
}
