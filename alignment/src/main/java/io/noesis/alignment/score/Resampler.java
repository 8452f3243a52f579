package io.noesis.alignment.score;

import io.noesis.run.Parallel;
import io.noesis.run.PinnedRandom;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Draws permutations and bootstrap resamples of units. Draw b takes its numbers from a child of its
 * own, the same for all metrics, so neither threads nor the list of metrics change a result.
 */
public final class Resampler {
  private static final int DRAWS_PER_BLOCK = 16;

  private final Resampling plan;

  /**
   * @param plan how many draws, from which seed
   */
  public Resampler(Resampling plan) {
    this.plan = plan;
  }

  /** What is done with one draw; called from several threads, once per draw. */
  @FunctionalInterface
  public interface Draw {
    /**
     * Uses one draw.
     *
     * @param draw its number
     * @param units which units count; in a bootstrap one may count more than once
     * @param truths the unit whose truth each of them takes; read, never written
     */
    void accept(int draw, int[] units, int[] truths);
  }

  double[] nulls(Pairings pairings) {
    double[] out = new double[plan.permutations()];
    permutations(
        pairings.rows().group(), (b, units, truths) -> out[b] = pairings.of(units, truths));
    return widened(out);
  }

  /** Values of a null as far from their mean as the roles of the tested rows ask for. */
  double[] widened(double[] nulls) {
    double width = plan.training().width();
    double mean = width == 1 ? 0 : Arrays.stream(nulls).average().orElseThrow();
    return width == 1 ? nulls : Arrays.stream(nulls).map(v -> mean + width * (v - mean)).toArray();
  }

  double[] replicates(Pairings pairings) {
    double[] out = new double[plan.bootstraps()];
    bootstraps(pairings.units(), (b, units, truths) -> out[b] = pairings.of(units, truths));
    return out;
  }

  /**
   * Random exchanges of truths within groups, as many as the plan has permutations.
   *
   * @param group the group of each unit, numbered from 0
   * @param use takes each draw
   */
  public void permutations(int[] group, Draw use) {
    int[][] members = Pairings.membersOf(group);
    int[] identity = identity(group.length);
    overDraws(
        plan.permutations(),
        b -> {
          PinnedRandom random = plan.seed().child("permutation").child("" + b).random();
          int[] truths = new int[group.length];
          for (int[] units : members) {
            int[] order = random.permutation(units.length);
            for (int i = 0; i < units.length; i++) {
              truths[units[i]] = units[order[i]];
            }
          }
          use.accept(b, identity, truths);
        });
  }

  /**
   * Resamples of units with replacement, each with its own truth, as many as the plan has.
   *
   * @param units how many units there are
   * @param use takes each draw
   */
  public void bootstraps(int units, Draw use) {
    overDraws(
        plan.bootstraps(),
        b -> {
          PinnedRandom random = plan.seed().child("bootstrap").child("" + b).random();
          int[] drawn = new int[units];
          Arrays.setAll(drawn, i -> random.nextInt(units));
          use.accept(b, drawn, drawn);
        });
  }

  /** Which units are exchanged between two encoders, as often as the plan has permutations. */
  void exchanges(int units, Differences.Exchanged use) {
    overDraws(
        plan.permutations(),
        b ->
            use.accept(
                b,
                Differences.tosses(plan.seed().child("exchange").child("" + b).random(), units)));
  }

  private static void overDraws(int draws, IntConsumer one) {
    Parallel.forBlocks(
        draws,
        DRAWS_PER_BLOCK,
        (from, to) -> {
          for (int b = from; b < to; b++) {
            one.accept(b);
          }
        });
  }

  private static int[] identity(int n) {
    int[] out = new int[n];
    Arrays.setAll(out, i -> i);
    return out;
  }
}
