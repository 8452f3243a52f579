package io.noesis.alignment.score;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.alignment.embedding.ArrayTargets;
import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Decodings of known quality, and the numbers that NumPy and SciPy gave for one of them. */
final class Fixtures {
  private Fixtures() {}

  static JsonNode scipy() {
    try (InputStream in = Fixtures.class.getResourceAsStream("scores.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static double[] numbers(JsonNode list) {
    return IntStream.range(0, list.size()).mapToDouble(i -> list.get(i).asDouble()).toArray();
  }

  static Tensor matrix(JsonNode rows) {
    int width = rows.get(0).size();
    float[] out = new float[rows.size() * width];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) rows.get(i / width).get(i % width).asDouble();
    }
    return Tensor.wrap(out, rows.size(), width);
  }

  static EmbeddingSpace space(int dim) {
    return new EmbeddingSpace("test", "all", dim, EmbeddingSpace.Scaling.RAW);
  }

  static List<String> ids(String prefix, int n) {
    return IntStream.range(0, n).mapToObj(i -> String.format("%s%03d", prefix, i)).toList();
  }

  static Embeddings named(String prefix, Tensor values) {
    return new Embeddings(space(values.dim(1)), ids(prefix, values.dim(0)), values);
  }

  static Tensor gaussian(PinnedRandom random, int rows, int width) {
    float[] out = new float[rows * width];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) random.nextGaussian();
    }
    return Tensor.wrap(out, rows, width);
  }

  static Embeddings zeroMean(int dim) {
    return new Embeddings(space(dim), List.of("all"), Tensor.zeros(1, dim));
  }

  /** The decoding of the fixture: 36 rows of 12 units, a pool of 20 with one duplicate. */
  static Decoding recorded() {
    JsonNode d = scipy().get("decoding");
    Embeddings pool = named("s", matrix(d.get("pool")));
    List<Decoding.Row> rows = new ArrayList<>();
    for (JsonNode truth : d.get("truth")) {
      String id = pool.ids().get(truth.asInt());
      rows.add(new Decoding.Row(id, id, "1", "all"));
    }
    int dim = d.get("dim").asInt();
    float[] mean = new float[dim];
    for (int k = 0; k < dim; k++) {
      mean[k] = (float) d.get("train").get(k).asDouble();
    }
    Decoding decoding =
        Decoding.of(
            named("t", matrix(d.get("decoded"))),
            rows,
            pool,
            new Embeddings(space(dim), List.of("all"), Tensor.wrap(mean, 1, dim)));
    java.util.Map<String, String> categories = new java.util.HashMap<>();
    for (int i = 0; i < pool.size(); i++) {
      categories.put(pool.ids().get(i), d.get("categories").get(i).asText());
    }
    return decoding.withCategories(categories);
  }

  /** How much of the truth is in a decoded row. */
  enum Quality {
    PERFECT,
    RANDOM
  }

  /** Items in four categories, each decoded {@code repeats} times. */
  static Decoding items(int n, int repeats, Quality quality, long seed) {
    PinnedRandom random = Seed.of(seed).child("items").random();
    int dim = 16;
    Tensor values = gaussian(random, n, dim);
    Embeddings pool = named("s", values);
    List<Decoding.Row> rows = new ArrayList<>();
    int[] truth = new int[n * repeats];
    for (int r = 0; r < truth.length; r++) {
      truth[r] = r / repeats;
      String id = pool.ids().get(truth[r]);
      rows.add(new Decoding.Row(id, id, "run" + r % 2, "all"));
    }
    Tensor decoded =
        quality == Quality.PERFECT ? values.rows(truth) : gaussian(random, truth.length, dim);
    java.util.Map<String, String> categories = new java.util.HashMap<>();
    for (int i = 0; i < n; i++) {
      categories.put(pool.ids().get(i), "category" + i % 4);
    }
    return Decoding.of(named("t", decoded), rows, pool, zeroMean(dim)).withCategories(categories);
  }

  /** The same numbers as optical flow, {@code [places, 2]}. */
  static Decoding flow(Decoding of) {
    return new Decoding(
        flow(of.decoded()),
        of.rows(),
        flow(of.pool()),
        of.poolCategories(),
        flow(of.trainingMeans()),
        of.setting());
  }

  private static Embeddings flow(Embeddings of) {
    int dim = of.space().dim();
    return new Embeddings(
        new EmbeddingSpace(
            ArrayTargets.FLOW, "[" + dim / 2 + ", 2]", dim, EmbeddingSpace.Scaling.RAW),
        of.ids(),
        of.values());
  }

  /** Trials of categories in runs that each show all of them. */
  static Decoding categories(int categories, int trials, Quality quality, long seed) {
    PinnedRandom random = Seed.of(seed).child("categories").random();
    int dim = 16;
    Tensor values = gaussian(random, categories, dim);
    Embeddings pool = named("c", values);
    List<Decoding.Row> rows = new ArrayList<>();
    int[] truth = new int[trials];
    for (int r = 0; r < trials; r++) {
      truth[r] = r % categories;
      rows.add(
          new Decoding.Row(
              pool.ids().get(truth[r]),
              String.format("trial%03d", r),
              "run" + r / (2 * categories),
              "all"));
    }
    Tensor decoded =
        quality == Quality.PERFECT ? values.rows(truth) : gaussian(random, trials, dim);
    return Decoding.of(named("t", decoded), rows, pool, zeroMean(dim))
        .with(Decoding.Setting.RECOGNITION);
  }
}
