package io.noesis.alignment.triple;

import io.noesis.run.Check;
import java.util.List;

/**
 * How often triples were seen, smoothed towards slots that know nothing of each other: {@code p(c)
 * = (n(c) + κ ∏ m_i(c_i)) / (N + κ)} with {@code m_i(k) = (n_i(k) + 1) / (N + K_i)}, where n counts
 * stimuli, N is their number and K_i the number of concepts of slot i (a Dirichlet prior of weight
 * κ about the product of the slots' own shares, those smoothed after Laplace).
 *
 * @param smoothing κ, how many stimuli the product counts for; above 0
 */
public record CountPrior(double smoothing) implements TriplePrior {
  /** Checks the number. */
  public CountPrior {
    Check.argument(
        smoothing > 0 && Double.isFinite(smoothing),
        "prior of triples 'counts': expected smoothing above 0, or what was never seen could not"
            + " be; found %s",
        smoothing);
  }

  /** The product counts for ten stimuli. */
  public static CountPrior defaults() {
    return new CountPrior(10);
  }

  @Override
  public double[] logShares(List<List<String>> concepts, List<int[]> seen) {
    Combinations all = Combinations.of(concepts);
    double[] counts = new double[all.count()];
    double[][] own = new double[concepts.size()][];
    for (int slot = 0; slot < own.length; slot++) {
      own[slot] = new double[concepts.get(slot).size()];
    }
    for (int[] places : seen) {
      counts[all.number(places)]++;
      for (int slot = 0; slot < own.length; slot++) {
        own[slot][places[slot]]++;
      }
    }
    double total = seen.size();
    double[] logs = new double[counts.length];
    all.each(
        (number, places) -> {
          double product = 1;
          for (int slot = 0; slot < own.length; slot++) {
            product *= (own[slot][places[slot]] + 1) / (total + own[slot].length);
          }
          logs[number] =
              StrictMath.log((counts[number] + smoothing * product) / (total + smoothing));
        });
    return logs;
  }

  @Override
  public String describe() {
    return "counts of training stimuli, smoothed by " + smoothing + " of independent slots";
  }
}
