package io.noesis.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Ctrl-C: the work is asked to stop and given the time to write a checkpoint; the process then ends
 * with the code of an interrupt, 130.
 */
final class Interrupt implements BooleanSupplier {
  /** The one of this process. */
  static final Interrupt OF_PROCESS = new Interrupt();

  /** Who has not asked for so long does not look whether it should stop. */
  private static final Duration ASKED_LATELY = Duration.ofSeconds(10);

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean requested;
  private volatile long askedNanos = Long.MIN_VALUE;

  /** Listens from now on. */
  void listen() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "noesis-interrupt"));
  }

  /** The command is over, in whatever way. */
  void ended() {
    ended.countDown();
  }

  private void stop() {
    requested = true;
    long asked = askedNanos;
    if (asked == Long.MIN_VALUE || System.nanoTime() - asked > ASKED_LATELY.toNanos()) {
      return;
    }
    try {
      ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean getAsBoolean() {
    askedNanos = System.nanoTime();
    return requested;
  }
}
