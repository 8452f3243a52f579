package io.noesis.alignment.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.embedding.Embeddings;
import io.noesis.run.Parallel;
import io.noesis.run.Registry;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every metric of the registry must do. */
class MetricsContractTest {
  private static final Resampling QUICK = new Resampling(200, 100, Exchange.ANY_UNIT, Seed.of(3));

  static Stream<String> names() {
    return Metrics.registry().names().stream();
  }

  private static Decoding decoding(String name, Fixtures.Quality quality, long seed) {
    return name.startsWith("category_")
        ? Fixtures.categories(6, 60, quality, seed)
        : name.equals(EndPointError.NAME)
            ? Fixtures.flow(Fixtures.items(24, 2, quality, seed))
            : Fixtures.items(24, 2, quality, seed);
  }

  @ParameterizedTest
  @MethodSource("names")
  void perfectDecodingHasTheBestValueAndLeavesTheNull(String name) {
    Score score = Metrics.score(name, decoding(name, Fixtures.Quality.PERFECT, 1), QUICK);
    assertEquals(name.equals(EndPointError.NAME) ? 0 : 1, score.value(), 1e-6);
    assertTrue(score.aboveChance(0.05), () -> "direction of " + score);
    assertEquals(1.0 / 201, score.p(), 1e-12);
    boolean higher = score.direction() == Score.Direction.HIGHER;
    assertTrue(higher ? score.value() > score.chance() : score.value() < score.chance());
    assertTrue(score.low() <= score.value() + 1e-9 && score.value() <= score.high() + 1e-9);
  }

  /**
   * The band holds 95 % of the null, so of 200 seeds 190 are expected inside; fewer than 181 has a
   * probability below 0.01 (binomial).
   */
  @ParameterizedTest
  @MethodSource("names")
  void randomDecodingStaysInsideItsBand(String name) {
    int inside = 0;
    double sum = 0;
    double chance = 0;
    for (int seed = 0; seed < 200; seed++) {
      Decoding random = decoding(name, Fixtures.Quality.RANDOM, seed);
      Score score =
          Metrics.score(name, random, new Resampling(200, 1, Exchange.ANY_UNIT, Seed.of(seed)));
      inside += score.insideNull() ? 1 : 0;
      sum += score.value();
      chance += score.chance();
      assertTrue(score.nullLow() <= score.chance() && score.chance() <= score.nullHigh());
    }
    int count = inside;
    assertTrue(count >= 181, () -> name + ": " + count + " of 200 inside the band");
    assertEquals(chance / 200, sum / 200, 0.1 * Math.max(0.2, chance / 200), "mean over seeds");
  }

  @ParameterizedTest
  @MethodSource("names")
  void theOrderOfRowsAndCandidatesDecidesNothing(String name) {
    Decoding d = decoding(name, Fixtures.Quality.RANDOM, 8);
    int[] rows = Seed.of(4).random().permutation(d.rows().size());
    int[] pool = Seed.of(5).random().permutation(d.pool().size());
    Decoding shuffled =
        new Decoding(
            reordered(d.decoded(), rows),
            reordered(d.rows(), rows),
            reordered(d.pool(), pool),
            reordered(d.poolCategories(), pool),
            d.trainingMeans(),
            d.setting());
    Score a = Metrics.score(name, d, QUICK);
    Score b = Metrics.score(name, shuffled, QUICK);
    assertEquals(a.metric(), b.metric());
    assertEquals(a.value(), b.value(), 1e-6);
    assertEquals(a.p(), b.p(), 1e-12);
    assertEquals(a.low(), b.low(), 1e-6);
    assertEquals(a.nullHigh(), b.nullHigh(), 1e-6);
  }

  @ParameterizedTest
  @MethodSource("names")
  void theNumberOfThreadsDecidesNothing(String name) {
    Decoding d = decoding(name, Fixtures.Quality.RANDOM, 9);
    assertEquals(
        Parallel.with(1, () -> Metrics.score(name, d, QUICK)),
        Parallel.with(3, () -> Metrics.score(name, d, QUICK)));
  }

  @ParameterizedTest
  @MethodSource("names")
  void theNameCarriesThePoolSize(String name) {
    String scored = Metrics.score(name, decoding(name, Fixtures.Quality.RANDOM, 2), QUICK).metric();
    if (name.startsWith("embedding_") || name.equals(EndPointError.NAME)) {
      assertEquals(name, scored);
    } else {
      assertEquals(name + (name.startsWith("category_") ? "@6" : "@24"), scored);
    }
  }

  /** A constant decoder (the mean embedding) must not look better than chance, whatever ties. */
  @ParameterizedTest
  @MethodSource("names")
  void theSameAnswerToEverythingIsNoSignal(String name) {
    for (float value : new float[] {0, 1}) {
      Decoding d = decoding(name, Fixtures.Quality.RANDOM, 6);
      float[] same = new float[d.decoded().values().size()];
      java.util.Arrays.fill(same, value);
      Embeddings constant =
          new Embeddings(
              d.decoded().space(),
              d.decoded().ids(),
              Tensor.wrap(same, d.decoded().size(), d.decoded().space().dim()));
      Decoding said =
          new Decoding(
              constant, d.rows(), d.pool(), d.poolCategories(), d.trainingMeans(), d.setting());
      Score score = Metrics.score(name, said, QUICK);
      assertFalse(score.aboveChance(0.05), score::toString);
      assertTrue(score.p() > 0.5, score::toString);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void describedInOneSentence(String name) {
    Registry.Entry<Metric> entry =
        Metrics.registry().entries().stream()
            .filter(e -> e.name().equals(name))
            .findFirst()
            .orElseThrow();
    assertTrue(entry.description().endsWith("."), entry.description());
  }

  @ParameterizedTest
  @MethodSource("names")
  void notANumberIsRefused(String name) {
    Decoding d = decoding(name, Fixtures.Quality.RANDOM, 2);
    float[] broken = d.decoded().values().array().clone();
    broken[5] = Float.NaN;
    Tensor values = Tensor.wrap(broken, d.decoded().size(), d.decoded().space().dim());
    assertThrows(
        IllegalArgumentException.class,
        () -> new Embeddings(d.decoded().space(), d.decoded().ids(), values));
  }

  private static Embeddings reordered(Embeddings e, int[] order) {
    return new Embeddings(e.space(), reordered(e.ids(), order), e.values().rows(order));
  }

  private static <T> List<T> reordered(List<T> list, int[] order) {
    List<T> out = new ArrayList<>();
    for (int i : order) {
      out.add(list.get(i));
    }
    return out;
  }
}
