package io.noesis.alignment.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.torch.Libtorch;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only shows in long trainings: leaks, and kills. */
class LongTrainingTest {
  /** Ten thousand steps in a process of its own, whose small heap cannot hide a leak. */
  static final class TenThousandSteps {
    private TenThousandSteps() {}

    public static void main(String[] args) throws IOException {
      int rows = 40;
      TrainingRows table =
          new TrainingRows(
              TrainerTest.normal("x", rows, 6),
              TrainerTest.normal("y", rows, 3),
              Collections.nCopies(rows, "run"));
      TrainingSpec spec =
          new TrainingSpec(
              TrainerTest.MSE,
              1000,
              4,
              BatchSpec.defaults(),
              1,
              1,
              0.9,
              OptimizerSpec.defaults(),
              ScheduleSpec.defaults(),
              new ValidationSpec(0, 0),
              FreezeSpec.defaults(),
              java.util.Map.of(),
              io.noesis.encoders.torch.Arithmetic.FLOAT32);
      List<String> seen = new ArrayList<>();
      Progress counter =
          new Progress() {
            private int steps;

            @Override
            public void step(long more) {
              steps += (int) more;
              if (more > 0 && (steps == 1000 || steps == 10_000)) {
                System.gc();
                seen.add(Libtorch.liveObjects() + " " + residentMegabytes());
              }
            }
          };
      new Trainer(spec, Linear.of(6, 3))
          .train(table, Seed.of(1), TrainingRun.silent().heardBy(counter));
      Files.write(Path.of(args[0]), seen);
    }
  }

  @Test
  void tenThousandStepsHoldTheirMemory(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("seen.txt");
    Process process = java(TenThousandSteps.class, file.toString(), "-Xmx64m", "-XX:+UseSerialGC");
    assertEquals(0, process.waitFor());
    List<String> seen = Files.readAllLines(file);
    long[] objects = seen.stream().mapToLong(s -> Long.parseLong(s.split(" ")[0])).toArray();
    long[] resident = seen.stream().mapToLong(s -> Long.parseLong(s.split(" ")[1])).toArray();
    assertEquals(objects[0], objects[1], 10, "native objects at steps 1,000 and 10,000");
    assertTrue(resident[1] - resident[0] < 50, "megabytes at both: " + seen);
  }

  private static Process java(Class<?> main, String argument, String... options)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.add(argument);
    return new ProcessBuilder(command).inheritIO().start();
  }

  private static long residentMegabytes() {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0; // Elsewhere the objects are counted only.
    }
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final TrainingSpec KILLED = TrainerTest.spec(120, new ValidationSpec(0.25, 0));

  private static TrainedNetwork train(TrainingRun run) {
    return new Trainer(KILLED, TrainerTest.network())
        .train(TrainerTest.rows(160), TrainerTest.SEED, run);
  }

  /** A training in a process of its own, which writes a checkpoint after each step. */
  static final class Victim {
    private Victim() {}

    public static void main(String[] args) {
      Libtorch.useThreads(1);
      train(
          TrainingRun.silent()
              .in(Path.of(args[0]), TrainingRun.Start.RESUME)
              .savedEvery(Duration.ZERO));
    }
  }

  @Test
  void aKilledTrainingGoesOnWithTheSameBits(@TempDir Path folder) throws Exception {
    Path parts = folder.resolve("parts");
    Path checkpoint = parts.resolve(TrainingRun.CHECKPOINT);
    for (int kill = 0; kill < 2; kill++) {
      Process victim = java(Victim.class, parts.toString(), "-Xmx300m");
      Object before = kill == 0 ? null : Files.getLastModifiedTime(checkpoint);
      long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (System.nanoTime() < end
          && (!Files.exists(checkpoint) || Files.getLastModifiedTime(checkpoint).equals(before))) {
        Thread.sleep(5);
      }
      Thread.sleep(40 + 31L * kill); // Somewhere within a step or the writing of a checkpoint.
      assertTrue(victim.isAlive(), "the training ended before it could be killed");
      victim.destroyForcibly().waitFor();
    }
    int threads = Libtorch.threads();
    Libtorch.useThreads(1);
    try {
      Path whole = folder.resolve("whole");
      TrainedNetwork expected = train(TrainingRun.silent().in(whole, TrainingRun.Start.FRESH));
      TrainedNetwork found = train(TrainingRun.silent().in(parts, TrainingRun.Start.RESUME));
      assertEquals(expected.weights(), found.weights());
      assertEquals(expected.history(), found.history());
      assertEquals(
          Files.readString(whole.resolve(TrainingRun.METRICS)),
          Files.readString(parts.resolve(TrainingRun.METRICS)));
    } finally {
      Libtorch.useThreads(threads);
    }
  }
}
