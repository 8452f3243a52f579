package io.noesis.alignment.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.run.DataException;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DecodingTest {
  private static final Resampling PLAN = Resampling.standard(Seed.of(1));

  @Test
  void whatDoesNotBelongTogetherIsRefused() {
    Decoding d = Fixtures.items(4, 1, Fixtures.Quality.PERFECT, 1);
    EmbeddingSpace other = new EmbeddingSpace("other", "all", 16, EmbeddingSpace.Scaling.RAW);
    Embeddings elsewhere = new Embeddings(other, d.pool().ids(), d.pool().values());
    assertTrue(
        assertThrows(
                DataException.class,
                () -> Decoding.of(d.decoded(), d.rows(), elsewhere, d.trainingMeans()))
            .getMessage()
            .contains("other, all, 16 numbers, length free"));
    Embeddings small = d.pool().select(d.pool().ids().subList(0, 3));
    assertTrue(
        assertThrows(
                IllegalArgumentException.class,
                () -> Decoding.of(d.decoded(), d.rows(), small, d.trainingMeans()))
            .getMessage()
            .contains("'s003' is not among the 3 candidates"));
    List<Decoding.Row> twoTruths =
        d.rows().stream().map(r -> new Decoding.Row(r.truth(), "one", "", "all")).toList();
    assertTrue(
        assertThrows(
                IllegalArgumentException.class,
                () -> Decoding.of(d.decoded(), twoTruths, d.pool(), d.trainingMeans()))
            .getMessage()
            .contains("'s000' and 's001'"));
    List<Decoding.Row> noFold =
        d.rows().stream().map(r -> new Decoding.Row(r.truth(), r.unit(), "", "two")).toList();
    assertTrue(
        assertThrows(
                IllegalArgumentException.class,
                () -> Decoding.of(d.decoded(), noFold, d.pool(), d.trainingMeans()))
            .getMessage()
            .contains("no training mean of fold 'two'"));
  }

  @Test
  void averagingTakesTheMeanOfAUnitsRows() {
    Decoding d = Fixtures.items(3, 2, Fixtures.Quality.RANDOM, 2);
    Decoding averaged = d.averaged();
    assertEquals(d.pool().ids(), averaged.decoded().ids());
    for (int k = 0; k < 16; k++) {
      float expected =
          (float) (((double) d.decoded().values().at(2, k) + d.decoded().values().at(3, k)) / 2);
      assertEquals(expected, averaged.decoded().values().at(1, k));
    }
    assertEquals("", averaged.rows().get(0).run());
    assertSame(averaged, averaged.averaged());
  }

  @Test
  void foldsKeepTheirOwnTrainingMeans() {
    Decoding first = fold("one", 1, 0);
    Decoding second = fold("two", 2, 5);
    Decoding pooled = Decoding.pooled(List.of(first, second));
    assertEquals(8, pooled.rows().size());
    double expected = (centred(first).value() + centred(second).value()) / 2;
    assertEquals(expected, centred(pooled).value(), 1e-6);
    Decoding ranked = pooled.with(pooled.setting().with(Similarity.CENTRED_COSINE));
    double twoWay =
        (twoWay(first.with(ranked.setting())) + twoWay(second.with(ranked.setting()))) / 2;
    assertEquals(twoWay, twoWay(ranked), 1e-12);
  }

  @Test
  void repetitionsDecodedByTwoFoldsAreCentredOnTheMeanOfBoth() {
    Decoding pooled = Decoding.pooled(List.of(fold("one", 1, 0), fold("two", 2, 5)));
    Decoding averaged = pooled.averaged();
    assertEquals(List.of("one+two"), averaged.trainingMeans().ids());
    assertEquals(2.5f, averaged.trainingMeans().values().at(0, 3));
  }

  private static Score centred(Decoding d) {
    return Metrics.score("embedding_correlation_centred", d, PLAN);
  }

  private static double twoWay(Decoding d) {
    return Metrics.score("image_from_brain.two_way", d, PLAN).value();
  }

  /** Four items decoded in one fold whose training mean is {@code mean} in every even place. */
  private static Decoding fold(String name, long seed, float mean) {
    Decoding pool = Fixtures.items(4, 1, Fixtures.Quality.PERFECT, 7);
    Tensor decoded = Fixtures.gaussian(Seed.of(seed).random(), 4, 16);
    float[] means = new float[16];
    for (int k = 0; k < 16; k++) {
      means[k] = k % 2 == 0 ? 0 : mean;
    }
    return Decoding.of(
        new Embeddings(
            Fixtures.space(16),
            pool.decoded().ids().stream().map(id -> name + id).toList(),
            decoded),
        pool.rows().stream().map(r -> new Decoding.Row(r.truth(), r.unit(), name, name)).toList(),
        pool.pool(),
        new Embeddings(Fixtures.space(16), List.of(name), Tensor.wrap(means, 1, 16)));
  }

  /** A decoder shrunk towards a mean that lies near one category says that category always. */
  @Test
  void centringUndoesTheSharedMean() {
    float[] pool = {10, 1, 0, 10, 0, 1, 10, -1, -1};
    Embeddings categories =
        new Embeddings(Fixtures.space(3), List.of("a", "b", "c"), Tensor.wrap(pool, 3, 3));
    float[] mean = {10, 0.5f, 0.4f};
    float[] said = new float[9];
    for (int i = 0; i < 9; i++) {
      said[i] = mean[i % 3] + 0.05f * (pool[i] - mean[i % 3]);
    }
    List<Decoding.Row> rows =
        categories.ids().stream().map(c -> new Decoding.Row(c, "trial-" + c, "1", "all")).toList();
    Decoding d =
        Decoding.of(
            new Embeddings(Fixtures.space(3), List.of("1", "2", "3"), Tensor.wrap(said, 3, 3)),
            rows,
            categories,
            new Embeddings(Fixtures.space(3), List.of("all"), Tensor.wrap(mean, 1, 3)));
    Decoding plain = d.with(Decoding.Setting.RECOGNITION.with(Similarity.COSINE));
    CategoryDecoding cosine = CategoryDecoding.of(plain);
    assertEquals(1.0 / 3, cosine.accuracy(), 1e-12);
    assertEquals(2, cosine.predictions().stream().filter(p -> !p.shown().equals(p.said())).count());
    CategoryDecoding centred = CategoryDecoding.of(d.with(Decoding.Setting.RECOGNITION));
    assertEquals(1, centred.accuracy());
    assertEquals(Map.of("all", 1.0), centred.accuracyByFold());
    assertEquals(1, centred.confusion().count("b", "b"));
    assertTrue(centred.predictions().get(0).margin() > 0);
  }

  @Test
  void confusionAgreesWithTheAccuracies() {
    Decoding d = Fixtures.categories(5, 63, Fixtures.Quality.RANDOM, 3);
    Confusion confusion = CategoryDecoding.of(d).confusion();
    assertEquals(confusion, Confusion.of(d));
    assertEquals(Metrics.score("category_accuracy", d, PLAN).value(), confusion.accuracy(), 1e-12);
    assertEquals(
        Metrics.score("category_balanced_accuracy", d, PLAN).value(),
        confusion.balancedAccuracy(),
        1e-12);
    Decoding items = Fixtures.items(20, 2, Fixtures.Quality.PERFECT, 3);
    assertEquals(10, Confusion.of(items).count("category1", "category1"));
    assertEquals(1, Confusion.of(items).accuracy());
  }

  @Test
  void whatIsNotDefinedIsSaidAndNotScored() {
    Decoding items = Fixtures.items(6, 2, Fixtures.Quality.PERFECT, 3);
    List<String> scored = Metrics.score(items, PLAN).stream().map(Score::metric).toList();
    assertTrue(scored.contains("image_from_brain.top5@6"), scored::toString);
    assertTrue(scored.stream().noneMatch(n -> n.contains("top10") || n.startsWith("category")));
    Map<String, String> reasons = Metrics.undefined(items, PLAN);
    assertTrue(reasons.get("image_from_brain.top10").contains("top-10 needs more"));
    assertEquals(Metrics.registry().names().size(), scored.size() + reasons.size());
    assertThrows(
        IllegalArgumentException.class, () -> Metrics.score("category_accuracy", items, PLAN));
    assertTrue(
        assertThrows(RecipeException.class, () -> Metrics.score("two_way", items, PLAN))
            .getMessage()
            .contains("unknown metric 'two_way'"));
  }

  @Test
  void twoUnitsOfOneItemHaveNoRowOfTheirOwn() {
    Decoding d = Fixtures.items(6, 2, Fixtures.Quality.PERFECT, 3);
    List<Decoding.Row> trials = new java.util.ArrayList<>();
    for (int r = 0; r < 12; r++) {
      trials.add(new Decoding.Row(d.rows().get(r).truth(), "trial" + r, "", "all"));
    }
    Decoding units = Decoding.of(d.decoded(), trials, d.pool(), d.trainingMeans());
    assertTrue(
        Metrics.undefined(units, PLAN)
            .get("brain_from_image.top1")
            .contains("several units show the same"));
  }

  @Test
  void theProtocolSaysWhatOthersNeedToRepeatIt() {
    Score score =
        Metrics.score(
            "image_from_brain.top1",
            Fixtures.items(6, 2, Fixtures.Quality.PERFECT, 3).averaged(),
            new Resampling(19, 10, Exchange.ANY_UNIT, Seed.of(7).child("score")));
    assertEquals(
        "mean of 2 decoded rows; cosine; 6 rows of 6 units (stimulus); ties count against the"
            + " truth; 19 permutations among all units; 10 bootstrap resamples; seed 7:score",
        score.protocol());
    assertEquals(0.05, score.p(), 1e-12);
  }
}
