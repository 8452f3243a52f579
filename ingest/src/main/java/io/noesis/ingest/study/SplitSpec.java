package io.noesis.ingest.study;

import io.noesis.run.Check;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How trials are split, as a recipe says it.
 *
 * @param rule a name of {@link SplitRules}
 * @param fraction share of the units that is tested, where a rule makes one split; in (0, 1)
 * @param folds how many splits; 0 leaves it to the rule (one split, or one per run or category)
 * @param validation share of the training units that chooses settings instead; in [0, 1)
 * @param heldOut categories that {@code leave-category-out} tests together; empty for one fold each
 * @param together how many categories {@code leave-category-out} tests together: every combination
 *     of that many is a fold
 * @param gap trials on either side of a tested block that {@code contiguous-blocks} leaves aside
 * @param group a column of the stimulus table: {@code by-stimulus} keeps stimuli with one value of
 *     it together
 * @param files split tables that the rule "file" reads, one per fold; {@code {subject}} stands for
 *     the subject's label
 */
public record SplitSpec(
    String rule,
    double fraction,
    int folds,
    double validation,
    List<String> heldOut,
    int together,
    int gap,
    Optional<String> group,
    List<Path> files) {
  /** Checks the ranges and copies the lists. */
  public SplitSpec {
    Check.argument(
        fraction > 0 && fraction < 1, "fraction: expected a number in (0, 1), found %s", fraction);
    Check.argument(
        validation >= 0 && validation < 1,
        "validation: expected a number in [0, 1), found %s",
        validation);
    Check.argument(
        folds == 0 || folds >= 2,
        "folds: expected 0 (the rule decides) or 2 and more, found %d",
        folds);
    Check.argument(together >= 1, "together: expected 1 and more, found %d", together);
    Check.argument(gap >= 0, "gap: expected 0 and more trials, found %d", gap);
    heldOut = List.copyOf(heldOut);
    files = List.copyOf(files);
  }

  /** A fifth of the stimuli is tested. */
  public static SplitSpec defaults() {
    return new SplitSpec("by-stimulus", 0.2, 0, 0, List.of(), 1, 0, Optional.empty(), List.of());
  }

  /** The same by another rule. */
  public SplitSpec withRule(String other) {
    return new SplitSpec(other, fraction, folds, validation, heldOut, together, gap, group, files);
  }

  /** The same with another tested share. */
  public SplitSpec withFraction(double other) {
    return new SplitSpec(rule, other, folds, validation, heldOut, together, gap, group, files);
  }

  /** The same with another number of folds. */
  public SplitSpec withFolds(int other) {
    return new SplitSpec(rule, fraction, other, validation, heldOut, together, gap, group, files);
  }

  /** The same with another share of training units that chooses settings. */
  public SplitSpec withValidation(double other) {
    return new SplitSpec(rule, fraction, folds, other, heldOut, together, gap, group, files);
  }

  /** The same with other held-out categories. */
  public SplitSpec withHeldOut(List<String> other) {
    return new SplitSpec(rule, fraction, folds, validation, other, together, gap, group, files);
  }

  /** The same with every combination of that many categories tested together. */
  public SplitSpec withTogether(int other) {
    return new SplitSpec(rule, fraction, folds, validation, heldOut, other, gap, group, files);
  }

  /** The same with that many trials left aside on either side of a tested block. */
  public SplitSpec withGap(int other) {
    return new SplitSpec(rule, fraction, folds, validation, heldOut, together, other, group, files);
  }

  /** The same with stimuli kept together by a column. */
  public SplitSpec withGroup(String other) {
    return new SplitSpec(
        rule, fraction, folds, validation, heldOut, together, gap, Optional.of(other), files);
  }

  /** The same with other files. */
  public SplitSpec withFiles(List<Path> other) {
    return new SplitSpec(rule, fraction, folds, validation, heldOut, together, gap, group, other);
  }
}
