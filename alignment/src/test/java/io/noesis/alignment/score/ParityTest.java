package io.noesis.alignment.score;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.alignment.retrieve.RankTable;
import io.noesis.run.Seed;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Against NumPy and SciPy: {@code tests/fixtures/make/scores.py}. */
class ParityTest {
  private static final double TOLERANCE = 1e-6;
  private static final Resampling PLAN = new Resampling(20, 20, Exchange.ANY_UNIT, Seed.of(1));

  private final JsonNode fixture = Fixtures.scipy();
  private final Decoding decoding = Fixtures.recorded();

  @Test
  void ranksAndTheirReadoutsByCosine() {
    check(decoding, fixture.get("decoding").get("cosine"));
  }

  @Test
  void ranksAndTheirReadoutsAboutTheTrainingMean() {
    check(
        decoding.with(decoding.setting().with(Similarity.CENTRED_COSINE)),
        fixture.get("decoding").get("centred"));
  }

  @Test
  void ranksAndTheirReadoutsOfAveragedRepetitions() {
    Decoding averaged = decoding.averaged();
    assertEquals(12, averaged.rows().size());
    assertEquals("mean of 3 decoded rows", averaged.setting().protocol());
    check(averaged, fixture.get("decoding").get("averaged"));
  }

  @Test
  void theOtherDirectionUsesAveragedRows() {
    JsonNode brain = fixture.get("decoding").get("brain");
    for (String name : new String[] {"top1", "median_rank", "two_way"}) {
      Score score = Metrics.score("brain_from_image." + name, decoding, PLAN);
      assertEquals(brain.get(name).asDouble(), score.value(), 1e-12, name);
      assertEquals("brain_from_image." + name + "@12", score.metric());
      assertTrue(score.protocol().startsWith("mean of 3 decoded rows; cosine; 12 rows of 12"));
    }
  }

  @Test
  void agreementOfEmbeddings() {
    for (String name :
        new String[] {
          "embedding_correlation",
          "embedding_correlation_centred",
          "embedding_cosine",
          "embedding_cosine_centred"
        }) {
      Score score = Metrics.score(name, decoding, PLAN);
      assertEquals(fixture.get("decoding").get(name).asDouble(), score.value(), TOLERANCE, name);
    }
    assertEquals(
        fixture.get("decoding").get("embedding_correlation_chance").asDouble(),
        Metrics.score("embedding_correlation", decoding, PLAN).chance(),
        TOLERANCE);
  }

  private static void check(Decoding d, JsonNode expected) {
    for (String name : new String[] {"top1", "top5", "top10", "median_rank", "two_way"}) {
      Score score = Metrics.score("image_from_brain." + name, d, PLAN);
      assertEquals(expected.get(name).asDouble(), score.value(), 1e-12, name);
    }
    assertEquals(
        expected.get("within").asDouble(),
        Metrics.score("image_from_brain.two_way_within_category", d, PLAN).value(),
        1e-12);
    RankTable ranks = DecodingTables.of(d, Exchange.ANY_UNIT).ranks();
    int[] truth = d.pool().rowsOf(d.rows().stream().map(Decoding.Row::truth).toList());
    for (int r = 0; r < truth.length; r++) {
      assertEquals(expected.get("rank").get(r).asInt(), ranks.at(r, truth[r]), "row " + r);
    }
    checkCurve(d, 1, expected.get("curve"));
    checkCurve(d, 5, expected.get("curve5"));
  }

  private static void checkCurve(Decoding d, int k, JsonNode expected) {
    RetrievalCurve curve = RetrievalCurve.of(d, k, PLAN);
    for (Map.Entry<String, JsonNode> field : expected.properties()) {
      int m = Integer.parseInt(field.getKey());
      RetrievalCurve.Point point =
          curve.points().stream().filter(p -> p.pool() == m).findFirst().orElseThrow();
      assertEquals(field.getValue().asDouble(), point.expected(), 1e-9, "top" + k + "@" + m);
      assertEquals((double) k / m, point.chance(), 1e-15);
    }
  }

  @Test
  void falseDiscoveryRate() {
    JsonNode s = fixture.get("statistics");
    assertArrayEquals(
        Fixtures.numbers(s.get("bh")),
        Statistics.benjaminiHochberg(Fixtures.numbers(s.get("p"))),
        1e-12);
  }

  @Test
  void bootstrapIntervals() {
    JsonNode s = fixture.get("statistics");
    double[] replicates = Fixtures.numbers(s.get("replicates"));
    double[] sample = Fixtures.numbers(s.get("sample"));
    double sum = java.util.Arrays.stream(sample).sum();
    double[] jackknife =
        java.util.Arrays.stream(sample).map(v -> (sum - v) / (sample.length - 1)).toArray();
    Statistics.Interval plain = Statistics.percentileInterval(replicates, 0.95);
    assertEquals(s.get("percentile").get(0).asDouble(), plain.low(), 1e-9);
    assertEquals(s.get("percentile").get(1).asDouble(), plain.high(), 1e-9);
    Statistics.Interval bca =
        Statistics.bcaInterval(replicates, sum / sample.length, jackknife, 0.95);
    assertEquals(s.get("bca").get(0).asDouble(), bca.low(), 1e-9);
    assertEquals(s.get("bca").get(1).asDouble(), bca.high(), 1e-9);
  }

  @Test
  void binomialIntervalsAndTails() {
    for (JsonNode b : fixture.get("statistics").get("binomials")) {
      int k = b.get("k").asInt();
      int n = b.get("n").asInt();
      Statistics.Interval exact = Statistics.clopperPearson(k, n, 0.95);
      assertEquals(b.get("exact").get(0).asDouble(), exact.low(), 1e-9);
      assertEquals(b.get("exact").get(1).asDouble(), exact.high(), 1e-9);
      Statistics.Interval wilson = Statistics.wilson(k, n, 0.95);
      assertEquals(b.get("wilson").get(0).asDouble(), wilson.low(), 1e-9);
      assertEquals(b.get("wilson").get(1).asDouble(), wilson.high(), 1e-9);
      assertEquals(b.get("tail").asDouble(), Statistics.binomialTail(k, n, 0.3), 1e-9);
    }
  }
}
