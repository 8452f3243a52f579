package io.noesis.alignment.retrieve;

import io.noesis.alignment.embedding.Embeddings;
import io.noesis.run.CancelledException;
import io.noesis.run.Parallel;
import io.noesis.tensor.NpyRows;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Exact search in two passes: the first bounds all cosines in 8-bit integers, the second computes
 * in float64 those that may be among the best by their bounds. The answer does not depend on the
 * first. Candidates in a file are read once, in order, the next ones while the last are compared.
 */
final class BestSearch {
  /** Candidates of a file that are read at a time. */
  private static final int CHUNK = 64 * QuantisedRows.PIECE;

  /** Elements of those, unless one piece has more. */
  private static final int ELEMENTS = 1 << 24;

  private final List<String> ids;
  private final int keep;

  BestSearch(List<String> ids, int keep) {
    this.ids = ids;
    this.keep = keep;
  }

  /**
   * Per query its best, best first, ties by id.
   *
   * @param queries to search for
   * @param vectors of all candidates {@code [rows, width]}
   * @param rounded the same in 8-bit integers
   */
  List<List<Ranking.Hit>> search(Embeddings queries, Tensor vectors, QuantisedRows rounded) {
    BestOfQuery[] best = best(queries);
    try (FirstPass pass = FirstPass.held(queries.values(), rounded)) {
      compare(pass, vectors, 0, best);
    }
    return Arrays.stream(best).map(BestOfQuery::hits).toList();
  }

  /** The same for candidates in a file. */
  List<List<Ranking.Hit>> search(Embeddings queries, NpyRows file) {
    BestOfQuery[] best = best(queries);
    int chunk = chunk(file.width());
    ExecutorService reader = Executors.newSingleThreadExecutor();
    Tensor sample = read(file, 0, chunk);
    try (FirstPass pass = FirstPass.streamed(queries.values(), QuantisedRows.centre(sample))) {
      Future<Tensor> next = CompletableFuture.completedFuture(sample);
      for (int from = 0; from < file.rows(); from += chunk) {
        Tensor vectors = next.get();
        int after = from + chunk;
        next = reader.submit(() -> read(file, after, chunk));
        compare(pass, vectors, from, best);
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
    return Arrays.stream(best).map(BestOfQuery::hits).toList();
  }

  /** Both passes over some candidates. */
  private static void compare(FirstPass pass, Tensor vectors, int number, BestOfQuery[] best) {
    pass.compare(vectors, number, best);
    settle(best, vectors, number);
  }

  private static int chunk(int width) {
    int pieces = ELEMENTS / Math.max(1, width) / QuantisedRows.PIECE;
    return Math.min(CHUNK, Math.max(1, pieces) * QuantisedRows.PIECE);
  }

  private static Tensor read(NpyRows file, int from, int chunk) {
    int to = (int) Math.min(file.rows(), (long) from + chunk);
    return file.read(Math.min(from, to), to);
  }

  private BestOfQuery[] best(Embeddings queries) {
    BestOfQuery[] out = new BestOfQuery[queries.size()];
    Arrays.setAll(out, q -> new BestOfQuery(queries.values(), q, ids, keep));
    return out;
  }

  /** The second pass over what the first has left, while these vectors are at hand. */
  private static void settle(BestOfQuery[] best, Tensor vectors, int number) {
    Parallel.forBlocks(
        best.length,
        8,
        (from, to) -> {
          for (int q = from; q < to; q++) {
            best[q].settle(vectors, number);
          }
        });
  }
}
