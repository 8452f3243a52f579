package io.noesis.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run killed at any moment leaves whole files only, and goes on to the same bytes. */
final class KillTest {
  /** A file that shows how far a run has come: when it appears, the process is killed. */
  private static final List<String> MOMENTS =
      List.of(
          "run.json",
          "targets.npy",
          "targets.done.json",
          "sub-01/decoder/fold-001.safetensors",
          "sub-02/decoder",
          "sub-02/training.done.json",
          "scores.tsv");

  @TempDir Path temporary;

  @Test
  void killedAtSevenMomentsTheRunEndsAsIfNothingHadHappened() throws Exception {
    Path study = SmallStudy.write(temporary.resolve("study"));
    Path calm = temporary.resolve("calm");
    SmallStudy.run(study, calm).ended(0);
    Path out = temporary.resolve("out");
    Path log = temporary.resolve("log.txt");
    List<String> command = command(study, out);
    int cut = 0;
    for (String moment : MOMENTS) {
      cut += killWhenThere(command, out.resolve(moment), log) ? 1 : 0;
      Remains.assertEverythingReads(out);
    }
    assertTrue(cut >= 3, "only " + cut + " of " + MOMENTS.size() + " kills came in time");
    Launched.call(command, log).ended(0);
    Remains.assertEverythingReads(out);
    Map<String, String> expected = Remains.results(calm);
    assertTrue(expected.containsKey("sub-02/decoder/fold-001.safetensors"), expected.toString());
    assertEquals(expected, Remains.results(out));
  }

  @Test
  void aNetworkKilledWhileItIsTrainedEndsAsIfNothingHadHappened() throws Exception {
    Path study = SmallStudy.write(temporary.resolve("study"));
    Path out = temporary.resolve("out");
    Path log = temporary.resolve("log.txt");
    Path calm = temporary.resolve("calm");
    Launched.call(networkCommand(study, calm), log).ended(0);
    List<String> command = networkCommand(study, out);
    String fold = "sub-01/decoder/fold-001/";
    int cut = 0;
    for (String moment :
        List.of(
            fold + "training.jsonl", fold + "checkpoint.safetensors", "sub-02/decoder/fold-001")) {
      cut += killWhenThere(command, out.resolve(moment), log) ? 1 : 0;
      Remains.assertEverythingReads(out);
    }
    assertTrue(cut >= 2, "only " + cut + " of 3 kills came in time");
    Launched.call(command, log).ended(0);
    Map<String, String> expected = Remains.results(calm);
    assertTrue(expected.containsKey(fold + "training.jsonl"), expected.toString());
    assertEquals(expected, Remains.results(out));
  }

  @Test
  void anInterruptedTrainingEndsWith130AndACheckpointAndGoesOn() throws Exception {
    Path study = SmallStudy.write(temporary.resolve("study"));
    Path out = temporary.resolve("out");
    Path log = temporary.resolve("log.txt");
    List<String> command = new ArrayList<>(networkCommand(study, out));
    Path fold = out.resolve("sub-01/decoder/fold-001");
    Process process = Launched.start(command, log);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (process.isAlive()
        && !Files.exists(fold.resolve("checkpoint.safetensors"))
        && System.nanoTime() < end) {
      Thread.sleep(1);
    }
    process.destroy(); // What Ctrl-C does, but for the signal's number.
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it does not stop");
    assertEquals(128 + 15, process.exitValue(), Files.readString(log));
    assertTrue(Files.readString(log).contains("training was stopped after step"), "no word of it");
    assertTrue(Files.exists(fold.resolve("checkpoint.safetensors")), "no checkpoint");
    Launched.call(command, log).ended(0);
  }

  private static List<String> networkCommand(Path study, Path out) {
    List<String> words =
        new ArrayList<>(
            List.of("run", "simulated-network", out.toString(), "--root", study.toString()));
    words.addAll(SmallStudy.QUICK);
    words.addAll(
        List.of(
            "--set=encoder.settings.width=32",
            "--set=encoder.training.batchSize=8",
            "--set=encoder.training.epochs=150",
            "--checkpoint-seconds=0.1"));
    return Launched.command(words);
  }

  @Test
  void aRemovalByForceThatIsKilledCanBeRepeated() throws Exception {
    Path study = SmallStudy.write(temporary.resolve("study"));
    Path out = temporary.resolve("out");
    SmallStudy.run(study, out).ended(0);
    Path log = temporary.resolve("log.txt");
    List<String> command = new ArrayList<>(command(study, out));
    command.add("--force");
    Map<String, String> expected = Remains.results(out);
    Process process = Launched.start(command, log);
    while (process.isAlive() && Files.exists(out.resolve("sub-01/decoded.npy"))) {
      Thread.sleep(1);
    }
    process.destroyForcibly().waitFor();
    Launched.call(command, log).ended(0);
    assertEquals(expected, Remains.results(out));
  }

  private static List<String> command(Path study, Path out) {
    List<String> words =
        new ArrayList<>(List.of("run", "simulated", out.toString(), "--root", study.toString()));
    words.addAll(SmallStudy.QUICK);
    return Launched.command(words);
  }

  /** Whether the process was still running when it was killed. */
  private static boolean killWhenThere(List<String> command, Path file, Path log)
      throws IOException, InterruptedException {
    Process process = Launched.start(command, log);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (process.isAlive() && !Files.exists(file) && System.nanoTime() < end) {
      Thread.sleep(1);
    }
    boolean running = process.isAlive();
    process.destroyForcibly();
    assertTrue(process.waitFor(30, TimeUnit.SECONDS), "the process cannot be killed");
    return running && process.exitValue() != 0;
  }
}
