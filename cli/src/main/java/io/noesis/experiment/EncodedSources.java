package io.noesis.experiment;

import io.noesis.alignment.embedding.Embeddings;
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
 * The embeddings of new responses: as they were decoded, and beside them the mean of the training
 * targets, noise, and the responses of each other. Where nobody told what was seen, one row of the
 * file is one id. Where it was told, an id is a stimulus that no decoder learnt from, its rows are
 * averaged before anything else, and the ceiling is made of its target.
 */
final class EncodedSources implements SourceEmbeddings {
  /** What can be made where nobody knows what was seen. */
  private static final List<Condition> WITHOUT_TRUTH =
      List.of(Condition.DECODED, Condition.SHUFFLED, Condition.MEAN, Condition.NOISE);

  private static final int[] ALL_FOLDS = {0};

  private final EncodingFolder.Kept kept;
  private final Stretching stretching;
  private final Seed seed;
  private final List<Source> sources;

  /** An id and the rows that it stands for. */
  @SuppressWarnings("ArrayRecordComponent") // Private; made once, read only.
  private record Source(String id, int[] rows) {}

  EncodedSources(
      EncodingFolder.Kept kept, Stretch rule, MadeSources.Selection selection, Seed seed) {
    this.kept = kept;
    this.stretching =
        Stretching.of(rule, kept.space(), kept.training().mean(), kept.training().distance());
    this.seed = seed;
    this.sources = select(all(kept), selection);
  }

  /** Whether it was told what was seen, and some of it is new to the decoders. */
  static boolean scores(EncodingFolder.Kept kept) {
    return kept.seen().map(SeenStimuli::heldOut).orElse(List.of()).size() > 1;
  }

  /** The conditions among those asked for that can be made. */
  static List<Condition> possible(EncodingFolder.Kept kept, List<Condition> asked) {
    boolean ceiling =
        scores(kept)
            && kept.seen()
                .filter(seen -> seen.targets().ids().containsAll(seen.heldOut()))
                .isPresent();
    return asked.stream()
        .filter(c -> WITHOUT_TRUTH.contains(c) || (ceiling && c == Condition.CEILING))
        .toList();
  }

  /** How many ids there are. */
  static int count(EncodingFolder.Kept kept) {
    return all(kept).size();
  }

  private static List<Source> all(EncodingFolder.Kept kept) {
    if (!scores(kept)) {
      return IntStream.range(0, kept.values().dim(0))
          .mapToObj(row -> new Source(id(row), new int[] {row}))
          .toList();
    }
    SeenStimuli seen = kept.seen().orElseThrow();
    return seen.heldOut().stream()
        .map(
            id ->
                new Source(
                    id,
                    IntStream.range(0, seen.ofRows().size())
                        .filter(row -> seen.ofRows().get(row).equals(id))
                        .toArray()))
        .toList();
  }

  private List<Source> select(List<Source> all, MadeSources.Selection selection) {
    if (!selection.only().isEmpty()) {
      List<String> ids = all.stream().map(Source::id).toList();
      int place = ids.indexOf(selection.only());
      if (place < 0) {
        throw new RecipeException(
            "choosing a trial: the embeddings have no '"
                + selection.only()
                + "'"
                + (scores(kept) ? " that no decoder learnt from" : "")
                + ". "
                + Suggest.sentence(selection.only(), ids));
      }
      return List.of(all.get(place));
    }
    int count = selection.count() == 0 ? all.size() : Math.min(all.size(), selection.count());
    return IntStream.of(seed.child("stimuli").random().permutation(all.size()))
        .limit(count)
        .sorted()
        .mapToObj(all::get)
        .toList();
  }

  /** The name of a row: {@code row-0003}. */
  static String id(int row) {
    return String.format(Locale.ROOT, "row-%04d", row);
  }

  @Override
  public List<String> ids() {
    return sources.stream().map(Source::id).toList();
  }

  @Override
  public Optional<Tensor> embeddings(Condition condition) {
    int width = kept.space().dim();
    float[] all = new float[Math.multiplyExact(sources.size(), width)];
    for (int i = 0; i < sources.size(); i++) {
      Source source = sources.get(i);
      float[] one;
      switch (condition) {
        case DECODED -> one = stretching.of(decoded(source), ALL_FOLDS);
        case MEAN -> one = stretching.ready(stretching.mean(ALL_FOLDS));
        case NOISE ->
            one = stretching.noise(seed.child("noise").child(source.id()).random(), ALL_FOLDS);
        case CEILING -> one = target(source.id());
        default -> {
          return Optional.empty();
        }
      }
      System.arraycopy(one, 0, all, i * width, width);
    }
    return Optional.of(Tensor.wrap(all, sources.size(), width));
  }

  private double[] decoded(Source source) {
    double[] mean = new double[kept.space().dim()];
    for (int row : source.rows()) {
      float[] values = kept.values().row(row);
      for (int k = 0; k < mean.length; k++) {
        mean[k] += values[k] / (double) source.rows().length;
      }
    }
    return mean;
  }

  private float[] target(String id) {
    Embeddings targets = kept.seen().orElseThrow().targets();
    return targets.values().row(targets.rowsOf(List.of(id))[0]);
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
    return SourceEmbeddings.ring(sources.size(), seed.child("shuffled").random());
  }

  @Override
  public boolean known() {
    return scores(kept);
  }
}
