package io.noesis.report;

import io.noesis.report.RidgePanel.ContrastLine;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** How numbers are written, the same on the page and in the terminal. */
final class Numbers {
  /** What stands where there is no number. */
  static final String NONE = "n/a";

  private Numbers() {}

  /**
   * Decimals that suit all numbers of a score, so that value, interval and null can be compared:
   * three up to 1.5, two below ten, one below a thousand.
   */
  static int decimals(ScoreLine score) {
    Double ceiling = score.ceiling();
    return decimals(
        score.value(),
        score.low(),
        score.high(),
        score.chance(),
        score.nullLow(),
        score.nullHigh(),
        ceiling == null ? 0 : ceiling);
  }

  /** Decimals that suit a difference and its interval. */
  static int decimals(ContrastLine contrast) {
    return decimals(contrast.value(), contrast.low(), contrast.high());
  }

  /** Decimals that suit a score with and without a region, and their difference. */
  static int decimals(AblationPanel.RegionLine region) {
    return decimals(
        region.difference(), region.low(), region.high(), region.whole(), region.without());
  }

  /** Decimals that suit all of these numbers. */
  static int decimals(double... numbers) {
    double largest =
        DoubleStream.of(numbers).filter(Double::isFinite).map(Math::abs).max().orElse(0);
    return largest <= 1.5 ? 3 : largest < 10 ? 2 : largest < 1000 ? 1 : 0;
  }

  /** A number with that many decimals; {@value #NONE} when there is none. */
  static String format(double value, int decimals) {
    if (!Double.isFinite(value)) {
      return NONE;
    }
    String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
    return text.matches("-0\\.?0*") ? text.substring(1) : text;
  }

  /** A permutation p: three decimals, more where three would say 0.000. */
  static String p(double p) {
    return format(p, pDecimals(p));
  }

  /** How many decimals a p needs. */
  static int pDecimals(double p) {
    return p >= 0.001 || !(p > 0) ? 3 : Math.min(8, (int) Math.ceil(-Math.log10(p)));
  }
}
