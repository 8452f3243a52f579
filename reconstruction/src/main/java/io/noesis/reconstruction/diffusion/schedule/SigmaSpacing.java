package io.noesis.reconstruction.diffusion.schedule;

/** Where the noise levels of a run lie. */
public enum SigmaSpacing {
  /** At the visited steps of training. */
  TRAINED,
  /** Dense at little noise (Karras et al. 2022, arXiv:2206.00364, eq. 5, rho 7). */
  KARRAS,
  /** Evenly in the logarithm. */
  EXPONENTIAL;

  private static final double RHO = 7;

  /** {@code count} levels from {@code first} down to {@code last}, not for TRAINED. */
  double[] levels(double first, double last, int count) {
    double[] out = new double[count];
    for (int i = 0; i < count; i++) {
      double ramp = count == 1 ? 0 : (double) i / (count - 1);
      out[i] = this == KARRAS ? karras(first, last, ramp, RHO) : exponential(first, last, ramp);
    }
    return out;
  }

  static double karras(double first, double last, double ramp, double rho) {
    double from = Math.pow(first, 1 / rho);
    return Math.pow(from + ramp * (Math.pow(last, 1 / rho) - from), rho);
  }

  static double exponential(double first, double last, double ramp) {
    return Math.exp(Math.log(first) + ramp * (Math.log(last) - Math.log(first)));
  }
}
