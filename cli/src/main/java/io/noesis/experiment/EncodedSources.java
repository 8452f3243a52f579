package io.noesis.experiment;

import io.noesis.alignment.score.Condition;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.run.Suggest;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The embeddings of new responses, of which nobody knows what was seen: as they were decoded, and
 * beside them what needs no truth: the mean of the training targets, noise, and the responses of
 * each other. One row of the file is one id.
 */
final class EncodedSources implements SourceEmbeddings {
  /** What can be made where nobody knows what was seen. */
  static final List<Condition> POSSIBLE =
      List.of(Condition.DECODED, Condition.SHUFFLED, Condition.MEAN, Condition.NOISE);

  private static final int[] ALL_FOLDS = {0};

  private final EncodingFolder.Kept kept;
  private final Stretching stretching;
  private final Seed seed;
  private final int[] rows;

  EncodedSources(
      EncodingFolder.Kept kept, Stretch rule, MadeSources.Selection selection, Seed seed) {
    this.kept = kept;
    this.stretching =
        Stretching.of(rule, kept.space(), kept.training().mean(), kept.training().distance());
    this.seed = seed;
    this.rows = select(selection);
  }

  private int[] select(MadeSources.Selection selection) {
    int all = kept.values().dim(0);
    if (!selection.only().isEmpty()) {
      List<String> ids = IntStream.range(0, all).mapToObj(EncodedSources::id).toList();
      int row = ids.indexOf(selection.only());
      if (row < 0) {
        throw new RecipeException(
            "choosing a trial: the embeddings have no '"
                + selection.only()
                + "'. "
                + Suggest.sentence(selection.only(), ids));
      }
      return new int[] {row};
    }
    int count = selection.count() == 0 ? all : Math.min(all, selection.count());
    return IntStream.of(seed.child("stimuli").random().permutation(all))
        .limit(count)
        .sorted()
        .toArray();
  }

  /** The name of a row: {@code row-0003}. */
  static String id(int row) {
    return String.format(Locale.ROOT, "row-%04d", row);
  }

  @Override
  public List<String> ids() {
    return IntStream.of(rows).mapToObj(EncodedSources::id).toList();
  }

  @Override
  public Optional<Tensor> embeddings(Condition condition) {
    int width = kept.space().dim();
    float[] all = new float[Math.multiplyExact(rows.length, width)];
    for (int i = 0; i < rows.length; i++) {
      float[] one;
      switch (condition) {
        case DECODED -> one = stretching.of(decoded(rows[i]), ALL_FOLDS);
        case MEAN -> one = stretching.ready(stretching.mean(ALL_FOLDS));
        case NOISE ->
            one = stretching.noise(seed.child("noise").child(id(rows[i])).random(), ALL_FOLDS);
        default -> {
          return Optional.empty();
        }
      }
      System.arraycopy(one, 0, all, i * width, width);
    }
    return Optional.of(Tensor.wrap(all, rows.length, width));
  }

  private double[] decoded(int row) {
    float[] values = kept.values().row(row);
    return IntStream.range(0, values.length).mapToDouble(k -> values[k]).toArray();
  }

  @Override
  public List<String> nearest() {
    return ids().stream().map(id -> "").toList();
  }

  @Override
  public List<String> nearest(Condition condition) {
    throw new RecipeException(
        "starting from the nearest training picture: a folder of 'noesis encode' does not know the"
            + " training stimuli. Give --start noise.");
  }

  @Override
  public int[] partners() {
    return SourceEmbeddings.ring(rows.length, seed.child("shuffled").random());
  }

  @Override
  public boolean known() {
    return false;
  }
}
