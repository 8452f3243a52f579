package io.noesis.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RegistryTest {
  private static final Registry<Integer> NUMBERS =
      Registry.of(
          "number",
          List.of(
              new Registry.Entry<>("one", 1, "the first"),
              new Registry.Entry<>("seven", 7, "the lucky one")));

  @Test
  void anUnknownNameIsToldTheNearestAndAll() {
    assertEquals(7, NUMBERS.get("seven"));
    RecipeException e = assertThrows(RecipeException.class, () -> NUMBERS.get("sevn"));
    assertEquals("unknown number 'sevn'. Did you mean 'seven'? Known: one, seven.", e.getMessage());
    assertEquals(2, e.exitCode().code());
    assertFalse(
        assertThrows(RecipeException.class, () -> NUMBERS.get("chromosome"))
            .getMessage()
            .contains("Did you mean"));
  }

  @Test
  void oneNameForTwoEntriesIsRefused() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                Registry.of(
                    "number",
                    List.of(new Registry.Entry<>("x", 1, ""), new Registry.Entry<>("x", 2, ""))));
    assertTrue(e.getMessage().contains("'x' is used by 1 and by 2"), e.getMessage());
  }

  @Test
  void parallelBlocksCoverEveryIndexOnceOnTheGivenThreads() {
    for (int threads : new int[] {1, 2, 3}) {
      for (int n : new int[] {0, 1, 7, 100, 101}) {
        int[] hits = new int[n];
        AtomicInteger parallelism = new AtomicInteger();
        Parallel.with(
            threads,
            () -> {
              parallelism.set(
                  ForkJoinPool.commonPool() == java.util.concurrent.ForkJoinTask.getPool()
                      ? -1
                      : 1);
              Parallel.forBlocks(
                  n,
                  10,
                  (from, to) -> {
                    for (int i = from; i < to; i++) {
                      hits[i]++;
                    }
                  });
              return true;
            });
        assertEquals(1, parallelism.get());
        List<Integer> wrong = new ArrayList<>();
        for (int i = 0; i < n; i++) {
          if (hits[i] != 1) {
            wrong.add(i);
          }
        }
        assertEquals(List.of(), wrong);
      }
    }
  }

  @Test
  void anErrorInsideTheThreadsComesOutAsItWas() {
    assertThrows(
        DataException.class,
        () ->
            Parallel.with(
                2,
                () -> {
                  throw new DataException("broken");
                }));
  }
}
