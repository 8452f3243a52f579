package io.noesis.reconstruction.score;

import io.noesis.alignment.score.Resampler;
import io.noesis.alignment.score.Resampling;
import io.noesis.alignment.score.Score;
import io.noesis.alignment.score.Statistics;
import io.noesis.alignment.score.Statistics.Interval;
import io.noesis.run.Check;
import java.util.Arrays;
import java.util.OptionalDouble;

/** The one place where a pairing becomes a {@link Score}. */
final class PairScores {
  private static final double LEVEL = 0.95;

  private PairScores() {}

  /**
   * The score of the true pairs with its bootstrap interval over stimuli and the null of exchanged
   * brains.
   *
   * @param metric the name, with the pool size where there is a pool
   * @param direction which way is better
   * @param pairs the value of any pairing
   * @param plan how intervals and nulls are drawn
   * @param protocol what two labs must share to compare
   */
  static Score of(
      String metric,
      Score.Direction direction,
      PairStatistic pairs,
      Resampling plan,
      String protocol) {
    int n = pairs.units();
    int[] identity = new int[n];
    Arrays.setAll(identity, i -> i);
    double observed = pairs.of(identity, identity);
    Check.argument(Double.isFinite(observed), "metric %s came out as %f", metric, observed);
    Resampler resampler = new Resampler(plan);
    double[] nulls = new double[plan.permutations()];
    resampler.permutations(new int[n], (b, made, shown) -> nulls[b] = pairs.of(made, shown));
    double[] replicates = new double[plan.bootstraps()];
    resampler.bootstraps(n, (b, made, shown) -> replicates[b] = pairs.of(made, shown));
    widen(nulls, plan.training() == Resampling.Training.EXCHANGED ? Math.sqrt(2) : 1);
    Interval interval = Statistics.percentileInterval(replicates, LEVEL);
    Interval band = Statistics.percentileInterval(nulls, LEVEL);
    return new Score(
        metric,
        observed,
        interval.low(),
        interval.high(),
        pairs.chance().orElseGet(() -> Arrays.stream(nulls).average().orElseThrow()),
        band.low(),
        band.high(),
        Statistics.permutationP(nulls, observed, direction),
        n,
        "stimulus",
        direction,
        OptionalDouble.empty(),
        protocol(plan, protocol));
  }

  /** As {@link Resampling.Training#EXCHANGED} has it. */
  private static void widen(double[] nulls, double width) {
    double mean = Arrays.stream(nulls).average().orElseThrow();
    Arrays.setAll(nulls, b -> width == 1 ? nulls[b] : mean + width * (nulls[b] - mean));
  }

  private static String protocol(Resampling plan, String protocol) {
    return String.format(
        "%s; ties count against the truth; null: %d permutations of which response each was made"
            + " from%s; %d bootstrap resamples of stimuli; seed %d:%s",
        protocol,
        plan.permutations(),
        plan.training() == Resampling.Training.EXCHANGED
            ? ", widened by sqrt(2), as tested rows train other folds"
            : "",
        plan.bootstraps(),
        plan.seed().root(),
        plan.seed().path());
  }
}
