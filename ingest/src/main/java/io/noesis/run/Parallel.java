package io.noesis.run;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;

/**
 * Loops over fixed blocks on several threads. The blocks do not depend on the number of threads,
 * and each block writes only its own part of the result, so the result does not depend on it
 * either.
 */
public final class Parallel {
  private Parallel() {}

  /** One block of a loop. */
  @FunctionalInterface
  public interface Block {
    /**
     * Does the indices of one block.
     *
     * @param from first index
     * @param to one past the last index
     */
    void run(int from, int to);
  }

  /**
   * Splits 0 .. n-1 into blocks of a fixed size and runs them, on the threads of {@link #with} when
   * called inside it, else on the common pool.
   *
   * @param n how many indices
   * @param blockSize indices per block; it may change speed, never results
   * @param block the work
   */
  public static void forBlocks(int n, int blockSize, Block block) {
    Check.argument(blockSize > 0, "block size must be at least 1, found %d", blockSize);
    int blocks = Math.toIntExact((n + (long) blockSize - 1) / blockSize);
    IntStream.range(0, blocks)
        .parallel()
        .forEach(b -> block.run(b * blockSize, (int) Math.min(n, (b + 1L) * blockSize)));
  }

  /**
   * Runs work whose parallel loops use exactly that many threads.
   *
   * @param threads at least 1
   * @param work the work
   * @param <T> its result
   * @return the result
   */
  public static <T> T with(int threads, Callable<T> work) {
    Check.argument(threads > 0, "threads must be at least 1, found %d", threads);
    ForkJoinPool pool = new ForkJoinPool(threads);
    try {
      return pool.submit(work).get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof RuntimeException r) {
        throw r;
      }
      if (cause instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException("the work was interrupted", e);
    } finally {
      pool.shutdownNow();
    }
  }
}
