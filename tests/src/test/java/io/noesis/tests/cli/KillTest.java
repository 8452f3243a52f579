package io.noesis.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run killed at any moment leaves whole files only, and goes on to the same bytes. One process
 * shows many such moments: it is stopped, its folder copied as a kill would leave it, and sent on;
 * at the last moment it is killed.
 */
@EnabledOnOs(OS.LINUX)
final class KillTest {
  /** A file that shows how far a run has come: when it appears, the process is stopped. */
  private static final List<String> MOMENTS =
      List.of(
          "run.json",
          "targets.npy",
          "targets.done.json",
          "sub-01/decoder/fold-001.safetensors",
          "sub-02/decoder",
          "sub-02/training.done.json",
          "scores.tsv");

  private static final String FOLD = "sub-01/decoder/fold-001/";
  private static final String LAST = "report.html";

  private static final List<String> NETWORK =
      List.of(
          "--set=encoder.settings.width=32",
          "--set=encoder.training.batchSize=8",
          "--set=encoder.training.epochs=80",
          "--checkpoint-seconds=0.1");

  @TempDir static Path shared;
  @TempDir Path temporary;
  private static Path study;
  private static Path calm;

  @BeforeAll
  static void runUndisturbed() {
    study = SmallStudy.write(shared.resolve("study"));
    calm = shared.resolve("calm");
    Call.of(ridge(calm).toArray()).ended(0);
  }

  private static List<String> ridge(Path out) {
    return words("simulated", out, List.of());
  }

  private static List<String> network(Path out) {
    return words("simulated-network", out, NETWORK);
  }

  private static List<String> words(String recipe, Path out, List<String> more) {
    Stream<String> first = Stream.of("run", recipe, out.toString(), "--root", study.toString());
    return Stream.of(first, SmallStudy.QUICK.stream(), more.stream()).flatMap(s -> s).toList();
  }

  /** A way to run a recipe into a folder. */
  @FunctionalInterface
  private interface Words {
    List<String> into(Path out);
  }

  @Test
  void aProcessOfItsOwnIsOfTheSameCommit() throws Exception {
    Call version =
        Launched.call(Launched.command(List.of("--version")), temporary.resolve("version.txt"));
    assertTrue(version.out().contains("noesis " + Version.current()), version::out);
  }

  @Test
  void killedAtSevenMomentsTheRunEndsAsIfNothingHadHappened() throws Exception {
    Map<String, String> results = Remains.results(calm);
    endAsUndisturbed(KillTest::ridge, MOMENTS, results, 3);
    assertTrue(results.containsKey("sub-02/decoder/fold-001.safetensors"), results.toString());
  }

  @Test
  void aNetworkKilledWhileItIsTrainedEndsAsIfNothingHadHappened() throws Exception {
    List<String> moments =
        List.of(
            FOLD + "training.jsonl", FOLD + "checkpoint.safetensors", "sub-02/decoder/fold-001");
    Path network = temporary.resolve("calm");
    Call.of(network(network).toArray()).ended(0);
    Map<String, String> results = Remains.results(network);
    endAsUndisturbed(KillTest::network, moments, results, 2);
    assertTrue(results.containsKey(FOLD + "training.jsonl"), results.toString());
  }

  /** Killed at each of these moments and run again, it leaves what an undisturbed run does. */
  private void endAsUndisturbed(
      Words words, List<String> moments, Map<String, String> expected, int atLeast)
      throws IOException, InterruptedException {
    Set<List<String>> unfinished = new HashSet<>();
    for (Path killed : killedAt(words.into(temporary.resolve("out")), moments)) {
      Remains.assertEverythingReads(killed);
      List<String> there = Remains.of(killed);
      if (!there.contains(LAST)) {
        unfinished.add(there);
      }
      Call.of(words.into(killed).toArray()).ended(0);
      assertEquals(expected, Remains.results(killed));
    }
    assertTrue(
        unfinished.size() >= atLeast,
        unfinished.size() + " different moments of " + moments.size() + ": " + unfinished);
  }

  /** What a command's folder {@code out} is at each of these moments. */
  private List<Path> killedAt(List<String> words, List<String> moments)
      throws IOException, InterruptedException {
    Path out = temporary.resolve("out");
    Path log = temporary.resolve("log.txt");
    List<Path> states = new ArrayList<>();
    Process process = Launched.start(Launched.command(words), log);
    try {
      for (String moment : moments) {
        assertTrue(Launched.awaits(process, out.resolve(moment)), () -> Remains.text(log));
        Launched.stop(process);
        Path copy = temporary.resolve("killed-" + states.size());
        states.add(SmallStudy.copy(out, copy));
        Launched.signal(process, "CONT");
      }
    } finally {
      process.destroyForcibly();
    }
    assertTrue(process.waitFor(30, TimeUnit.SECONDS), "the process cannot be killed");
    states.add(out);
    return states;
  }

  @Test
  void anInterruptedTrainingEndsWith130AndACheckpointAndGoesOn() throws Exception {
    Path out = temporary.resolve("out");
    Path log = temporary.resolve("log.txt");
    Path checkpoint = out.resolve(FOLD + "checkpoint.safetensors");
    Process process = Launched.start(Launched.command(network(out)), log);
    assertTrue(Launched.awaits(process, checkpoint), () -> Remains.text(log));
    Launched.signal(process, "INT");
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it does not stop");
    assertEquals(130, process.exitValue(), () -> Remains.text(log));
    assertTrue(
        Remains.text(log).contains("training was stopped after step"), () -> Remains.text(log));
    assertTrue(Files.exists(checkpoint), "no checkpoint");
    Call.of(network(out).toArray()).ended(0);
  }

  @Test
  void aRemovalByForceThatIsKilledCanBeRepeated() throws Exception {
    Path out = SmallStudy.copy(calm, temporary.resolve("out"));
    List<String> words = new ArrayList<>(ridge(out));
    words.add("--force");
    Path log = temporary.resolve("log.txt");
    Process process = Launched.start(Launched.command(words), log);
    while (process.isAlive() && Files.exists(out.resolve("sub-01/decoded.npy"))) {
      Thread.sleep(1);
    }
    process.destroyForcibly().waitFor();
    assertFalse(Files.exists(out.resolve("sub-01/decoded.npy")), () -> Remains.text(log));
    Call.of(words.toArray()).ended(0);
    assertEquals(Remains.results(calm), Remains.results(out));
  }
}
