package io.noesis.alignment.triple;

import io.noesis.run.Check;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import java.util.ArrayList;
import java.util.List;

/**
 * DistMult (Yang et al. 2015, arXiv:1412.6575): a triple's logit is {@code Σ_d e_d r_d o_d} of its
 * concepts' vectors, here with a constant for each concept of each slot; shares are softmax over
 * all triples. Slots with equal lists of concepts share vectors, not constants. The likelihood of
 * the triples seen, times a Gaussian of variance {@code 1 / penalty} for every number (which is
 * what smooths), is climbed by Adam (Kingma and Ba 2015, arXiv:1412.6980) over all triples at once;
 * the first vectors are Gaussian, of a fixed seed.
 *
 * @param width of the vectors
 * @param penalty pull of vectors and constants towards 0
 * @param steps of Adam
 */
public record DistMultPrior(int width, double penalty, int steps) implements TriplePrior {
  private static final double RATE = 0.05;
  private static final double FIRST = 0.3;
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  /** Checks the numbers. */
  public DistMultPrior {
    Check.argument(
        width > 0 && steps > 0 && penalty >= 0 && Double.isFinite(penalty),
        "prior of triples 'distmult': expected a width and steps of at least 1 and a penalty of at"
            + " least 0, found %d, %d and %s",
        width,
        steps,
        penalty);
  }

  /** Vectors of 16. */
  public static DistMultPrior defaults() {
    return new DistMultPrior(16, 1, 300);
  }

  @Override
  public double[] logShares(List<List<String>> concepts, List<int[]> seen) {
    Combinations all = Combinations.of(concepts);
    Places at = new Places(concepts, width);
    double[] numbers = new double[at.size];
    PinnedRandom random = Seed.of(0).child("distmult").random();
    for (int i = 0; i < at.vectors; i++) {
      numbers[i] = FIRST * random.nextGaussian();
    }
    double[] shares = new double[all.count()];
    double[] found = new double[all.count()];
    seen.forEach(places -> found[all.number(places)] += 1.0 / seen.size());
    double[] mean = new double[numbers.length];
    double[] square = new double[numbers.length];
    for (int step = 1; step <= steps; step++) {
      logShares(all, at, numbers, shares);
      double[] slope = slope(all, at, numbers, found, shares);
      for (int i = 0; i < numbers.length; i++) {
        double own = slope[i] - penalty * numbers[i] / seen.size();
        mean[i] = BETA1 * mean[i] + (1 - BETA1) * own;
        square[i] = BETA2 * square[i] + (1 - BETA2) * own * own;
        double first = mean[i] / (1 - StrictMath.pow(BETA1, step));
        double second = square[i] / (1 - StrictMath.pow(BETA2, step));
        numbers[i] += RATE * first / (Math.sqrt(second) + EPSILON);
      }
    }
    logShares(all, at, numbers, shares);
    return shares;
  }

  /** Where the numbers of a concept are. */
  private static final class Places {
    private final int[] firstVector;
    private final int[] firstConstant;
    private final int vectors;
    private final int size;

    Places(List<List<String>> concepts, int width) {
      firstVector = new int[concepts.size()];
      firstConstant = new int[concepts.size()];
      List<List<String>> known = new ArrayList<>();
      List<Integer> starts = new ArrayList<>();
      int next = 0;
      for (int slot = 0; slot < firstVector.length; slot++) {
        int before = known.indexOf(concepts.get(slot));
        firstVector[slot] = before < 0 ? next : starts.get(before);
        if (before < 0) {
          known.add(concepts.get(slot));
          starts.add(next);
          next += width * concepts.get(slot).size();
        }
      }
      vectors = next;
      for (int slot = 0; slot < firstConstant.length; slot++) {
        firstConstant[slot] = next;
        next += concepts.get(slot).size();
      }
      size = next;
    }
  }

  private void logShares(Combinations all, Places at, double[] numbers, double[] into) {
    all.each(
        (number, places) -> {
          double logit = 0;
          for (int slot = 0; slot < places.length; slot++) {
            logit += numbers[at.firstConstant[slot] + places[slot]];
          }
          for (int d = 0; d < width; d++) {
            double product = 1;
            for (int slot = 0; slot < places.length; slot++) {
              product *= numbers[at.firstVector[slot] + places[slot] * width + d];
            }
            logit += product;
          }
          into[number] = logit;
        });
    double largest = Double.NEGATIVE_INFINITY;
    for (double logit : into) {
      largest = Math.max(largest, logit);
    }
    double sum = 0;
    for (double logit : into) {
      sum += StrictMath.exp(logit - largest);
    }
    double log = largest + StrictMath.log(sum);
    for (int i = 0; i < into.length; i++) {
      into[i] -= log;
    }
  }

  /** Of the mean log-likelihood: what was seen minus what is expected. */
  private double[] slope(
      Combinations all, Places at, double[] numbers, double[] found, double[] logShares) {
    double[] slope = new double[numbers.length];
    all.each(
        (number, places) -> {
          double more = found[number] - StrictMath.exp(logShares[number]);
          for (int slot = 0; slot < places.length; slot++) {
            slope[at.firstConstant[slot] + places[slot]] += more;
            for (int d = 0; d < width; d++) {
              double others = more;
              for (int other = 0; other < places.length; other++) {
                others *=
                    other == slot ? 1 : numbers[at.firstVector[other] + places[other] * width + d];
              }
              slope[at.firstVector[slot] + places[slot] * width + d] += others;
            }
          }
        });
    return slope;
  }

  @Override
  public String describe() {
    return "DistMult of width " + width + ", penalty " + penalty + ", " + steps + " steps";
  }
}
