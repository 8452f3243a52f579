package io.noesis.ingest.study;

import io.noesis.run.Check;
import io.noesis.run.Fingerprint;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which part each trial belongs to. A split is named and hashed, so that two results can be told to
 * stand on the same one. Several splits of one table make the folds of a cross-validation.
 *
 * @param name for example {@code leave-run-out/run-03}
 * @param parts one part per row of the trial table
 */
public record Split(String name, List<Part> parts) {
  /** What a trial is used for. */
  public enum Part {
    /** Seen by whatever is fitted. */
    TRAIN,
    /** Chooses settings (early stopping, penalties); never reported as a result. */
    VALIDATION,
    /** Only scored. */
    TEST,
    /** Left aside, for example as a gap between train and test. */
    UNUSED
  }

  /** Copies the parts; a split without training or test trials is refused. */
  public Split {
    parts = List.copyOf(parts);
    Check.argument(
        parts.contains(Part.TRAIN) && parts.contains(Part.TEST),
        "the split '%s' of %d trials needs at least one TRAIN and one TEST trial",
        name,
        parts.size());
  }

  /**
   * The rows of one part, ascending.
   *
   * @param part which part
   * @return row numbers, owned by the caller
   */
  public int[] rows(Part part) {
    return IntStream.range(0, parts.size()).filter(i -> parts.get(i) == part).toArray();
  }

  /** SHA-256 of the parts in row order. */
  public String hash() {
    StringBuilder text = new StringBuilder("noesis-split-1:");
    for (Part part : parts) {
      text.append(part.name().charAt(0)).append(part.name().charAt(1));
    }
    return Fingerprint.ofText(text.toString());
  }
}
