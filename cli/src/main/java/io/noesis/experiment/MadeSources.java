package io.noesis.experiment;

import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.embedding.TargetUnit;
import io.noesis.alignment.score.Condition;
import io.noesis.alignment.score.Similarity;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.run.Check;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.run.Suggest;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The embeddings that pictures and captions are made from: one per test stimulus of a subject and
 * condition. Decoded rows of several trials of a stimulus are averaged before anything else, as
 * retrieval does.
 */
final class MadeSources implements SourceEmbeddings {
  private final TargetTable targets;
  private final StimulusSet stimuli;
  private final Similarity similarity;
  private final Stretching stretching;
  private final Map<Integer, Set<String>> trained;
  private final List<Query> queries;
  private final Seed seed;
  private final Map<String, Integer> places = new HashMap<>();

  /**
   * One test stimulus.
   *
   * @param stimulus its id
   * @param decoded the mean of its decoded rows
   * @param folds that decoded them
   * @param trials how many rows were averaged
   */
  @SuppressWarnings("ArrayRecordComponent") // Made once here and only read.
  record Query(String stimulus, double[] decoded, int[] folds, int trials) {}

  /**
   * Which stimuli.
   *
   * @param count how many, drawn by the seed; 0 for all
   * @param only this one; empty for any
   */
  record Selection(int count, String only) {}

  MadeSources(Subject of, Stretch rule, Selection selection, Seed seed) {
    requireStimuli(of.targets());
    this.targets = of.targets();
    this.stimuli = of.stimuli();
    this.similarity = of.similarity();
    this.stretching = Stretching.fit(rule, of.decoded(), targets);
    this.trained = trained(of.decoded());
    this.seed = seed;
    List<String> ids = targets.embeddings().ids();
    for (int i = 0; i < ids.size(); i++) {
      places.put(ids.get(i), i);
    }
    this.queries = select(averaged(of.decoded()), selection);
  }

  /** Everything known of a subject. */
  record Subject(
      Decoded decoded, TargetTable targets, StimulusSet stimuli, Similarity similarity) {}

  private static void requireStimuli(TargetTable targets) {
    if (targets.unit() != TargetUnit.STIMULUS) {
      throw new RecipeException(
          "making captions or pictures: the targets of this run stand for categories, not for"
              + " stimuli, so there is nothing of a single stimulus to make. Choose targets of"
              + " stimuli (caption, image, given).");
    }
  }

  private static Map<Integer, Set<String>> trained(Decoded decoded) {
    Map<Integer, Set<String>> trained = new LinkedHashMap<>();
    for (int f = 0; f < decoded.folds().size(); f++) {
      Set<String> ids = new LinkedHashSet<>();
      for (int row : decoded.folds().get(f).rows(Split.Part.TRAIN)) {
        ids.add(decoded.trials().get(row).stimulus());
      }
      trained.put(f, ids);
    }
    return trained;
  }

  /** By ascending id, so that the order of trials decides nothing. */
  private static List<Query> averaged(Decoded decoded) {
    Map<String, List<Integer>> rows = new TreeMap<>();
    for (int r = 0; r < decoded.rows().size(); r++) {
      String id = decoded.trials().get(decoded.rows().get(r).trial()).stimulus();
      rows.computeIfAbsent(id, s -> new ArrayList<>()).add(r);
    }
    int width = decoded.values().dim(1);
    List<Query> queries = new ArrayList<>();
    rows.forEach(
        (id, of) -> {
          double[] mean = new double[width];
          for (int r : of) {
            for (int k = 0; k < width; k++) {
              mean[k] += decoded.values().array()[r * width + k] / (double) of.size();
            }
          }
          int[] folds =
              of.stream().mapToInt(r -> decoded.rows().get(r).fold()).sorted().distinct().toArray();
          queries.add(new Query(id, mean, folds, of.size()));
        });
    return queries;
  }

  private List<Query> select(List<Query> all, Selection selection) {
    if (!selection.only().isEmpty()) {
      List<Query> one = all.stream().filter(q -> q.stimulus().equals(selection.only())).toList();
      if (one.isEmpty()) {
        List<String> ids = all.stream().map(Query::stimulus).toList();
        throw new RecipeException(
            "choosing a stimulus: the run tests no '"
                + selection.only()
                + "'. "
                + Suggest.nearest(selection.only(), ids)
                    .map(n -> "Nearest: '" + n + "'. ")
                    .orElse("")
                + "The tested ones are in sub-*/decoded.tsv.");
      }
      return one;
    }
    int count = selection.count() == 0 ? all.size() : Math.min(all.size(), selection.count());
    return IntStream.of(seed.child("stimuli").random().permutation(all.size()))
        .limit(count)
        .sorted()
        .mapToObj(all::get)
        .toList();
  }

