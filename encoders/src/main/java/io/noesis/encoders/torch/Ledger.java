package io.noesis.encoders.torch;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts the memory of the values that a thread makes: each stretch of it once, however many values
 * look at it. Values must live as long as they are counted, as they do inside one {@link Scope}.
 */
public final class Ledger {
  private static final ThreadLocal<@Nullable Ledger> OPEN = new ThreadLocal<>();

  private final TreeMap<Long, Long> stretches = new TreeMap<>();
  private long bytes;
  private long largest;

  private Ledger() {}

  /**
   * What some work took.
   *
   * @param bytes of all values together
   * @param largest bytes of the largest
   */
  public record Sum(long bytes, long largest) {}

  /**
   * Does some work in a scope of its own and counts what it makes.
   *
   * @param work not counting itself
   * @return what its values took before they were freed
   */
  public static Sum of(Runnable work) {
    Ledger ledger = new Ledger();
    OPEN.set(ledger);
    try {
      Scope.run(work);
    } finally {
      OPEN.remove();
    }
    return new Sum(ledger.bytes, ledger.largest);
  }

  /** Hears of a value that was made. */
  static void note(org.bytedeco.pytorch.Tensor tensor) {
    Ledger ledger = OPEN.get();
    if (ledger != null && tensor.defined()) {
      ledger.add(tensor.data_ptr().address(), tensor.nbytes());
    }
  }

  private void add(long start, long size) {
    Map.Entry<Long, Long> before = stretches.floorEntry(start);
    if (size == 0 || (before != null && start < before.getValue())) {
      return;
    }
    stretches.put(start, start + size);
    bytes += size;
    largest = Math.max(largest, size);
  }
}
