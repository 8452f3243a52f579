package io.noesis.experiment;

import static io.noesis.experiment.CopiedRun.FIRST;
import static io.noesis.experiment.CopiedRun.MODELS;
import static io.noesis.experiment.CopiedRun.STIMULI;
import static io.noesis.experiment.CopiedRun.TESTED;
import static io.noesis.experiment.CopiedRun.evaluate;
import static io.noesis.experiment.CopiedRun.execution;
import static io.noesis.experiment.CopiedRun.making;
import static io.noesis.experiment.CopiedRun.pictures;
import static io.noesis.experiment.CopiedRun.recipe;
import static io.noesis.experiment.CopiedRun.table;
import static io.noesis.experiment.CopiedRun.trained;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.score.Condition;
import io.noesis.run.CancelledException;
import io.noesis.run.Fingerprint;
import io.noesis.run.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Captions and pictures that are interrupted, damaged or made again. */
class MakingStoppedTest {
  @TempDir Path temporary;

  @Test
  void theSameAgainIsTheSameBytesOnAnyNumberOfThreads() throws IOException {
    Path again = temporary.resolve("again");
    new Experiment(recipe(), execution(again, 1), MODELS).run();
    assertEquals(Folders.contents(FIRST), Folders.contents(again));
  }

  @Test
  void whatWasInterruptedGoesOnWhereItStopped() throws IOException {
    Path run = trained(temporary.resolve("stopped"));
    AtomicInteger looks = new AtomicInteger();
    Execution stopping =
        execution(run, 2)
            .withCancelled(
                () ->
                    Files.isDirectory(run.resolve("sub-01/pictures/decoded"))
                        && looks.incrementAndGet() > 2);
    CancelledException stopped =
        assertThrows(CancelledException.class, () -> making(run, stopping).make(STIMULI));
    assertTrue(stopped.getMessage().contains("run the same command again"), stopped.getMessage());
    int before = MODELS.made();
    long there =
        Folders.contents(run).keySet().stream().filter(f -> f.contains("/decoded/")).count();
    assertTrue(there > 0, "some pictures are kept");
    making(run, execution(run, 2)).make(STIMULI);
    int needed = Set.copyOf(table(FIRST, "pictures", "01").byKey().values()).size() + TESTED;
    assertTrue(MODELS.made() - before < needed, "nothing is made twice");
    evaluate(run);
    assertEquals(Folders.contents(FIRST), Folders.contents(run));
  }

  @Test
  void whatIsStoppedInTheMiddleOfABatchStopsWithinAStepAndLeavesTheSameBytes() throws IOException {
    Path run = trained(temporary.resolve("stopped-within"));
    Path pictures = run.resolve("sub-01/pictures/decoded");
    // The captions' first batch; the second step of three of the first pictures, and of the next.
    for (String where : List.of("captions", "first pictures", "next pictures")) {
      int before = MODELS.calls();
      AtomicInteger asked = new AtomicInteger(-1);
      long[] heard = {0, 0};
      Progress progress =
          new Progress() {
            @Override
            public void begin(String name, long total) {
              heard[0] = total;
              heard[1] = 0;
            }

            @Override
            public void step(long steps) {
              heard[1] += steps;
              boolean here =
                  switch (where) {
                    case "captions" -> MODELS.calls() == before + 5;
                    case "first pictures" -> MODELS.calls() == before + 2;
                    default -> Files.isDirectory(pictures) && heard[1] % 3 == 2;
                  };
              if (here) {
                asked.compareAndSet(-1, MODELS.calls());
              }
            }
          };
      Execution stopping =
          execution(run, 2).withProgress(progress).withCancelled(() -> asked.get() >= 0);
      CancelledException stopped =
          assertThrows(
              CancelledException.class,
              () -> {
                if (where.equals("captions")) {
                  making(run, stopping).make(STIMULI);
                } else {
                  making(run, stopping).pictures(pictures(), List.of("01"), "", STIMULI);
                }
              });
      assertTrue(stopped.getMessage().contains("subject 01: stopped"), stopped.getMessage());
      assertEquals(asked.get(), MODELS.calls(), "another step was made: " + where);
      assertTrue(heard[1] > 0 && heard[1] < heard[0], heard[1] + " of " + heard[0]);
    }
    making(run, execution(run, 2)).make(STIMULI);
    evaluate(run);
    assertEquals(Folders.contents(FIRST), Folders.contents(run));
  }

  @Test
  void aDamagedPictureIsMadeAgain() throws IOException {
    Path run = trained(temporary.resolve("damaged"));
    making(run, execution(run, 2)).make(STIMULI);
    MadeTable.Row row = table(run, "pictures", "01").of(Condition.DECODED.key()).get(0);
    byte[] whole = Files.readAllBytes(run.resolve(row.content()));
    Files.write(run.resolve(row.content()), Arrays.copyOf(whole, whole.length / 2));
    Files.delete(run.resolve("sub-01/pictures.done.json"));
    int before = MODELS.made();
    making(run, execution(run, 2)).make(STIMULI);
    assertEquals(1, MODELS.made() - before);
    assertEquals(
        Fingerprint.ofFile(FIRST.resolve(row.content())),
        Fingerprint.ofFile(run.resolve(row.content())));
  }
}
