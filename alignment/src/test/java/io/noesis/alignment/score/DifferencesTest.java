package io.noesis.alignment.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.Seed;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Paired differences against an enumeration of all exchanges, and what they say of nothing. */
class DifferencesTest {
  private static final String AGREEMENT = "embedding_correlation_centred";

  private static Difference named(List<Difference> all, String metric) {
    return all.stream().filter(d -> d.metric().startsWith(metric)).findFirst().orElseThrow();
  }

  private static Resampling plan(int draws, long seed) {
    return new Resampling(draws, draws, Exchange.ANY_UNIT, Seed.of(seed));
  }

  /** The same rows and pool, decoded well in some rows and by chance in the others. */
  private static Decoding mixed(int n, int well) {
    Decoding perfect = Fixtures.items(n, 2, Fixtures.Quality.PERFECT, 7);
    float[] values = perfect.decoded().values().array().clone();
    float[] noise = Fixtures.gaussian(Seed.of(3).random(), 2 * n, 16).array();
    System.arraycopy(noise, 0, values, 2 * well * 16, (n - well) * 2 * 16);
    return Decoding.of(
            Fixtures.named("t", io.noesis.tensor.Tensor.wrap(values, 2 * n, 16)),
            perfect.rows(),
            perfect.pool(),
            Fixtures.zeroMean(16))
        .withCategories(java.util.Map.of("s000", "a", "s001", "a"));
  }

  /** Eight units have 256 exchanges; the mean of a mean's differences is enumerated by itself. */
  @Test
  void pIsThatOfAllExchanges() {
    Decoding one = mixed(8, 3);
    Decoding other = mixed(8, 1);
    Difference drawn = named(Differences.of(one, other, plan(20_000, 1)), AGREEMENT);
    double[] first = ofUnits(one);
    double[] second = ofUnits(other);
    double observed = mean(first) - mean(second);
    assertEquals(observed, drawn.value(), 1e-12);
    int asLarge = 0;
    for (int pattern = 0; pattern < 256; pattern++) {
      double sum = 0;
      for (int u = 0; u < 8; u++) {
        sum += ((pattern >> u & 1) == 1 ? -1 : 1) * (first[u] - second[u]);
      }
      asLarge += Math.abs(sum / 8) >= Math.abs(observed) - 1e-12 ? 1 : 0;
    }
    double exact = asLarge / 256.0;
    assertEquals(exact, drawn.p(), 4 * Math.sqrt(exact * (1 - exact) / 20_000) + 1e-4);
  }

  private static double[] ofUnits(Decoding decoding) {
    Pairings pairings =
        Metrics.registry().get(AGREEMENT).pairings(DecodingTables.of(decoding, Exchange.ANY_UNIT));
    Pairings.Own own = pairings.own();
    double[] sums = new double[pairings.units()];
    int[] counts = new int[sums.length];
    for (int i = 0; i < own.values().length; i++) {
      sums[own.units()[i]] += own.values()[i];
      counts[own.units()[i]]++;
    }
    Arrays.setAll(sums, u -> sums[u] / counts[u]);
    return sums;
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  /** Kolmogorov-Smirnov against the uniform distribution, below 1.63 / sqrt(200) with 0.99. */
  @Test
  void pIsUniformWhereBothKnowNothing() {
    double[] p = new double[200];
    for (int seed = 0; seed < p.length; seed++) {
      Decoding one = Fixtures.items(20, 2, Fixtures.Quality.RANDOM, 1000 + seed);
      float[] noise = Fixtures.gaussian(Seed.of(seed).child("other").random(), 40, 16).array();
      Decoding other =
          Decoding.of(
              Fixtures.named("t", io.noesis.tensor.Tensor.wrap(noise, 40, 16)),
              one.rows(),
              one.pool(),
              Fixtures.zeroMean(16));
      p[seed] = named(Differences.of(one, other, plan(199, seed)), AGREEMENT).p();
    }
    Arrays.sort(p);
    double distance = 0;
    for (int i = 0; i < p.length; i++) {
      distance = Math.max(distance, Math.max(Math.abs((i + 1.0) / 200 - p[i]), p[i] - i / 200.0));
    }
    double largest = distance;
    assertTrue(largest < 1.63 / Math.sqrt(200), () -> "distance " + largest);
  }

  @Test
  void theBetterOneIsFoundWhicheverWayTheMetricPoints() {
    List<Difference> gains = Differences.of(mixed(30, 25), mixed(30, 5), plan(999, 2));
    for (String metric : List.of("image_from_brain.top1", "image_from_brain.median_rank")) {
      Difference gain = named(gains, metric);
      assertTrue(gain.better(0.01) && gain.gain() > 0, gain::toString);
      assertEquals(30, gain.n());
    }
    assertTrue(named(gains, "image_from_brain.median_rank").value() < 0);
    assertTrue(gains.stream().noneMatch(d -> d.metric().startsWith("brain_from_image")));
    Difference turned = named(Differences.of(mixed(30, 5), mixed(30, 25), plan(999, 2)), AGREEMENT);
    Difference straight = named(gains, AGREEMENT);
    assertEquals(-straight.value(), turned.value(), 1e-12);
    assertEquals(-straight.low(), turned.high(), 1e-12);
    assertEquals(straight.p(), turned.p(), 1e-12);
    assertTrue(turned.worse(0.01) && !turned.better(0.01));
  }

  @Test
  void equalDecodingsDifferByNothing() {
    Difference none = named(Differences.of(mixed(20, 10), mixed(20, 10), plan(199, 3)), AGREEMENT);
    assertEquals(0, none.value());
    assertEquals(0, none.low());
    assertEquals(0, none.high());
    assertEquals(1, none.p());
    assertFalse(none.better(0.05) || none.worse(0.05));
  }

  @Test
  void rowsOfFoldsThatShareTrainingAreJudgedMoreCarefully() {
    Resampling apart = plan(999, 4);
    Decoding one = mixed(16, 6);
    Decoding other = mixed(16, 3);
    double p = named(Differences.of(one, other, apart), AGREEMENT).p();
    double careful =
        named(Differences.of(one, other, apart.with(Resampling.Training.EXCHANGED)), AGREEMENT).p();
    assertTrue(careful > p, () -> careful + " against " + p);
  }

  @Test
  void otherRowsAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Differences.of(mixed(8, 3), mixed(9, 3), plan(99, 5)));
  }
}
