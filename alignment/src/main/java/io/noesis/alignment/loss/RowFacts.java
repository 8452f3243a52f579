package io.noesis.alignment.loss;

import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * What is known of the rows of a batch.
 *
 * @param subjects the number of each row's subject; empty when all are of one
 * @param stimuli the number of each row's stimulus; empty when all have their own
 * @param mixed how the responses were mixed; empty when they were not
 */
public record RowFacts(List<Long> subjects, List<Integer> stimuli, Optional<Mixed> mixed) {
  /** Rows of one subject, each of a stimulus of its own, not mixed. */
  public static final RowFacts NONE = new RowFacts(List.of(), List.of(), Optional.empty());

  /** Copies. */
  public RowFacts {
    subjects = List.copyOf(subjects);
    stimuli = List.copyOf(stimuli);
  }

  boolean sameSubject(int a, int b) {
    return subjects.isEmpty() || subjects.get(a).equals(subjects.get(b));
  }

  boolean sameStimulus(int a, int b) {
    return !stimuli.isEmpty() && stimuli.get(a).equals(stimuli.get(b));
  }

  /** 0 where column j is told from the own target of row i, else −∞: {@code [rows, rows]}. */
  Tensor mask(int rows, Negatives which) {
    Check.argument(
        (subjects.isEmpty() || subjects.size() == rows)
            && (stimuli.isEmpty() || stimuli.size() == rows),
        "computing a loss of %d rows: the facts are of %d subjects and %d stimuli",
        rows,
        subjects.size(),
        stimuli.size());
    Tensor mask = Tensor.zeros(rows, rows).map(zero -> Double.NEGATIVE_INFINITY);
    for (int i = 0; i < rows; i++) {
      mask.array()[i * rows + i] = 0;
      int left = which.most() == 0 ? rows : which.most();
      for (int step = 1; step < rows && left > 0; step++) {
        int j = (i + step) % rows;
        if (which.count(this, i, j)) {
          mask.array()[i * rows + j] = 0;
          left--;
        }
      }
    }
    return mask;
  }
}
