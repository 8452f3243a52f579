package io.noesis.alignment.geometry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.alignment.score.Exchange;
import io.noesis.alignment.score.Resampling;
import io.noesis.alignment.score.Score;
import io.noesis.run.DataException;
import io.noesis.run.Parallel;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against NumPy and SciPy: {@code tests/fixtures/make/geometry.py}. */
class GeometryParityTest {
  private static final Resampling PLAN = new Resampling(200, 100, Exchange.ANY_UNIT, Seed.of(1));
  private static final List<String> CONDITIONS =
      IntStream.range(0, 12).mapToObj(i -> "c" + i).toList();
  private static JsonNode fixture;
  private static Rdm model;
  private static List<Rdm> group;

  @BeforeAll
  static void read() throws IOException {
    try (InputStream in = GeometryParityTest.class.getResourceAsStream("geometry.json")) {
      fixture = new ObjectMapper().readTree(in);
    }
    model = rdm("model", numbers(fixture.get("distances")));
    group = new ArrayList<>();
    for (JsonNode subject : fixture.get("group")) {
      group.add(rdm("subject " + group.size(), numbers(subject)));
    }
  }

  private static double[] numbers(JsonNode list) {
    return IntStream.range(0, list.size()).mapToDouble(i -> list.get(i).asDouble()).toArray();
  }

  private static Rdm rdm(String name, double[] pairs) {
    Matrix square = Matrix.zeros(12, 12);
    int at = 0;
    for (int i = 0; i < 12; i++) {
      for (int j = i + 1; j < 12; j++) {
        square.array()[i * 12 + j] = pairs[at];
        square.array()[j * 12 + i] = pairs[at++];
      }
    }
    return Rdm.ofMatrix(name, CONDITIONS, square);
  }

