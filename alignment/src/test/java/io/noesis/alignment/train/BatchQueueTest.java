package io.noesis.alignment.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.loss.RowFacts;
import io.noesis.run.DataException;
import io.noesis.tensor.Tensor;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class BatchQueueTest {
  private static Batch number(int i) {
    Tensor one = Tensor.wrap(new float[] {i}, 1, 1);
    return new Batch(one, one, Map.of(), Map.of(), RowFacts.NONE);
  }

  /** Nobody has asked for any yet; a queue without a thread would wait here for ever. */
  @Test
  void theNextBatchesAreMadeWhileNobodyAsksForThem() throws Exception {
    CountDownLatch two = new CountDownLatch(2);
    AtomicInteger made = new AtomicInteger();
    try (BatchQueue queue =
        new BatchQueue(
            9,
            i -> {
              made.incrementAndGet();
              two.countDown();
              return number(i);
            })) {
      assertTrue(two.await(10, TimeUnit.SECONDS), "made ahead");
      Thread.sleep(50);
      assertTrue(made.get() <= 4, made.get() + " made ahead: memory is bounded");
      for (int i = 0; i < 9; i++) {
        assertEquals(i, queue.next().responses().at(0, 0));
      }
    }
  }

  @Test
  void whatMakingThrowsComesOutInItsTurn() {
    try (BatchQueue queue =
        new BatchQueue(
            3,
            i -> {
              if (i == 1) {
                throw new DataException("row 7 is damaged");
              }
              return number(i);
            })) {
      assertEquals(0, queue.next().responses().at(0, 0));
      DataException thrown = assertThrows(DataException.class, queue::next);
      assertTrue(thrown.getMessage().contains("row 7"), thrown::getMessage);
    }
  }

  @Test
  void aClosedQueueLeavesNoThread() throws Exception {
    BatchQueue queue = new BatchQueue(1000, BatchQueueTest::number);
    queue.next();
    Thread maker =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals("noesis-batches"))
            .findFirst()
            .orElseThrow();
    queue.close();
    maker.join(10_000);
    assertFalse(maker.isAlive(), "it goes on making batches");
  }
}
