package io.noesis.alignment.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.embedding.Embeddings;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The error of flow by hand, and what its null is where the decoder is told something. */
class EndPointErrorTest {
  private static final Resampling PLAN = new Resampling(199, 99, Exchange.ANY_UNIT, Seed.of(3));

  private static Decoding decoding(Tensor decoded, Tensor truth) {
    Embeddings pool = Fixtures.named("s", truth);
    List<Decoding.Row> rows =
        pool.ids().stream().map(id -> new Decoding.Row(id, id, "1", "all")).toList();
    return Fixtures.flow(
        Decoding.of(Fixtures.named("t", decoded), rows, pool, Fixtures.zeroMean(truth.dim(1))));
  }

  @Test
  void itIsTheMeanLengthOfWhatIsBetween() {
    Tensor truth = Tensor.wrap(new float[] {0, 0, 1, 1, 2, 0, 0, 2}, 2, 4);
    // Off by (3, 4) and nothing, by (0, 0) and (−5, 12).
    Tensor decoded = Tensor.wrap(new float[] {3, 4, 1, 1, 2, 0, -5, 14}, 2, 4);
    Score score = Metrics.score(EndPointError.NAME, decoding(decoded, truth), PLAN);
    assertEquals((2.5 + 6.5) / 2, score.value(), 1e-12);
    assertEquals(Score.Direction.LOWER, score.direction());
    double first = (Math.hypot(1, 4) + Math.hypot(1, 1)) / 2;
    double second = (Math.hypot(2, 0) + Math.hypot(6, 13)) / 2;
    assertEquals((4.5 + (first + second) / 2) / 2, score.chance(), 1e-12);
  }

  /** Half of each flow follows from what is told, the other half nobody knows. */
  @Test
  void whatIsToldIsNoDecoding() {
    PinnedRandom random = Seed.of(5).random();
    Tensor told = Fixtures.gaussian(random, 40, 8);
    Tensor noise = Fixtures.gaussian(random, 40, 8);
    Tensor truth = Tensor.wrap(sum(told, noise), 40, 8);
    Decoding seeing = decoding(told, truth);
    Score naive = Metrics.score(EndPointError.NAME, seeing, PLAN);
    assertTrue(naive.aboveChance(0.05), "exchanged truths take for decoded what was told");
    List<Decoding> same = new ArrayList<>();
    for (int i = 0; i < 99; i++) {
      Tensor other =
          Tensor.wrap(sum(told, Fixtures.gaussian(random, 40, 8).map(v -> v / 20)), 40, 8);
      same.add(decoding(other, truth));
    }
    Tensor own = Tensor.wrap(sum(told, Fixtures.gaussian(random, 40, 8).map(v -> v / 20)), 40, 8);
    Score honest = of(Metrics.score(decoding(own, truth), PLAN, same));
    assertTrue(honest.insideNull(), honest::toString);
    assertTrue(honest.protocol().contains("99 exchanges of responses"), honest.protocol());
    Tensor better = Tensor.wrap(sum(told, noise.map(v -> v / 2)), 40, 8);
    Score decoded = of(Metrics.score(decoding(better, truth), PLAN, same));
    assertTrue(decoded.aboveChance(0.05), decoded::toString);
    assertEquals(0.01, decoded.p(), 1e-12);
    assertEquals(honest.chance(), decoded.chance(), 1e-12);
  }

  private static Score of(List<Score> scores) {
    return scores.stream()
        .filter(score -> score.metric().equals(EndPointError.NAME))
        .findFirst()
        .orElseThrow();
  }

  private static float[] sum(Tensor a, Tensor b) {
    float[] out = a.array().clone();
    for (int i = 0; i < out.length; i++) {
      out[i] += b.array()[i];
    }
    return out;
  }
}
