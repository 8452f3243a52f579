package io.noesis.ingest.glm;

import io.noesis.run.Check;
import org.apache.commons.math3.special.Gamma;

/**
 * A haemodynamic response function: the difference of two gamma densities, {@code g(t - dt; a / b,
 * b) - ratio * g(t - dt; c / d, d)}, cut at {@code lengthSeconds} and scaled to sum to one on its
 * sampling grid (Friston et al. 1998, doi:10.1006/nimg.1997.0306; Glover 1999,
 * doi:10.1006/nimg.1998.0419). Constants and sampling are those of SPM as nilearn uses them, the
 * shift by one grid step {@code dt} included.
 *
 * @param name the name in recipes
 * @param peakDelaySeconds a: shape of the peak times its dispersion
 * @param undershootDelaySeconds c: shape of the undershoot times its dispersion
 * @param peakDispersionSeconds b: scale of the peak
 * @param undershootDispersionSeconds d: scale of the undershoot
 * @param ratio depth of the undershoot relative to the peak
 * @param lengthSeconds where the response is cut
 */
public record Hrf(
    String name,
    double peakDelaySeconds,
    double undershootDelaySeconds,
    double peakDispersionSeconds,
    double undershootDispersionSeconds,
    double ratio,
    double lengthSeconds) {

  public Hrf {
    Check.argument(
        peakDispersionSeconds > 0 && undershootDispersionSeconds > 0,
        "the dispersions of haemodynamic response '%s' must be positive, found %s and %s",
        name,
        peakDispersionSeconds,
        undershootDispersionSeconds);
    Check.argument(
        lengthSeconds > 0,
        "the length of haemodynamic response '%s' must be positive, found %s s",
        name,
        lengthSeconds);
  }

  /**
   * The response on a grid of {@code trSeconds / oversampling} steps, summing to one.
   *
   * @param trSeconds the time between two volumes
   * @param oversampling grid steps per volume
   * @return one value per grid step, owned by the caller
   */
  public double[] kernel(double trSeconds, int oversampling) {
    Check.argument(
        trSeconds > 0 && oversampling > 0,
        "sampling haemodynamic response '%s': TR %s s and oversampling %d must be positive",
        name,
        trSeconds,
        oversampling);
    double dt = trSeconds / oversampling;
    int n = (int) Math.rint(lengthSeconds / dt);
    Check.argument(
        n >= 2,
        "sampling haemodynamic response '%s': a grid of %s s leaves %d samples of %s s, need 2",
        name,
        dt,
        n,
        lengthSeconds);
    double[] values = new double[n];
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double t = i * (lengthSeconds / (n - 1)) - dt;
      values[i] =
          gamma(t, peakDelaySeconds, peakDispersionSeconds)
              - ratio * gamma(t, undershootDelaySeconds, undershootDispersionSeconds);
      sum += values[i];
    }
    for (int i = 0; i < n; i++) {
      values[i] /= sum;
    }
    return values;
  }

  /** The density of the gamma distribution of that mean and scale at t. */
  private static double gamma(double t, double mean, double scale) {
    if (t <= 0) {
      return 0;
    }
    double shape = mean / scale;
    double x = t / scale;
    return Math.exp((shape - 1) * Math.log(x) - x - Gamma.logGamma(shape)) / scale;
  }
}
