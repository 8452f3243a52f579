package io.noesis.alignment.train;

import io.noesis.run.CancelledException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes the next batches on a thread of its own while the current one is computed. The batches are
 * those of {@code make(0), make(1), ...}; what it throws comes out of {@link #next}.
 */
final class BatchQueue implements AutoCloseable {
  private static final int AHEAD = 2;

  private record Made(@Nullable Batch batch, @Nullable RuntimeException failure) {}

  private final BlockingQueue<Made> queue = new ArrayBlockingQueue<>(AHEAD);
  private final Thread thread;

  BatchQueue(int count, IntFunction<Batch> make) {
    thread = new Thread(() -> fill(count, make), "noesis-batches");
    thread.setDaemon(true);
    thread.start();
  }

  private void fill(int count, IntFunction<Batch> make) {
    try {
      for (int i = 0; i < count; i++) {
        queue.put(made(make, i));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // Closed: nobody waits for more.
    }
  }

  private static Made made(IntFunction<Batch> make, int i) {
    try {
      return new Made(make.apply(i), null);
    } catch (RuntimeException e) {
      return new Made(null, e);
    }
  }

  Batch next() {
    try {
      Made made = queue.take();
      if (made.failure() != null) {
        throw made.failure();
      }
      return java.util.Objects.requireNonNull(made.batch());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException("training was interrupted", e);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
