package io.noesis.alignment.audit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.audit.AuditFixtures.Draft;
import io.noesis.alignment.audit.Finding.Verdict;
import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.score.Decoding;
import io.noesis.alignment.score.Exchange;
import io.noesis.alignment.score.LeftOutCategories;
import io.noesis.alignment.score.Metrics;
import io.noesis.alignment.score.Resampling;
import io.noesis.alignment.score.Score;
import io.noesis.alignment.score.Similarity;
import io.noesis.encoders.ridge.Ridge;
import io.noesis.encoders.ridge.RidgeSpec;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;

/**
 * How often {@code NO-SIGNAL} lets a study pass whose stimulus ids were shuffled, over many small
 * studies that are really fitted and scored, and how often it passes one with a signal.
 */
class ShuffledStudiesTest {
  private static final int STUDIES = 200;
  private static final int SUBJECTS = 3;
  private static final int VOXELS = 20;
  private static final int DIMS = 8;

  /**
   * What may pass of {@link #STUDIES} without signal: 5 %, and what one test in a thousand sees.
   */
  private static final int MOST =
      new BinomialDistribution(null, STUDIES, 0.05).inverseCumulativeProbability(0.999);

  /** Scores one subject of a study; {@code gain} 0 is one with shuffled ids. */
  private interface Subject {
    Score score(double gain, Seed seed);
  }

  @Test
  void retrievalPassesRarely() {
    passes("retrieval", ShuffledStudiesTest::retrieval, 0.5);
  }

  @Test
  void categoriesPassRarely() {
    passes("categories", ShuffledStudiesTest::categories, 0.5);
  }

  @Test
  void categoriesLeftOutPassRarely() {
    passes("categories left out", ShuffledStudiesTest::leftOut, 1.5);
  }

  private static void passes(String name, Subject subject, double gain) {
    int shuffled = passed(name, subject, 0);
    int real = passed(name, subject, gain);
    System.out.printf(
        "NO-SIGNAL, %s: %d of %d shuffled studies pass (%.1f %%), %d with a signal%n",
        name, shuffled, STUDIES, 100.0 * shuffled / STUDIES, real);
    assertTrue(shuffled <= MOST, name + ": " + shuffled + " of " + STUDIES + ", at most " + MOST);
    assertTrue(real >= STUDIES * 9 / 10, name + " with a signal: " + real + " of " + STUDIES);
  }

  private static int passed(String name, Subject subject, double gain) {
    Audit audit = new NoSignal();
    int passed = 0;
    for (int study = 0; study < STUDIES; study++) {
      List<AuditCase> cases = new ArrayList<>();
      for (int s = 0; s < SUBJECTS; s++) {
        Draft draft = new Draft();
        Seed seed = Seed.of(3).child(name).child("study-" + study).child("sub-" + s);
        draft.scores = List.of(subject.score(gain, seed));
        cases.add(draft.make());
      }
      boolean blocked = audit.conclude(cases).filter(f -> f.verdict() == Verdict.BLOCK).isPresent();
      passed += blocked ? 0 : 1;
    }
    return passed;
  }

  /** 24 stimuli are found among themselves after training on 48 others. */
  private static Score retrieval(double gain, Seed seed) {
    PinnedRandom random = seed.random();
    Tensor targets = gaussian(random, 72, DIMS);
    Tensor responses = responses(targets, gain, random);
    int[] train = IntStream.range(0, 48).toArray();
    int[] test = IntStream.range(48, 72).toArray();
    List<String> ids = IntStream.of(test).mapToObj(i -> "s" + i).toList();
    List<Decoding.Row> rows = ids.stream().map(id -> new Decoding.Row(id, id, "1", "all")).toList();
    Decoding decoding =
        Decoding.of(
                named(ids, decoded(responses, targets, train, test)),
                rows,
                named(ids, targets.rows(test)),
                named(List.of("all"), mean(targets.rows(train))))
            .with(Decoding.Setting.RETRIEVAL.with(Similarity.CENTRED_COSINE));
    return Metrics.score("image_from_brain.two_way", decoding, plan(seed, Exchange.ANY_UNIT));
  }

