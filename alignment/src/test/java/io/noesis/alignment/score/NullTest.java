package io.noesis.alignment.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.embedding.Embeddings;
import io.noesis.run.DataException;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.distribution.HypergeometricDistribution;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;

/** Nulls and intervals against what theory says of them. */
class NullTest {
  /**
   * Kolmogorov-Smirnov against the uniform distribution: of 200 p values the largest distance stays
   * below 1.63 / sqrt(200) with probability 0.99.
   */
  @Test
  void pIsUniformWithoutSignal() {
    double[] p = new double[200];
    for (int seed = 0; seed < p.length; seed++) {
      Decoding random = Fixtures.items(20, 2, Fixtures.Quality.RANDOM, 1000 + seed);
      p[seed] =
          Metrics.score(
                  "embedding_correlation_centred",
                  random,
                  new Resampling(199, 1, Exchange.ANY_UNIT, Seed.of(seed)))
              .p();
    }
    Arrays.sort(p);
    double distance = 0;
    for (int i = 0; i < p.length; i++) {
      distance = Math.max(distance, Math.max(Math.abs((i + 1.0) / 200 - p[i]), p[i] - i / 200.0));
    }
    double largest = distance;
    assertTrue(largest < 1.63 / Math.sqrt(200), () -> "distance " + largest);
  }

  /**
   * Two categories, n rows, a shown and b said as the first: under random pairing the number of
   * rows that are right is {@code n - a - b + 2 X} with X hypergeometric.
   */
  @Test
  void theBandOfRecognitionIsHypergeometric() {
    Decoding d = Fixtures.categories(2, 60, Fixtures.Quality.RANDOM, 5);
    CategoryDecoding said = CategoryDecoding.of(d);
    String first = d.pool().ids().get(0);
    int a = (int) said.predictions().stream().filter(p -> p.shown().equals(first)).count();
    int b = (int) said.predictions().stream().filter(p -> p.said().equals(first)).count();
    Score score =
        Metrics.score(
            "category_accuracy", d, new Resampling(20_000, 1, Exchange.ANY_UNIT, Seed.of(2)));
    HypergeometricDistribution overlap = new HypergeometricDistribution(null, 60, a, b);
    assertEquals(
        (60.0 - a - b + 2 * overlap.inverseCumulativeProbability(0.025)) / 60,
        score.nullLow(),
        1e-12);
    assertEquals(
        (60.0 - a - b + 2 * overlap.inverseCumulativeProbability(0.975)) / 60,
        score.nullHigh(),
        1e-12);
    assertEquals((60.0 - a - b + 2 * overlap.getNumericalMean()) / 60, score.chance(), 1e-12);
    int right = (int) Math.round(score.value() * 60);
    double exact = overlap.upperCumulativeProbability((right - 60 + a + b) / 2);
    assertEquals(exact, score.p(), 4 * Math.sqrt(exact * (1 - exact) / 20_000));
  }

  /** The bootstrap interval of a mean against the normal one, over units of one row. */
  @Test
  void theIntervalOfAMeanIsThatOfTheNormalDistribution() {
    int n = 400;
    Decoding d = Fixtures.items(n, 1, Fixtures.Quality.RANDOM, 11);
    Score score =
        Metrics.score(
            "image_from_brain.two_way", d, new Resampling(1, 4000, Exchange.ANY_UNIT, Seed.of(4)));
    double deviation = 1 / Math.sqrt(12 * n); // the rank is uniform
    double half = new NormalDistribution(null, 0, 1).inverseCumulativeProbability(0.975);
    assertEquals(score.value() - half * deviation, score.low(), 0.15 * deviation);
    assertEquals(score.value() + half * deviation, score.high(), 0.15 * deviation);
  }

  /** Repetitions of a stimulus are not independent: units, not rows, set the width of the band. */
  @Test
  void trialsOfOneStimulusMoveTogether() {
    Decoding once = Fixtures.items(40, 1, Fixtures.Quality.RANDOM, 3);
    Decoding copied = copies(once, 9);
    Resampling plan = new Resampling(500, 500, Exchange.ANY_UNIT, Seed.of(1));
    for (String name : List.of("image_from_brain.two_way", "embedding_correlation_centred")) {
      Score a = Metrics.score(name, once, plan);
      Score b = Metrics.score(name, copied, plan);
      assertEquals(40, b.n());
      assertEquals(a.nullHigh(), b.nullHigh(), 1e-9);
      assertEquals(a.low(), b.low(), 1e-9);
      assertEquals(a.p(), b.p(), 1e-12);
    }
  }

