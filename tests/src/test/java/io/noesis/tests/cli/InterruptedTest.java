package io.noesis.tests.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.tests.support.CommandLines;
import io.noesis.tests.support.Outcome;
import io.noesis.tests.support.RunFiles;
import io.noesis.tests.support.Studies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A run that is killed or that meets a full disk leaves only whole files behind; run again it
 * finishes, and every byte is that of a run that nothing disturbed.
 */
@DisabledOnOs(OS.WINDOWS)
class InterruptedTest {
  private static final String TEMPORARY = ".noesis-tmp";
  private static final long LONGEST_MILLIS = 120_000;

  @TempDir static Path shared;
  @TempDir Path temporary;

  private static Path study;
  private static Map<String, byte[]> undisturbed;

  @BeforeAll
  static void runUndisturbed() {
    study = shared.resolve("study");
    Studies.write(Studies.tiny(), 1, study);
    Path out = shared.resolve("undisturbed");
    Outcome outcome = CommandLines.noesis(arguments(out));
    assertEquals(0, outcome.code(), outcome::toString);
    undisturbed = RunFiles.bytes(out, InterruptedTest::matters);
  }

  private static String[] arguments(Path out) {
    return new String[] {
      "run",
      "simulated",
      out.toString(),
      "--root=" + study,
      "--nprocs=2",
      "--set=evaluation.permutations=199",
      "--set=evaluation.bootstraps=199"
    };
  }

  /** Everything but times and what an interrupted writer leaves under a name that nobody reads. */
  private static boolean matters(String file) {
    return !file.equals("log.txt") && !file.endsWith(TEMPORARY);
  }

  /** The moment is when a file appears under its final name: the next one is then on its way. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "run.json",
        "targets.npy",
        "sub-01/decoder/fold-001.safetensors",
        "sub-01/training.done.json",
        "sub-02/decoded.npy",
        "scores.tsv"
      })
  void killedWhileItWrites(String moment) throws IOException, InterruptedException {
    Path out = temporary.resolve("out");
    Path log = temporary.resolve("log.txt");
    Process process = CommandLines.start(log, arguments(out));
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LONGEST_MILLIS);
    while (!Files.exists(out.resolve(moment)) && process.isAlive()) {
      assertTrue(System.nanoTime() < deadline, "never saw " + moment);
      Thread.sleep(1);
    }
    process.destroyForcibly().waitFor();
    assertTrue(Files.exists(out.resolve(moment)), Files.readString(log));
    whatIsThereIsWhole(out);
    runsToTheSameEnd(out);
  }

  /**
   * A quota on the size of files stands for a full disk: writing fails in the middle of a file.
   * What was learnt of the study before is kept, so that only the run's own files meet the quota.
   */
  @ParameterizedTest
  @ValueSource(ints = {4, 100})
  void fullDisk(int kilobytes) throws IOException {
    Path out = temporary.resolve("out");
    undisturbedUpToTraining(out);
    Outcome full =
        CommandLines.shell(
            temporary,
            "ulimit -f "
                + kilobytes
                + "; exec "
                + CommandLines.launcher("'" + String.join("' '", arguments(out)) + "'"));
    assertEquals(7, full.code(), full::toString);
    assertTrue(full.err().contains("File too large"), full::toString);
    assertTrue(full.err().contains("noesis: writing " + out), full::toString);
    assertFalse(full.err().contains("\tat "), full::toString);
    whatIsThereIsWhole(out);
    assertEquals(Map.of(), RunFiles.bytes(out, f -> f.endsWith(TEMPORARY)), "torn files");
    runsToTheSameEnd(out);
  }

  @Test
  void aFullDiskDoesNotHarmAnEarlierReport() throws IOException {
    Path out = temporary.resolve("out");
    copy(out, file -> true);
    Outcome full =
        CommandLines.shell(
            temporary, "ulimit -f 2; exec " + CommandLines.launcher("evaluate '" + out + "'"));
    assertEquals(7, full.code(), full::toString);
    whatIsThereIsWhole(out);
    assertTrue(Files.exists(out.resolve("report.json")));
  }

  @Test
  void aSimulationThatIsKilledLeavesNoStudy() throws IOException, InterruptedException {
    Path folder = temporary.resolve("study");
    Path log = temporary.resolve("log.txt");
    String[] arguments = {
      "simulate", folder.toString(), "--subjects=1", "--voxels=200", "--train=200", "--test=20"
    };
    Process process = CommandLines.start(log, arguments);
    Path unfinished = temporary.resolve(".study-0" + TEMPORARY);
    while (!Files.exists(unfinished.resolve("stimuli/stimuli.tsv")) && process.isAlive()) {
      Thread.sleep(1);
    }
    process.destroyForcibly().waitFor();
    assertTrue(Files.exists(unfinished), Files.readString(log));
    assertFalse(Files.exists(folder), "a study that looks whole");
    Outcome again = CommandLines.noesis(arguments);
    assertEquals(0, again.code(), again::toString);
    assertTrue(Files.exists(folder.resolve("dataset_description.json")));
  }

  private static void whatIsThereIsWhole(Path out) {
    RunFiles.bytes(out, InterruptedTest::matters)
        .forEach((file, bytes) -> assertArrayEquals(undisturbed.get(file), bytes, file));
  }

  private static void runsToTheSameEnd(Path out) {
    Outcome again = CommandLines.noesis(arguments(out));
    assertEquals(0, again.code(), again::toString);
    Map<String, byte[]> found = RunFiles.bytes(out, InterruptedTest::matters);
    assertEquals(undisturbed.keySet(), found.keySet());
    found.forEach((file, bytes) -> assertArrayEquals(undisturbed.get(file), bytes, file));
  }

  private void undisturbedUpToTraining(Path out) throws IOException {
    List<String> later = List.of("sub-", "scores.tsv", "report.", "failures.json");
    copy(out, file -> later.stream().noneMatch(file::startsWith));
  }

  private static void copy(Path out, Predicate<String> wanted) throws IOException {
    for (Map.Entry<String, byte[]> file : undisturbed.entrySet()) {
      if (wanted.test(file.getKey())) {
        Path copy = out.resolve(file.getKey());
        Files.createDirectories(copy.getParent());
        Files.write(copy, file.getValue());
      }
    }
  }
}
