package io.noesis.alignment.score;

/** Logarithms of binomial coefficients from one table, exact to rounding at every pool size. */
final class Hypergeometric {
  private final double[] logFactorial;

  /**
   * @param most the largest number whose factorial is needed
   */
  Hypergeometric(int most) {
    logFactorial = new double[most + 1];
    for (int i = 2; i <= most; i++) {
      logFactorial[i] = logFactorial[i - 1] + StrictMath.log(i);
    }
  }

  /**
   * The probability that at most {@code k - 1} of {@code drawn} others, drawn without replacement
   * from {@code better + worse}, are better: that the truth is among the best {@code k}.
   */
  double truthInTop(int k, int drawn, int better, int worse) {
    double sum = 0;
    double all = logChoose(better + worse, drawn);
    for (int b = Math.max(0, drawn - worse); b <= Math.min(Math.min(k - 1, drawn), better); b++) {
      sum += StrictMath.exp(logChoose(better, b) + logChoose(worse, drawn - b) - all);
    }
    return Math.min(1, sum);
  }

  private double logChoose(int n, int r) {
    return logFactorial[n] - logFactorial[r] - logFactorial[n - r];
  }
}
