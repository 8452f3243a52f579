package io.noesis.alignment.retrieve;

import io.noesis.alignment.embedding.Embeddings;
import io.noesis.encoders.torch.RowProducts;
import io.noesis.run.CancelledException;
import io.noesis.run.Parallel;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Exact search in two passes. The first computes all cosines in float32, which is wrong by at most
 * ε = (width + 8)·2⁻²⁴ for vectors of length 1 whatever the order of the sum, and keeps every
 * candidate within 2ε of the best. The second computes those in float64. Candidates are read once,
 * in order, the next ones while the last are compared.
 */
final class BestSearch {
  /** Candidates compared at a time. */
  private static final int CHUNK = 8192;

  private static final double UNIT = 0x1p-24;

  private final CandidateRows rows;
  private final List<String> ids;
  private final int keep;

  BestSearch(CandidateRows rows, List<String> ids, int keep) {
    this.rows = rows;
    this.ids = ids;
    this.keep = keep;
  }

  /** Per query its best, best first, ties by id. */
  List<List<Ranking.Hit>> search(Embeddings queries) {
    Tensor values = queries.values();
    NearBest[] near = new NearBest[queries.size()];
    float margin = (float) (2.1 * (values.dim(1) + 8) * UNIT);
    Arrays.setAll(near, q -> new NearBest(keep, margin));
    Tensor rounded = Directions.rounded(values);
    ExecutorService reader = Executors.newSingleThreadExecutor();
    try {
      Future<Tensor> next = reader.submit(() -> chunk(0));
      for (int from = 0; from < rows.size(); from += CHUNK) {
        Tensor candidates = next.get();
        int first = from;
        next = reader.submit(() -> chunk(first + CHUNK));
        RowProducts.forEach(
            rounded,
            candidates,
            (query, products, at) -> near[query].offer(first, products, at, candidates.dim(0)));
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException("the search was interrupted", e);
    } finally {
      reader.shutdownNow();
    }
    List<List<Ranking.Hit>> hits = Arrays.asList(hitLists(queries.size()));
    Parallel.forBlocks(
        queries.size(),
        4,
        (from, to) -> {
          for (int q = from; q < to; q++) {
            hits.set(q, best(Directions.of(values, q, 1), near[q].candidates()));
          }
        });
    return hits;
  }

  @SuppressWarnings("unchecked") // An array of lists has no other way to be made.
  private static List<Ranking.Hit>[] hitLists(int count) {
    return (List<Ranking.Hit>[]) new List<?>[count];
  }

  private Tensor chunk(int from) {
    int to = (int) Math.min(rows.size(), (long) from + CHUNK);
    return Directions.rounded(rows.read(Math.min(from, to), to));
  }

  private List<Ranking.Hit> best(Matrix query, int[] candidates) {
    Matrix directions = Directions.of(rows.read(candidates), 0, candidates.length);
    double[] similarities = new double[candidates.length];
    int width = query.columns();
    for (int c = 0; c < candidates.length; c++) {
      double sum = 0;
      for (int k = 0; k < width; k++) {
        sum += query.array()[k] * directions.array()[c * width + k];
      }
      similarities[c] = sum;
    }
    return IntStream.range(0, candidates.length)
        .boxed()
        .sorted(
            Comparator.<Integer>comparingDouble(c -> -similarities[c])
                .thenComparing(c -> ids.get(candidates[c])))
        .limit(keep)
        .map(c -> new Ranking.Hit(ids.get(candidates[c]), similarities[c]))
        .toList();
  }
}
