package io.noesis.alignment.embedding;

import io.noesis.encoders.Choices;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * All targets of stimuli of which one is drawn whenever a network in training sees a response.
 *
 * @param ids of the stimuli
 * @param counts how many each has
 * @param values those of the first stimulus, then of the second, and so on, {@code [targets, dim]}
 */
public record SeveralTargets(List<String> ids, List<Integer> counts, Tensor values) {
  /** Checks the counts, and copies. */
  public SeveralTargets {
    ids = List.copyOf(ids);
    counts = List.copyOf(counts);
    Check.size("numbers of targets, one per stimulus", ids.size(), counts.size());
    Check.size(
        "targets of all stimuli", counts.stream().mapToInt(Integer::intValue).sum(), values.dim(0));
  }

  /**
   * Those that trials draw from.
   *
   * @param stimuli what each showed
   * @return one row per trial
   */
  public Choices of(List<String> stimuli) {
    Map<String, List<Integer>> own = new HashMap<>();
    int from = 0;
    for (int i = 0; i < ids.size(); i++) {
      own.put(ids.get(i), IntStream.range(from, from + counts.get(i)).boxed().toList());
      from += counts.get(i);
    }
    return new Choices(
        values, stimuli.stream().map(id -> Objects.requireNonNull(own.get(id))).toList());
  }
}