  private static Tensor patterns() {
    float[] values = new float[12 * 30];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) fixture.get("patterns").get(i / 30).get(i % 30).asDouble();
    }
    return Tensor.wrap(values, 12, 30);
  }

  @Test
  void distancesOfPatterns() {
    Rdm rdm = Rdm.ofPatterns("patterns", CONDITIONS, patterns());
    assertArrayEquals(model.pairs(), rdm.pairs(), 1e-9);
    assertEquals(model.at(3, 7), model.at(7, 3));
    assertEquals(0, model.at(5, 5));
  }

  @ParameterizedTest
  @EnumSource
  void comparisons(RdmComparison comparison) {
    JsonNode expected = fixture.get("compare").get(comparison.name());
    assertEquals(expected.get(0).asDouble(), comparison.of(group.get(0), model), 1e-12);
    assertEquals(expected.get(1).asDouble(), comparison.of(group.get(0), group.get(1)), 1e-12);
  }

  @ParameterizedTest
  @EnumSource
  void noiseCeilings(RdmComparison comparison) {
    JsonNode expected = fixture.get("ceiling").get(comparison.name());
    NoiseCeiling ceiling = NoiseCeiling.of(group, comparison, NoiseCeiling.Pooling.DISTANCES);
    assertEquals(expected.get(0).asDouble(), ceiling.lower(), 1e-12);
    assertEquals(expected.get(1).asDouble(), ceiling.upper(), 1e-12);
  }

  @Test
  void theCeilingOfRanksIsAboveThatOfDistances() {
    NoiseCeiling ceiling =
        NoiseCeiling.of(group, RdmComparison.SPEARMAN, NoiseCeiling.Pooling.RANKS);
    assertEquals(fixture.get("ceiling_ranks").get(0).asDouble(), ceiling.lower(), 1e-12);
    assertEquals(fixture.get("ceiling_ranks").get(1).asDouble(), ceiling.upper(), 1e-12);
  }

  @Test
  void matchingTwoAgainstTwo() {
    Score score = GeometryMatching.score(group.get(0), model, RdmComparison.SPEARMAN, PLAN);
    assertEquals(fixture.get("two_against_two").asDouble(), score.value(), 1e-12);
    assertEquals("geometry.two_against_two@12", score.metric());
    assertTrue(score.aboveChance(0.05), score::toString);
    assertTrue(score.low() < score.value() && score.value() <= score.high());
  }

  @ParameterizedTest
  @EnumSource
  void aModelsScoreHasItsCeilingNullAndInterval(RdmComparison comparison) {
    Rsa.Settings settings = new Rsa.Settings(comparison, NoiseCeiling.Pooling.DISTANCES);
    Score score = Parallel.with(1, () -> Rsa.score(group, model, settings, PLAN));
    assertEquals(score, Parallel.with(3, () -> Rsa.score(group, model, settings, PLAN)));
    assertTrue(score.aboveChance(0.05), score::toString);
    assertTrue(score.low() < score.value() && score.value() < score.high());
    assertTrue(score.nullLow() < score.chance() && score.chance() < score.nullHigh());
    assertEquals(
        fixture.get("ceiling").get(comparison.name()).get(1).asDouble(),
        score.ceiling().orElseThrow(),
        1e-12);
    assertEquals(12, score.n());
    assertTrue(score.protocol().contains("mean of 4 subjects; noise ceiling"));
  }

  /** Of 100 random models at least 89 stay inside the 95 % band (binomial, 0.01). */
  @Test
  void aRandomModelStaysInsideItsBand() {
    int inside = 0;
    for (int seed = 0; seed < 100; seed++) {
      PinnedRandom random = Seed.of(seed).child("model").random();
      double[] pairs = new double[66];
      java.util.Arrays.setAll(pairs, i -> random.nextDouble());
      Score score =
          Rsa.score(
              group,
              rdm("random", pairs),
              Rsa.Settings.SPEARMAN,
              new Resampling(200, 1, Exchange.ANY_UNIT, Seed.of(seed)));
      inside += score.insideNull() ? 1 : 0;
    }
    assertTrue(inside >= 89, inside + " of 100 inside the band");
  }

  @Test
  void theOrderOfConditionsIsPartOfTheGeometry() {
    List<String> reversed = new ArrayList<>(CONDITIONS);
    java.util.Collections.reverse(reversed);
    Rdm other = model.select(reversed);
    assertEquals(model.at(0, 3), other.at(11, 8));
    DataException e =
        assertThrows(DataException.class, () -> RdmComparison.SPEARMAN.of(model, other));
    assertTrue(e.getMessage().contains("their conditions differ"), e.getMessage());
    assertEquals(1, RdmComparison.SPEARMAN.of(model, other.select(CONDITIONS)), 1e-12);
    assertEquals(3, model.select(CONDITIONS.subList(2, 5)).size());
  }

  @Test
  void whatIsNoGeometryIsRefused() {
    Matrix similarities = Matrix.zeros(12, 12);
    java.util.Arrays.fill(similarities.array(), 1);
    assertTrue(
        assertThrows(DataException.class, () -> Rdm.ofMatrix("model", CONDITIONS, similarities))
            .getMessage()
            .contains("not of similarities"));
    Matrix holes = Matrix.zeros(12, 12);
    holes.array()[1] = Double.NaN;
    holes.array()[12] = Double.NaN;
    assertTrue(
        assertThrows(DataException.class, () -> Rdm.ofMatrix("model", CONDITIONS, holes))
            .getMessage()
            .contains("not finite"));
    float[] flat = patterns().array().clone();
    java.util.Arrays.fill(flat, 30, 60, 0.3f);
    assertTrue(
        assertThrows(
                DataException.class,
                () -> Rdm.ofPatterns("model", CONDITIONS, Tensor.wrap(flat, 12, 30)))
            .getMessage()
            .contains("'c1' has the same value in all 30 features"));
  }

  @Test
  void aGeometryWithoutVariationFitsNothing() {
    double[] same = new double[66];
    java.util.Arrays.fill(same, 0.7);
    for (RdmComparison comparison : RdmComparison.values()) {
      if (comparison != RdmComparison.COSINE) {
        assertEquals(0, comparison.of(group.get(0), rdm("flat", same)), 1e-12);
      }
    }
  }
}