  private static Decoding copies(Decoding d, int times) {
    List<String> ids = new ArrayList<>();
    List<Decoding.Row> rows = new ArrayList<>();
    int[] which = new int[d.rows().size() * times];
    for (int i = 0; i < which.length; i++) {
      which[i] = i / times;
      ids.add("copy" + i);
      rows.add(d.rows().get(which[i]));
    }
    return new Decoding(
        new Embeddings(d.decoded().space(), ids, d.decoded().values().rows(which)),
        rows,
        d.pool(),
        d.poolCategories(),
        d.trainingMeans(),
        d.setting());
  }

  /**
   * A decoder that only knows the run, where runs differ in which category they mostly show: an
   * exchange among all calls that signal, an exchange within runs does not.
   */
  @Test
  void exchangeWithinRunsSeesThroughRuns() {
    Decoding d = runOnly();
    Resampling plan = Resampling.standard(Seed.of(9));
    Score among = Metrics.score("category_accuracy", d, plan);
    Score within = Metrics.score("category_accuracy", d, plan.with(Exchange.WITHIN_RUN));
    assertEquals(0.75, among.value(), 1e-12);
    assertEquals(0.5, among.chance(), 1e-12);
    assertTrue(among.p() < 0.01, among::toString);
    assertEquals(0.75, within.chance(), 1e-12);
    assertEquals(1, within.p(), 1e-12);
    assertTrue(within.insideNull() && within.protocol().contains("within runs of"));
  }

  @Test
  void runsThatShowOneThingOnlyCannotBeExchangedWithin() {
    Decoding d = Fixtures.items(6, 2, Fixtures.Quality.RANDOM, 1);
    DataException spans =
        assertThrows(
            DataException.class,
            () -> Metrics.score(d, Resampling.standard(Seed.of(1)).with(Exchange.WITHIN_RUN)));
    assertTrue(spans.getMessage().contains("s000"), spans.getMessage());
    Decoding blocks = oneCategoryPerRun();
    DataException same =
        assertThrows(
            DataException.class,
            () -> Metrics.score(blocks, Resampling.standard(Seed.of(1)).with(Exchange.WITHIN_RUN)));
    assertTrue(same.getMessage().contains("changes nothing"), same.getMessage());
  }

  private static Decoding runOnly() {
    Decoding d = Fixtures.categories(2, 40, Fixtures.Quality.PERFECT, 1);
    List<Decoding.Row> rows = new ArrayList<>();
    int[] said = new int[40];
    for (int r = 0; r < 40; r++) {
      int run = r / 20;
      boolean usual = r % 4 != 0;
      int shown = usual ? run : 1 - run;
      said[r] = run;
      rows.add(new Decoding.Row(d.pool().ids().get(shown), "trial" + r, "run" + run, "all"));
    }
    return new Decoding(
        new Embeddings(d.pool().space(), d.decoded().ids(), d.pool().values().rows(said)),
        rows,
        d.pool(),
        d.poolCategories(),
        d.trainingMeans(),
        d.setting());
  }

  private static Decoding oneCategoryPerRun() {
    Decoding d = Fixtures.categories(2, 8, Fixtures.Quality.PERFECT, 1);
    List<Decoding.Row> rows =
        d.rows().stream()
            .map(r -> new Decoding.Row(r.truth(), r.unit(), r.truth(), r.fold()))
            .toList();
    return new Decoding(
        d.decoded(), rows, d.pool(), d.poolCategories(), d.trainingMeans(), d.setting());
  }

  /**
   * Two-way identification rewards knowing the category alone: with k categories that are told
   * apart with certainty it expects {@code 0.5/k + (1 - 1/k)}, here over the other candidates
   * {@code (within * 0.5 + others) / (N - 1)}; within the category nothing is left.
   */
  @Test
  void knowingOnlyTheCategoryInflatesPlainTwoWayButNotWithinCategory() {
    int k = 10;
    int perCategory = 40;
    Decoding d = categoryOracle(k, perCategory);
    Resampling plan = new Resampling(300, 300, Exchange.ANY_UNIT, Seed.of(6));
    Score plain = Metrics.score("image_from_brain.two_way", d, plan);
    Score within = Metrics.score("image_from_brain.two_way_within_category", d, plan);
    assertEquals(0.5 / k + (1 - 1.0 / k), plain.value(), 0.005);
    assertEquals(0.5, within.value(), 0.05);
    assertTrue(within.insideNull(), within::toString);
    assertTrue(plain.aboveChance(0.01), plain::toString);
  }

