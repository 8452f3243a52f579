package io.noesis.alignment.retrieve;

import io.noesis.alignment.embedding.Embeddings;
import io.noesis.encoders.torch.IntegerProducts;
import io.noesis.run.CancelledException;
import io.noesis.run.Parallel;
import io.noesis.tensor.NpyRows;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * Exact search in two passes: the first bounds all cosines in quick numbers (8-bit integers where
 * the processor multiplies them faster, else float32), the second computes in float64 those that
 * may be among the best by their bounds. The answer does not depend on the first. Candidates in a
 * file are read once, in order, the next ones while the last are compared.
 */
final class BestSearch {
  /** Candidates compared at a time; pieces of 8-bit products start at multiples of theirs. */
  private static final int CHUNK = 8 * IntegerProducts.PIECE;

  private final List<String> ids;
  private final int keep;

  BestSearch(List<String> ids, int keep) {
    this.ids = ids;
    this.keep = keep;
  }

  /** Whether the first pass of vectors of that width is in 8-bit integers. */
  static boolean inIntegers(int width) {
    return IntegerProducts.available() && IntegerProducts.fits(width);
  }

  /**
   * Per query its best, best first, ties by id.
   *
   * @param queries to search for
   * @param vectors of all candidates {@code [rows, width]}
   * @param rounded the same in 8-bit integers; asked for when they are to be used
   */
  List<List<Ranking.Hit>> search(
      Embeddings queries, Tensor vectors, Supplier<QuantisedRows> rounded) {
    FirstPass pass =
        inIntegers(vectors.dim(1))
            ? IntegerPass.held(queries.values(), rounded.get())
            : new FloatPass(queries.values());
    return search(queries, vectors, pass);
  }

  List<List<Ranking.Hit>> search(Embeddings queries, Tensor vectors, FirstPass pass) {
    BestOfQuery[] best = best(queries);
    NearBest[] near = near(best);
    for (int from = 0; from < vectors.dim(0); from += CHUNK) {
      pass.compare(vectors, from, Math.min(vectors.dim(0), from + CHUNK), 0, near);
    }
    settle(best, vectors, 0);
    return Arrays.stream(best).map(BestOfQuery::hits).toList();
  }

  /** The same for candidates in a file. */
  List<List<Ranking.Hit>> search(Embeddings queries, NpyRows file) {
    BestOfQuery[] best = best(queries);
    NearBest[] near = near(best);
    ExecutorService reader = Executors.newSingleThreadExecutor();
    try {
      Future<Tensor> next = reader.submit(() -> read(file, 0));
      FirstPass pass = null;
      for (int from = 0; from < file.rows(); from += CHUNK) {
        Tensor vectors = next.get();
        int after = from + CHUNK;
        next = reader.submit(() -> read(file, after));
        pass = pass == null ? streamed(queries, vectors) : pass;
        pass.compare(vectors, 0, vectors.dim(0), from, near);
        settle(best, vectors, from);
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

  private static FirstPass streamed(Embeddings queries, Tensor first) {
    return inIntegers(first.dim(1))
        ? IntegerPass.streamed(queries.values(), QuantisedRows.centre(first))
        : new FloatPass(queries.values());
  }

  private static Tensor read(NpyRows file, int from) {
    int to = (int) Math.min(file.rows(), (long) from + CHUNK);
    return file.read(Math.min(from, to), to);
  }

  private BestOfQuery[] best(Embeddings queries) {
    BestOfQuery[] out = new BestOfQuery[queries.size()];
    Arrays.setAll(out, q -> new BestOfQuery(queries.values(), q, ids, keep));
    return out;
  }

  private static NearBest[] near(BestOfQuery[] best) {
    return Arrays.stream(best).map(BestOfQuery::near).toArray(NearBest[]::new);
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