  /** Six categories, each twice in each of six runs; every run is left out once. */
  private static Score categories(double gain, Seed seed) {
    PinnedRandom random = seed.random();
    int categories = 6;
    int perRun = 12;
    Tensor pool = gaussian(random, categories, DIMS);
    List<String> names = IntStream.range(0, categories).mapToObj(c -> "c" + c).toList();
    int[] shown = IntStream.range(0, 6 * perRun).map(i -> i % categories).toArray();
    Tensor targets = pool.rows(shown);
    Tensor responses = responses(targets, gain, random);
    List<Decoding> folds = new ArrayList<>();
    for (int run = 0; run < 6; run++) {
      int from = run * perRun;
      int[] test = IntStream.range(from, from + perRun).toArray();
      int[] train =
          IntStream.range(0, shown.length).filter(i -> i < from || i >= from + perRun).toArray();
      String fold = "run-" + run;
      List<String> ids = IntStream.of(test).mapToObj(i -> "t" + i).toList();
      List<Decoding.Row> rows =
          IntStream.of(test)
              .mapToObj(i -> new Decoding.Row(names.get(shown[i]), "t" + i, fold, fold))
              .toList();
      folds.add(
          Decoding.of(
                  named(ids, decoded(responses, targets, train, test)),
                  rows,
                  named(names, pool),
                  named(List.of(fold), mean(targets.rows(train))))
              .with(Decoding.Setting.RECOGNITION));
    }
    return Metrics.score(
        "category_from_brain.two_way",
        Decoding.pooled(folds),
        plan(seed, Exchange.WITHIN_RUN).with(Resampling.Training.EXCHANGED));
  }

  /** Eight categories; every pair is left out once and told apart. */
  private static Score leftOut(double gain, Seed seed) {
    PinnedRandom random = seed.random();
    int categories = 8;
    int each = 6;
    Tensor pool = gaussian(random, categories, DIMS);
    int[] shown = IntStream.range(0, categories * each).map(i -> i % categories).toArray();
    Tensor targets = pool.rows(shown);
    Tensor responses = responses(targets, gain, random);
    List<Decoding> folds = new ArrayList<>();
    for (int a = 0; a < categories; a++) {
      for (int b = a + 1; b < categories; b++) {
        int one = a;
        int other = b;
        int[] test =
            IntStream.range(0, shown.length)
                .filter(i -> shown[i] == one || shown[i] == other)
                .toArray();
        int[] train =
            IntStream.range(0, shown.length)
                .filter(i -> shown[i] != one && shown[i] != other)
                .toArray();
        String fold = a + "-" + b;
        List<String> ids = IntStream.of(test).mapToObj(i -> "t" + i).toList();
        List<Decoding.Row> rows =
            IntStream.of(test)
                .mapToObj(i -> new Decoding.Row("c" + shown[i], "t" + i, "1", fold))
                .toList();
        folds.add(
            Decoding.of(
                    named(ids, decoded(responses, targets, train, test)),
                    rows,
                    named(List.of("c" + a, "c" + b), pool.rows(new int[] {a, b})),
                    named(List.of(fold), mean(targets.rows(train))))
                .with(Decoding.Setting.RECOGNITION));
      }
    }
    return LeftOutCategories.score(folds, plan(seed, Exchange.ANY_UNIT));
  }

  private static Resampling plan(Seed seed, Exchange exchange) {
    return new Resampling(199, 1, exchange, seed.child("score"));
  }

  /** Noise, and {@code gain} times a random mixture of the targets. */
  private static Tensor responses(Tensor targets, double gain, PinnedRandom random) {
    Tensor mixing = gaussian(random, DIMS, VOXELS);
    Tensor out = gaussian(random, targets.dim(0), VOXELS);
    for (int r = 0; r < targets.dim(0); r++) {
      for (int v = 0; v < VOXELS; v++) {
        double signal = 0;
        for (int d = 0; d < DIMS; d++) {
          signal += (double) targets.array()[r * DIMS + d] * mixing.array()[d * VOXELS + v];
        }
        out.array()[r * VOXELS + v] += (float) (gain * signal / Math.sqrt(DIMS));
      }
    }
    return out;
  }

  private static Tensor decoded(Tensor responses, Tensor targets, int[] train, int[] test) {
    return Ridge.fit(responses.rows(train), targets.rows(train), RidgeSpec.fixed(10))
        .predict(responses.rows(test));
  }

  private static Tensor mean(Tensor rows) {
    float[] out = new float[DIMS];
    for (int i = 0; i < rows.size(); i++) {
      out[i % DIMS] += rows.array()[i] / rows.dim(0);
    }
    return Tensor.wrap(out, 1, DIMS);
  }

  private static Embeddings named(List<String> ids, Tensor values) {
    return new Embeddings(
        new EmbeddingSpace("made up", "none", DIMS, EmbeddingSpace.Scaling.RAW), ids, values);
  }

  private static Tensor gaussian(PinnedRandom random, int rows, int width) {
    float[] out = new float[rows * width];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) random.nextGaussian();
    }
    return Tensor.wrap(out, rows, width);
  }
}
