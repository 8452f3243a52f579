package io.noesis.alignment.score;

import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.retrieve.Gallery;
import io.noesis.alignment.retrieve.RankTable;
import io.noesis.alignment.retrieve.Ranking;
import io.noesis.alignment.retrieve.SimilarityTable;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Compares the rows of a decoding with candidates, each row about its own fold's training mean. */
final class Comparison {
  /** What is subtracted from both vectors before their cosine. */
  enum Preparation {
    AS_IS,
    /** The training mean. */
    ABOUT_TRAINING_MEAN,
    /** Each vector's own mean over its dimensions: the cosine becomes Pearson's r. */
    PEARSON,
    /** The training mean, then each vector's own mean. */
    PEARSON_ABOUT_TRAINING_MEAN;

    boolean usesTrainingMean() {
      return this == ABOUT_TRAINING_MEAN || this == PEARSON_ABOUT_TRAINING_MEAN;
    }

    boolean subtractsOwnMean() {
      return this == PEARSON || this == PEARSON_ABOUT_TRAINING_MEAN;
    }
  }

  private final Decoding decoding;
  private final Preparation preparation;

  private Comparison(Decoding decoding, Preparation preparation) {
    this.decoding = decoding;
    this.preparation = preparation;
  }

  /** As the decoding's own setting says. */
  static Comparison of(Decoding decoding) {
    return of(
        decoding,
        decoding.setting().similarity() == Similarity.COSINE
            ? Preparation.AS_IS
            : Preparation.ABOUT_TRAINING_MEAN);
  }

  static Comparison of(Decoding decoding, Preparation preparation) {
    return new Comparison(decoding, preparation);
  }

  Preparation preparation() {
    return preparation;
  }

  RankTable ranks() {
    return foldwise(
        UnaryOperator.identity(), Gallery::ranks, RankTable::concatenate, RankTable::rows);
  }

  Ranking ranking(int keep) {
    return foldwise(
        UnaryOperator.identity(),
        (gallery, queries) -> gallery.rank(queries, keep),
        Ranking::concatenate,
        Ranking::rows);
  }

  RankTable ranksWithin(List<String> categories) {
    return foldwise(
        UnaryOperator.identity(),
        (gallery, queries) -> gallery.ranksWithin(queries, categories),
        RankTable::concatenate,
        RankTable::rows);
  }

  /** Similarities {@code [rows, candidates]} with those rows of the pool, which may repeat. */
  SimilarityTable similarities(int[] poolRows) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < poolRows.length; i++) {
      names.add(i + ":" + decoding.pool().ids().get(poolRows[i]));
    }
    return foldwise(
        pool -> new Embeddings(pool.space(), names, pool.values().rows(poolRows)),
        Gallery::compare,
        SimilarityTable::concatenate,
        SimilarityTable::rows);
  }

  private <T> T foldwise(
      UnaryOperator<Embeddings> candidates,
      BiFunction<Gallery, Embeddings, T> compare,
      Function<List<T>, T> concatenate,
      BiFunction<T, int[], T> reorder) {
    int[] foldOfRow = foldOfRow();
    int[][] byFold = Pairings.membersOf(foldOfRow);
    List<T> parts = new ArrayList<>();
    int[] place = new int[foldOfRow.length];
    int next = 0;
    for (int fold = 0; fold < byFold.length; fold++) {
      if (byFold[fold].length == 0) {
        continue;
      }
      float[] mean = decoding.trainingMeans().values().row(fold);
      Embeddings pool =
          decoding
              .poolOfFold()
              .getOrDefault(decoding.trainingMeans().ids().get(fold), decoding.pool());
      Embeddings rows =
          new Embeddings(
              decoding.decoded().space(),
              Arrays.stream(byFold[fold]).mapToObj(decoding.decoded().ids()::get).toList(),
              decoding.decoded().values().rows(byFold[fold]));
      parts.add(
          compare.apply(Gallery.of(prepared(candidates.apply(pool), mean)), prepared(rows, mean)));
      for (int row : byFold[fold]) {
        place[row] = next++;
      }
    }
    return reorder.apply(concatenate.apply(parts), place);
  }

  /**
   * The fold of each row; all count as one where neither its mean nor a pool of its own is used.
   */
  private int[] foldOfRow() {
    if (!preparation.usesTrainingMean() && decoding.poolOfFold().isEmpty()) {
      return new int[decoding.rows().size()];
    }
    return decoding
        .trainingMeans()
        .rowsOf(decoding.rows().stream().map(Decoding.Row::fold).toList());
  }

  private Embeddings prepared(Embeddings embeddings, float[] trainingMean) {
    if (preparation == Preparation.AS_IS) {
      return embeddings;
    }
    int width = trainingMean.length;
    float[] in = embeddings.values().array();
    float[] out = new float[in.length];
    double[] vector = new double[width];
    for (int r = 0; r < embeddings.size(); r++) {
      for (int k = 0; k < width; k++) {
        double mean = preparation.usesTrainingMean() ? trainingMean[k] : 0;
        vector[k] = in[r * width + k] - mean;
      }
      double own = preparation.subtractsOwnMean() ? Arrays.stream(vector).sum() / width : 0;
      for (int k = 0; k < width; k++) {
        out[r * width + k] = (float) (vector[k] - own);
      }
    }
    return new Embeddings(
        embeddings.space(), embeddings.ids(), Tensor.wrap(out, embeddings.size(), width));
  }
}
