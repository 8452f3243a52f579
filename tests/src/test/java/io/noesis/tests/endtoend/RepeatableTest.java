package io.noesis.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.tests.support.CommandLines;
import io.noesis.tests.support.Outcome;
import io.noesis.tests.support.RunFiles;
import io.noesis.tests.support.Studies;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same recipe on the same data gives the same bytes: any threads, any folder, any day. */
class RepeatableTest {
  @TempDir Path temporary;

  @Test
  void everyFileIsTheSameWithOneAndTwoThreadsAndOnARerun() {
    Path study = temporary.resolve("study");
    Studies.write(Studies.tiny(), 3, study);
    Map<String, byte[]> one = run(study, "one", 1);
    List<String> expected =
        List.of(
            "report.json",
            "report.html",
            "scores.tsv",
            "sub-01/decoded.npy",
            "sub-02/decoded.npy",
            "sub-01/decoder/fold-001.safetensors",
            "sub-02/decoder/fold-001.safetensors");
    assertTrue(one.keySet().containsAll(expected), () -> "found " + one.keySet());
    same(one, run(study, "two", 2));
    same(one, run(study, "again", 2));
  }

  @Test
  void aStudyIsTheSameHoweverManyThreadsWriteIt() {
    for (int threads = 1; threads <= 2; threads++) {
      Outcome outcome =
          CommandLines.noesis(
              "simulate",
              temporary.resolve("by-" + threads).toString(),
              "--nprocs=" + threads,
              "--seed=5",
              "--subjects=1",
              "--voxels=40",
              "--train=30",
              "--test=10",
              "--pixels=64");
      assertEquals(0, outcome.code(), outcome::toString);
    }
    Map<String, byte[]> one = RunFiles.bytes(temporary.resolve("by-1"), f -> true);
    assertTrue(one.size() > 40, () -> "found " + one.keySet());
    same(one, RunFiles.bytes(temporary.resolve("by-2"), f -> true));
  }

  /** All files of a run but its log, which alone holds times. */
  private Map<String, byte[]> run(Path study, String name, int threads) {
    Path out = temporary.resolve(name);
    Outcome outcome =
        CommandLines.noesis(
            "run",
            "simulated",
            out.toString(),
            "--root=" + study,
            "--nprocs=" + threads,
            "--set=evaluation.permutations=199",
            "--set=evaluation.bootstraps=199");
    assertEquals(0, outcome.code(), outcome::toString);
    return RunFiles.bytes(out, file -> !file.equals("log.txt"));
  }

  private static void same(Map<String, byte[]> expected, Map<String, byte[]> found) {
    assertEquals(expected.keySet(), found.keySet());
    expected.forEach((name, bytes) -> assertArrayEquals(bytes, found.get(name), name));
  }
}
