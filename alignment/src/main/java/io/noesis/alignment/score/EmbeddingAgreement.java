package io.noesis.alignment.score;

import io.noesis.alignment.retrieve.SimilarityTable;
import java.util.Optional;

/**
 * The mean over rows of the agreement of the decoded with the true embedding, dimension by
 * dimension. Embeddings of any two stimuli share a large mean, so without centring even a decoder
 * without signal scores high: its chance is the expectation over all permutations, not 0. A vector
 * without variation (the training mean itself, once centred) agrees with nothing: 0.
 *
 * @param kind which agreement
 */
record EmbeddingAgreement(Kind kind) implements Metric {
  /** Which agreement. */
  enum Kind {
    /** Pearson's r over dimensions. */
    CORRELATION(
        "embedding_correlation",
        Comparison.Preparation.PEARSON,
        "Pearson's r of decoded and true embedding, mean over rows."),
    /** Pearson's r over dimensions after subtracting the training mean from both. */
    CORRELATION_CENTRED(
        "embedding_correlation_centred",
        Comparison.Preparation.PEARSON_ABOUT_TRAINING_MEAN,
        "Pearson's r after subtracting the training mean from both, mean over rows."),
    /** Cosine. */
    COSINE(
        "embedding_cosine",
        Comparison.Preparation.AS_IS,
        "Cosine of decoded and true embedding, mean over rows."),
    /** Cosine after subtracting the training mean from both. */
    COSINE_CENTRED(
        "embedding_cosine_centred",
        Comparison.Preparation.ABOUT_TRAINING_MEAN,
        "Cosine after subtracting the training mean from both, mean over rows.");

    private final String name;
    private final Comparison.Preparation preparation;

    private final String words;

    Kind(String name, Comparison.Preparation preparation, String words) {
      this.name = name;
      this.preparation = preparation;
      this.words = words;
    }

    String metricName() {
      return name;
    }

    String words() {
      return words;
    }
  }

  @Override
  public String name(DecodingTables tables) {
    return kind.name;
  }

  @Override
  public Score.Direction direction() {
    return Score.Direction.HIGHER;
  }

  @Override
  public Optional<String> undefinedFor(DecodingTables tables) {
    return tables.decoding().decoded().space().dim() < 2
        ? Optional.of("vectors of one number have no correlation")
        : Optional.empty();
  }

  @Override
  public Pairings pairings(DecodingTables tables) {
    SimilarityTable table = tables.truthSimilarities(kind.preparation);
    return new Pairings(tables.rows(), table::at, Statistic.MEAN);
  }

  @Override
  public double chance(DecodingTables tables, Pairings pairings) {
    return pairings.expectedMean();
  }
}
