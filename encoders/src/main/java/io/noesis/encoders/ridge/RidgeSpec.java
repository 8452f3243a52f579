package io.noesis.encoders.ridge;

import io.noesis.encoders.torch.Precision;
import io.noesis.run.Check;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The settings of a ridge fit.
 *
 * @param penalties the penalties α to choose from, in the units of ‖Y − XW‖² + α‖W‖²; sorted
 *     ascending; with a single one nothing is chosen and no folds are needed
 * @param choice one penalty for all targets, or one for each
 * @param folds into how many parts the training rows are split to choose; when the caller gives
 *     fewer groups than that, each group is a part
 * @param validation which rows are left out to compare penalties
 * @param fractions when not empty, fractional ridge: the lengths of the weights to choose from, as
 *     fractions of their length without a penalty, above 0 and at most 1; the penalties are then
 *     found for each target and those above are not used
 * @param form by which decomposition to solve
 * @param precision in which large problems are summed; small ones always use float64. float32 takes
 *     about half the time and is good to about 10⁻⁶ of the largest weight while α is above 10⁻⁶ of
 *     the largest eigenvalue of XXᵀ
 * @param inMemory how many numbers the weights, or the targets of all training trials, may have to
 *     be held in memory in a run; where they have more, weights go to a file as they are found and
 *     targets are read by blocks of columns ({@link StreamedRidge})
 */
public record RidgeSpec(
    List<Double> penalties,
    PenaltyChoice choice,
    int folds,
    Validation validation,
    List<Double> fractions,
    RidgeForm form,
    Precision precision,
    long inMemory) {
  /** What one array of Java holds, less a little. */
  private static final long ARRAY = 2_000_000_000;

  /** Checks and copies. */
  public RidgeSpec {
    Check.argument(!penalties.isEmpty(), "ridge penalties: expected at least one, found none");
    for (double penalty : penalties) {
      Check.argument(
          penalty > 0 && penalty < Double.POSITIVE_INFINITY,
          "ridge penalties: expected finite numbers above 0, found %s",
          penalty);
    }
    Check.argument(folds >= 2, "ridge folds: expected at least 2, found %d", folds);
    for (double fraction : fractions) {
      Check.argument(
          fraction > 0 && fraction <= 1,
          "ridge fractions: expected numbers above 0 and at most 1, found %s",
          fraction);
    }
    Check.argument(
        fractions.size() < 2 || validation == Validation.FOLDS,
        "ridge fractions: left-out single rows have no closed form for %d fractions; choose"
            + " validation folds",
        fractions.size());
    Check.argument(
        inMemory >= 1 && inMemory <= ARRAY,
        "ridge in memory: expected 1 to %d numbers, found %d",
        ARRAY,
        inMemory);
    penalties = penalties.stream().distinct().sorted().toList();
    fractions = fractions.stream().distinct().sorted(Comparator.reverseOrder()).toList();
  }

  /** Penalties compared on folds, in float64 and the form that fits the shape. */
  public RidgeSpec(List<Double> penalties, PenaltyChoice choice, int folds) {
    this(
        penalties,
        choice,
        folds,
        Validation.FOLDS,
        List.of(),
        RidgeForm.AUTO,
        Precision.FLOAT64,
        ARRAY);
  }

  /** 21 penalties from 10⁻² to 10⁸ in half decades, one for all targets, at most 5 folds. */
  public static RidgeSpec defaults() {
    return new RidgeSpec(logSpaced(1e-2, 1e8, 21), PenaltyChoice.SHARED, 5);
  }

  /** A given penalty: nothing is chosen. */
  public static RidgeSpec fixed(double penalty) {
    return new RidgeSpec(List.of(penalty), PenaltyChoice.SHARED, 2);
  }

  /**
   * Penalties in equal ratios.
   *
   * @param from the smallest, above 0
   * @param to the largest
   * @param count how many
   * @return ascending
   */
  public static List<Double> logSpaced(double from, double to, int count) {
    Check.argument(
        from > 0 && to >= from && count >= 1,
        "log-spaced penalties: expected 0 < from <= to and count >= 1, found from %s, to %s, count %d",
        from,
        to,
        count);
    double low = StrictMath.log10(from);
    double step = count == 1 ? 0 : (StrictMath.log10(to) - low) / (count - 1);
    List<Double> out = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      out.add(StrictMath.pow(10, low + i * step));
    }
    return List.copyOf(out);
  }

  /** The same settings with other penalties. */
  public RidgeSpec withPenalties(List<Double> others) {
    return new RidgeSpec(others, choice, folds, validation, fractions, form, precision, inMemory);
  }

  /** The same settings with another choice. */
  public RidgeSpec withChoice(PenaltyChoice other) {
    return new RidgeSpec(penalties, other, folds, validation, fractions, form, precision, inMemory);
  }

  /** The same settings with penalties compared on other rows. */
  public RidgeSpec withValidation(Validation other) {
    return new RidgeSpec(penalties, choice, folds, other, fractions, form, precision, inMemory);
  }

  /** The same settings with lengths of the weights to choose from instead of penalties. */
  public RidgeSpec withFractions(List<Double> others) {
    return new RidgeSpec(penalties, choice, folds, validation, others, form, precision, inMemory);
  }

  /** The same settings in another form. */
  public RidgeSpec withForm(RidgeForm other) {
    return new RidgeSpec(
        penalties, choice, folds, validation, fractions, other, precision, inMemory);
  }

  /** The same settings with large problems summed in another precision. */
  public RidgeSpec withPrecision(Precision other) {
    return new RidgeSpec(penalties, choice, folds, validation, fractions, form, other, inMemory);
  }

  /** The same settings with other room for weights and targets. */
  public RidgeSpec withInMemory(long other) {
    return new RidgeSpec(penalties, choice, folds, validation, fractions, form, precision, other);
  }

  /**
   * Whether a fit of that size is one for {@link StreamedRidge}.
   *
   * @param rows training trials
   * @param columns numbers in a response
   * @param targets numbers in an embedding
   */
  public boolean streams(long rows, long columns, long targets) {
    return Math.max(rows, columns) * targets > inMemory;
  }

  /** What is compared: the fractions, descending, when there are some, else the penalties. */
  List<Double> grid() {
    return fractions.isEmpty() ? penalties : fractions;
  }
}