  private static Decoding categoryOracle(int k, int perCategory) {
    PinnedRandom random = Seed.of(21).random();
    int dim = 30;
    Tensor centres = Fixtures.gaussian(random, k, dim);
    int n = k * perCategory;
    float[] pool = Fixtures.gaussian(random, n, dim).array();
    float[] said = Fixtures.gaussian(random, n, dim).array();
    Map<String, String> categories = new HashMap<>();
    List<Decoding.Row> rows = new ArrayList<>();
    List<String> ids = Fixtures.ids("s", n);
    for (int i = 0; i < n * dim; i++) {
      float centre = centres.array()[i / dim % k * dim + i % dim];
      pool[i] = centre + 0.1f * pool[i];
      said[i] = centre + 0.1f * said[i];
    }
    for (int i = 0; i < n; i++) {
      categories.put(ids.get(i), "category" + i % k);
      rows.add(new Decoding.Row(ids.get(i), ids.get(i), "", "all"));
    }
    return Decoding.of(
            Fixtures.named("t", Tensor.wrap(said, n, dim)),
            rows,
            Fixtures.named("s", Tensor.wrap(pool, n, dim)),
            Fixtures.zeroMean(dim))
        .withCategories(categories);
  }

  /** The curve ends in top-1 of the whole pool, and falls on the way. */
  @Test
  void theRetrievalCurveEndsInTheWholePool() {
    Decoding d = Fixtures.recorded();
    Resampling plan = new Resampling(200, 200, Exchange.ANY_UNIT, Seed.of(6));
    RetrievalCurve curve = RetrievalCurve.of(d, 1, plan);
    RetrievalCurve.Point whole = curve.points().get(curve.points().size() - 1);
    Score top1 = Metrics.score("image_from_brain.top1", d, plan);
    assertEquals(20, whole.pool());
    assertEquals(top1.value(), whole.expected(), 1e-9);
    assertEquals(top1.low(), whole.low(), 1e-9);
    assertEquals(top1.nullHigh(), whole.nullHigh(), 1e-9);
    for (int i = 1; i < curve.points().size(); i++) {
      assertTrue(curve.points().get(i).expected() <= curve.points().get(i - 1).expected());
    }
  }

  /** Of 60 random decoders at least 53 stay inside at every pool size (binomial, 0.01). */
  @Test
  void theBandOfTheCurveHoldsRandomDecoders() {
    int[] inside = new int[100];
    for (int seed = 0; seed < 60; seed++) {
      Decoding random = Fixtures.items(50, 1, Fixtures.Quality.RANDOM, seed);
      Resampling plan = new Resampling(200, 1, Exchange.ANY_UNIT, Seed.of(seed));
      for (RetrievalCurve.Point point : RetrievalCurve.of(random, 5, plan).points()) {
        assertTrue(point.nullLow() <= point.chance() && point.chance() <= point.nullHigh());
        boolean within =
            point.expected() >= point.nullLow() && point.expected() <= point.nullHigh();
        inside[point.pool()] += within ? 1 : 0;
      }
    }
    for (int m : RetrievalCurve.sizes(6, 50)) {
      assertTrue(inside[m] >= 53, "pool of " + m + ": " + inside[m] + " of 60 inside");
    }
  }

  @Test
  void theHypergeometricTableIsExactForLargePools() {
    // C(9, 4) / C(10, 4) = 6/10; and 1 - 1/N of N-1 draws of a pool of N with one better
    Hypergeometric table = new Hypergeometric(100_000);
    assertEquals(0.6, table.truthInTop(1, 4, 1, 9), 1e-12);
    assertEquals(1 - 50_000 / 99_999.0, table.truthInTop(1, 50_000, 1, 99_998), 1e-8);
    assertEquals(1, table.truthInTop(5, 4, 60_000, 30_000), 1e-8);
    assertEquals(0, table.truthInTop(1, 10, 10, 9), 0);
  }
}
