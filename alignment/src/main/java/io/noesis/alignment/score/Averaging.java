package io.noesis.alignment.score;

import io.noesis.alignment.embedding.Embeddings;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Puts decodings together: rows of one unit into one, folds below each other. */
final class Averaging {
  private Averaging() {}

  static Decoding byUnit(Decoding d) {
    Map<String, List<Integer>> members = new LinkedHashMap<>();
    for (int r = 0; r < d.rows().size(); r++) {
      members.computeIfAbsent(d.rows().get(r).unit(), u -> new ArrayList<>()).add(r);
    }
    if (members.size() == d.rows().size()) {
      return d;
    }
    List<Decoding.Row> rows = new ArrayList<>();
    List<float[]> vectors = new ArrayList<>();
    Map<String, float[]> means = new LinkedHashMap<>();
    members.forEach(
        (unit, list) -> {
          int[] which = list.stream().mapToInt(Integer::intValue).toArray();
          String fold = folds(d, which);
          String run = onlyRun(d, which);
          means.computeIfAbsent(fold, f -> meanOfFolds(d, which));
          rows.add(new Decoding.Row(d.rows().get(which[0]).truth(), unit, run, fold));
          vectors.add(mean(d.decoded().values(), which));
        });
    int least = members.values().stream().mapToInt(List::size).min().orElse(0);
    int most = members.values().stream().mapToInt(List::size).max().orElse(0);
    String count = least == most ? Integer.toString(most) : least + " to " + most;
    return new Decoding(
        named(d, List.copyOf(members.keySet()), vectors),
        rows,
        d.pool(),
        d.poolCategories(),
        named(d, List.copyOf(means.keySet()), List.copyOf(means.values())),
        d.setting()
            .withProtocol(joined(d.setting().protocol(), "mean of " + count + " decoded rows")),
        d.poolOfFold());
  }

  static Decoding pooled(List<Decoding> folds) {
    Check.argument(!folds.isEmpty(), "no folds to pool");
    Decoding first = folds.get(0);
    for (Decoding fold : folds) {
      Check.argument(
          fold.pool().ids().equals(first.pool().ids())
              && fold.pool().values().equals(first.pool().values())
              && fold.poolCategories().equals(first.poolCategories())
              && fold.setting().equals(first.setting()),
          "pooling folds: every fold needs the same pool and setting, found %s and %s",
          first.setting(),
          fold.setting());
    }
    return new Decoding(
        concatenate(folds.stream().map(Decoding::decoded).toList()),
        folds.stream().flatMap(f -> f.rows().stream()).toList(),
        first.pool(),
        first.poolCategories(),
        concatenate(folds.stream().map(Decoding::trainingMeans).toList()),
        first.setting(),
        pools(folds));
  }

  private static Map<String, Embeddings> pools(List<Decoding> folds) {
    Map<String, Embeddings> pools = new LinkedHashMap<>();
    folds.forEach(fold -> pools.putAll(fold.poolOfFold()));
    return pools;
  }

  static String joined(String a, String b) {
    return a.isEmpty() ? b : b.isEmpty() ? a : a + "; " + b;
  }

  private static String folds(Decoding d, int[] rows) {
    return Arrays.stream(rows)
        .mapToObj(r -> d.rows().get(r).fold())
        .sorted()
        .distinct()
        .collect(Collectors.joining("+"));
  }

  private static String onlyRun(Decoding d, int[] rows) {
    List<String> runs =
        Arrays.stream(rows).mapToObj(r -> d.rows().get(r).run()).distinct().toList();
    return runs.size() == 1 ? runs.get(0) : "";
  }

  /** The mean of the training means of the folds that decoded these rows. */
  private static float[] meanOfFolds(Decoding d, int[] rows) {
    List<String> folds =
        Arrays.stream(rows).mapToObj(r -> d.rows().get(r).fold()).distinct().toList();
    return mean(d.trainingMeans().values(), d.trainingMeans().rowsOf(folds));
  }

  private static float[] mean(Tensor values, int[] rows) {
    int width = values.dim(1);
    double[] sum = new double[width];
    for (int r : rows) {
      for (int k = 0; k < width; k++) {
        sum[k] += values.array()[r * width + k];
      }
    }
    float[] out = new float[width];
    for (int k = 0; k < width; k++) {
      out[k] = (float) (sum[k] / rows.length);
    }
    return out;
  }

  private static Embeddings concatenate(List<Embeddings> parts) {
    return new Embeddings(
        parts.get(0).space(),
        parts.stream().flatMap(p -> p.ids().stream()).toList(),
        Tensor.concatenate(parts.stream().map(Embeddings::values).toArray(Tensor[]::new)));
  }

  private static Embeddings named(Decoding d, List<String> ids, List<float[]> rows) {
    int width = d.decoded().space().dim();
    float[] out = new float[Math.multiplyExact(rows.size(), width)];
    for (int r = 0; r < rows.size(); r++) {
      System.arraycopy(rows.get(r), 0, out, r * width, width);
    }
    return new Embeddings(d.decoded().space(), ids, Tensor.wrap(out, rows.size(), width));
  }
}