  List<Query> queries() {
    return queries;
  }

  @Override
  public List<String> ids() {
    return queries.stream().map(Query::stimulus).toList();
  }

  @Override
  public Optional<Tensor> embeddings(Condition condition) {
    List<float[]> rows = new ArrayList<>();
    for (Query query : queries) {
      Optional<float[]> row = embedding(condition, query);
      if (row.isEmpty()) {
        return Optional.empty();
      }
      rows.add(row.get());
    }
    int width = targets.embeddings().space().dim();
    float[] all = new float[Math.multiplyExact(rows.size(), width)];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, all, i * width, width);
    }
    return Optional.of(Tensor.wrap(all, rows.size(), width));
  }

  private Optional<float[]> embedding(Condition condition, Query query) {
    return switch (condition) {
      case DECODED -> Optional.of(stretching.of(query.decoded(), query.folds()));
      case MEAN -> Optional.of(stretching.ready(stretching.mean(query.folds())));
      case CATEGORY -> categoryMean(query).map(mean -> stretching.of(mean, query.folds()));
      case NOISE -> Optional.of(noise(query));
      case CEILING -> Optional.of(targets.embeddings().values().row(rowOf(query.stimulus())));
      case SHUFFLED, NEAREST ->
          throw new IllegalArgumentException(condition + " is not made from embeddings");
    };
  }

  /** Stimuli that trained every decoder of the query, without the query's own. */
  Set<String> trainedFor(Query query) {
    Set<String> ids = new LinkedHashSet<>(trainedIn(query.folds()[0]));
    for (int fold : query.folds()) {
      ids.retainAll(trainedIn(fold));
    }
    ids.remove(query.stimulus());
    return ids;
  }

  private Set<String> trainedIn(int fold) {
    return trained.getOrDefault(fold, Set.of());
  }

  private Optional<double[]> categoryMean(Query query) {
    String category = stimuli.get(query.stimulus()).category();
    List<String> same =
        trainedFor(query).stream()
            .filter(id -> !category.isEmpty() && stimuli.get(id).category().equals(category))
            .toList();
    return same.isEmpty()
        ? Optional.empty()
        : Optional.of(Stretching.mean(targets.embeddings(), targets.embeddings().rowsOf(same)));
  }

  private float[] noise(Query query) {
    return stretching.noise(seed.child("noise").child(query.stimulus()).random(), query.folds());
  }

  @Override
  public int[] partners() {
    return SourceEmbeddings.ring(queries.size(), seed.child("shuffled").random());
  }

  @Override
  public boolean known() {
    return true;
  }

  /** Compared as retrieval does. */
  @Override
  public List<String> nearest() {
    return queries.stream().map(query -> nearest(query, query.decoded())).toList();
  }

  @Override
  public List<String> nearest(Condition condition) {
    return queries.stream()
        .map(
            query ->
                embedding(condition, query)
                    .map(
                        row ->
                            nearest(
                                query,
                                IntStream.range(0, row.length).mapToDouble(k -> row[k]).toArray()))
                    .orElse(""))
        .toList();
  }

  private String nearest(Query query, double[] vector) {
    Embeddings all = targets.embeddings();
    double[] mean =
        similarity == Similarity.CENTRED_COSINE
            ? stretching.mean(query.folds())
            : new double[all.space().dim()];
    String best = "";
    double highest = Double.NEGATIVE_INFINITY;
    for (String id : trainedFor(query)) {
      double cosine = cosine(vector, all, rowOf(id), mean);
      if (cosine > highest || (cosine == highest && id.compareTo(best) < 0)) {
        highest = cosine;
        best = id;
      }
    }
    return best;
  }

  private int rowOf(String id) {
    Integer place = places.get(id);
    Check.argument(place != null, "the stimulus '%s' has no target", id);
    return place == null ? -1 : place;
  }

  private static double cosine(double[] a, Embeddings all, int row, double[] mean) {
    float[] values = all.values().array();
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int k = 0; k < a.length; k++) {
      double x = a[k] - mean[k];
      double y = values[row * a.length + k] - mean[k];
      dot += x * y;
      aa += x * x;
      bb += y * y;
    }
    return aa > 0 && bb > 0 ? dot / Math.sqrt(aa * bb) : 0;
  }
}
