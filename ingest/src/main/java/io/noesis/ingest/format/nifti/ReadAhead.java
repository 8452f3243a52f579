package io.noesis.ingest.format.nifti;

import io.noesis.run.CancelledException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Fills buffers on a second thread while the calling thread uses those filled before: a fixed
 * number of buffers goes round between two queues. Order is kept; the second thread has ended when
 * this returns or throws.
 */
final class ReadAhead {
  /** One being filled, one being used, and one or two to even out their speeds. */
  static final int BUFFERS = 4;

  private ReadAhead() {}

  /** Fills the buffer of one index; runs on the second thread. */
  @FunctionalInterface
  interface Producer {
    void fill(int index, byte[] buffer);
  }

  /** Uses the buffer of one index; runs on the calling thread. */
  @FunctionalInterface
  interface Consumer {
    void accept(int index, byte[] buffer);
  }

  /** A full buffer, or what went wrong instead. */
  private static final class Filled {
    private final byte[] buffer;
    private final @Nullable Throwable failure;

    Filled(byte[] buffer, @Nullable Throwable failure) {
      this.buffer = buffer;
      this.failure = failure;
    }
  }

  static void run(int count, int bytes, Producer producer, Consumer consumer) {
    int buffers = Math.min(BUFFERS, count);
    BlockingQueue<byte[]> empty = new ArrayBlockingQueue<>(buffers);
    BlockingQueue<Filled> full = new ArrayBlockingQueue<>(buffers);
    for (int b = 0; b < buffers; b++) {
      empty.add(new byte[bytes]);
    }
    Thread reader = new Thread(() -> produce(count, producer, empty, full), "noesis-read-ahead");
    reader.setDaemon(true);
    reader.start();
    try {
      for (int index = 0; index < count; index++) {
        Filled filled = full.take();
        rethrow(filled.failure);
        consumer.accept(index, filled.buffer);
        empty.put(filled.buffer);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException("reading volumes was interrupted", e);
    } finally {
      reader.interrupt();
      join(reader);
    }
  }

  private static void produce(
      int count, Producer producer, BlockingQueue<byte[]> empty, BlockingQueue<Filled> full) {
    try {
      for (int index = 0; index < count; index++) {
        byte[] buffer = empty.take();
        Filled filled;
        try {
          producer.fill(index, buffer);
          filled = new Filled(buffer, null);
        } catch (RuntimeException | Error e) {
          filled = new Filled(buffer, e);
        }
        full.put(filled);
        if (filled.failure != null) {
          return;
        }
      }
    } catch (InterruptedException e) {
      // The consumer has stopped; there is nobody left to read for.
      Thread.currentThread().interrupt();
    }
  }

  private static void rethrow(@Nullable Throwable failure) {
    if (failure instanceof RuntimeException r) {
      throw r;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }

  private static void join(Thread reader) {
    boolean interrupted = false;
    while (reader.isAlive()) {
      try {
        reader.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
