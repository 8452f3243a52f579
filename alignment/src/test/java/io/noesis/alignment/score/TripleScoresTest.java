package io.noesis.alignment.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.triple.Combinations;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Three trials, three slots of two concepts: a or b, p or q, a or b. Shares of the eight triples
 * are products; the places of the truths are counted by hand.
 */
class TripleScoresTest {
  private static final EmbeddingSpace SPACE =
      new EmbeddingSpace("attribute", "combinations", 6, EmbeddingSpace.Scaling.RAW);
  private static final Resampling PLAN = Resampling.standard(Seed.of(1));

  private static Embeddings rows(List<String> ids, double... values) {
    float[] out = new float[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) values[i];
    }
    return new Embeddings(SPACE, ids, Tensor.wrap(out, ids.size(), 6));
  }

  private static double[] logs(double... shares) {
    return java.util.Arrays.stream(shares).map(Math::log).toArray();
  }

  private static TripleScores triples(Map<String, double[]> prior) {
    Embeddings decoded =
        rows(
            List.of("1", "2", "3"),
            logs(
                0.7, 0.3, 0.6, 0.4, 0.2, 0.8, 0.6, 0.4, 0.5, 0.5, 0.1, 0.9, 0.9, 0.1, 0.8, 0.2, 0.4,
                0.6));
    Embeddings shown =
        rows(
            List.of("a, p, b", "b, q, a", "a, p, a"),
            1,
            0,
            1,
            0,
            0,
            1,
            0,
            1,
            0,
            1,
            1,
            0,
            1,
            0,
            1,
            0,
            1,
            0);
    List<Decoding.Row> truths =
        List.of(
            new Decoding.Row("a, p, b", "s1", "r1", "study"),
            new Decoding.Row("b, q, a", "s2", "r1", "study"),
            new Decoding.Row("a, p, a", "s3", "r1", "study"));
    Decoding decoding =
        new Decoding(
            decoded,
            truths,
            shown,
            List.of("", "", ""),
            rows(List.of("study"), 0, 0, 0, 0, 0, 0),
            new Decoding.Setting(Similarity.COSINE, Target.CATEGORY, "stimulus", ""));
    return new TripleScores(decoding, new Combinations(List.of(2, 2, 2)), prior);
  }

  private static Score named(List<Score> scores, String name) {
    return scores.stream().filter(s -> s.metric().equals(name)).findFirst().orElseThrow();
  }

  /**
   * Ranks 1 (0.336 is the largest), 8 (0.02, a tie with b p a, all others are larger) and 2 (0.288
   * behind 0.432).
   */
  @Test
  void ranksAreThoseOfTheProductsOfShares() {
    List<Score> scores = triples(Map.of()).score(List.of(1, 2, 7, 8), PLAN);
    assertEquals(4, scores.size(), "8 of 8 says nothing");
    Score first = named(scores, "triple.recall1@8");
    assertEquals(1 / 3.0, first.value(), 1e-12);
    // a p b is the best of the first and the third trial; nothing alone is the best of the second.
    assertEquals(2 / 9.0, first.chance(), 1e-12);
    assertEquals(2 / 3.0, named(scores, "triple.recall2@8").value(), 1e-12);
    assertEquals(2 / 3.0, named(scores, "triple.recall7@8").value(), 1e-12);
    Score rank = named(scores, "triple.median_rank@8");
    assertEquals(2, rank.value());
    // Of all pairings 1 8 5, 2 8 6, 1 8 2: what was shown is not any of the eight.
    assertEquals(5, rank.chance());
    assertEquals(Score.Direction.LOWER, rank.direction());
  }

  /** b q a is made a thousand times as likely: 24 before 0.336, 20 before all, 8 before 0.432. */
  @Test
  void aPriorMovesTriples() {
    double[] prior = new double[8];
    prior[6] = Math.log(1000);
    TripleScores with = triples(Map.of("study", prior));
    List<Score> scores = with.score(List.of(1, 2, 3), PLAN);
    assertEquals(1 / 3.0, named(scores, "triple.recall1@8").value(), 1e-12);
    assertEquals(2 / 3.0, named(scores, "triple.recall2@8").value(), 1e-12);
    assertEquals(1, named(scores, "triple.recall3@8").value(), 1e-12);
    // 1 2 6, 1 3 7, 1 2 3: who knows the prior is better than a guess before he looks.
    assertEquals(2, named(scores, "triple.median_rank@8").chance());
    List<Difference> made = with.minus(with.withoutPrior(), List.of(1, 3), PLAN);
    assertEquals(
        List.of("triple.recall1@8", "triple.recall3@8", "triple.median_rank@8"),
        made.stream().map(Difference::metric).toList());
    assertEquals(0, made.get(0).value(), 1e-12);
    assertEquals(1 / 3.0, made.get(1).value(), 1e-12);
    assertEquals(0, made.get(2).value(), 1e-12);
    assertTrue(made.get(1).p() > 0.3, "one trial of three shows nothing");
  }

  /** Names of folds that leave two recordings out have a plus of their own. */
  @Test
  void ofSeveralFoldsThePriorIsTheMean() {
    TripleScores one = triples(Map.of());
    List<String> folds = List.of("out/1+2", "out/1+3");
    List<Decoding.Row> rows =
        List.of(
            new Decoding.Row("a, p, b", "s1", "r1", folds.get(0)),
            new Decoding.Row("a, p, b", "s1", "r1", folds.get(1)),
            new Decoding.Row("b, q, a", "s2", "r1", folds.get(1)));
    Decoding of = one.decoding();
    double[] first = new double[8];
    double[] second = new double[8];
    first[6] = 4;
    second[6] = 2;
    second[0] = 8;
    TripleScores mean =
        new TripleScores(
                new Decoding(
                    of.decoded(),
                    rows,
                    of.pool(),
                    of.poolCategories(),
                    rows(folds, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                    of.setting()),
                one.combinations(),
                Map.of(folds.get(0), first, folds.get(1), second))
            .averaged();
    assertEquals(List.of("out/1+2+out/1+3", "out/1+3"), folds(mean));
    double[] joined = mean.prior().get("out/1+2+out/1+3");
    assertEquals(3, joined[6]);
    assertEquals(4, joined[0]);
    assertEquals(2, mean.prior().get("out/1+3")[6]);
    assertEquals(2, mean.score(List.of(1), PLAN).size());
  }

  private static List<String> folds(TripleScores of) {
    return of.decoding().rows().stream().map(Decoding.Row::fold).toList();
  }

  @Test
  void someRowsAreScoredApart() {
    TripleScores all = triples(Map.of());
    assertTrue(all.of(row -> row.truth().equals("a, p, b")).isEmpty());
    TripleScores two = all.of(row -> !row.truth().equals("b, q, a")).orElseThrow();
    assertEquals(1, named(two.score(List.of(2), PLAN), "triple.recall2@8").value(), 1e-12);
  }
}
