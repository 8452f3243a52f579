package io.noesis.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C while captions and pictures are made, by the models on board. */
@EnabledOnOs(OS.LINUX)
final class InterruptTest {
  private static final int STIMULI = 10;

  @TempDir Path temporary;

  @Test
  void interruptedCaptionsAndPicturesEndWith130AndAreMadeByTheSameCommands() throws Exception {
    Path study = SmallStudy.write(temporary.resolve("study"));
    Path out = temporary.resolve("out");
    Call.of(
            "train",
            "simulated-pictures",
            out,
            "--root",
            study,
            "--nprocs",
            2,
            "--set=study.subjects=[\"01\"]",
            "--set=captions=null",
            "--set=pictures=null",
            "--set=evaluation.permutations=99",
            "--set=evaluation.bootstraps=99")
        .ended(0);
    interrupt(captions(out), out, "captions.json", "sub-01/captions.tsv");
    interrupt(pictures(out), out, "sub-01/pictures/decoded", "sub-01/pictures.tsv");
    Map<String, FileTime> pictures = written(out);
    assertFalse(pictures.isEmpty());
    Call.of(captions(out).toArray()).ended(0);
    Call.of(pictures(out).toArray()).ended(0);
    Map<String, FileTime> all = written(out);
    pictures.forEach((name, time) -> assertEquals(time, all.get(name), "made again: " + name));
    assertEquals(STIMULI, decoded(out, "captions").size());
    for (String picture : decoded(out, "pictures")) {
      assertTrue(Files.isRegularFile(out.resolve(picture)), picture);
    }
    Remains.assertNothingTorn(out);
  }

  /** What was made of decoded embeddings. */
  private static List<String> decoded(Path run, String what) {
    TsvTable table = Tsv.read(run.resolve("sub-01/" + what + ".tsv"));
    return IntStream.range(0, table.rows())
        .filter(row -> table.required(row, "condition").equals("decoded"))
        .mapToObj(row -> table.required(row, "content"))
        .toList();
  }

  /** When each picture of decoded embeddings was written. */
  private static Map<String, FileTime> written(Path run) throws IOException {
    Map<String, FileTime> written = new TreeMap<>();
    for (String name : Remains.of(run)) {
      if (name.startsWith("sub-01/pictures/decoded/") && name.endsWith(".png")) {
        written.put(name, Files.getLastModifiedTime(run.resolve(name)));
      }
    }
    return written;
  }

  private static List<String> captions(Path run) {
    return words("caption", run, "--limit", "" + STIMULI);
  }

  private static List<String> pictures(Path run) {
    return words("reconstruct", run, "--limit", "4", "--steps", "8");
  }

  /** So small a study has hardly a signal. */
  private static List<String> words(String command, Path run, String... more) {
    List<String> words = new ArrayList<>(List.of(command, run.toString(), "--nprocs", "2"));
    words.addAll(List.of(more));
    words.addAll(List.of("--allow", "GENERATOR-PRIOR", "--allow", "NO-SIGNAL"));
    return words;
  }

  /** Ctrl-C as soon as a file is there, long before the last one. */
  private void interrupt(List<String> words, Path out, String moment, String last)
      throws Exception {
    Path log = temporary.resolve("log.txt");
    Process process = Launched.start(Launched.command(words), log);
    assertTrue(Launched.awaits(process, out.resolve(moment)), () -> Remains.text(log));
    Launched.signal(process, "INT");
    assertTrue(process.waitFor(90, TimeUnit.SECONDS), "it does not stop");
    assertEquals(130, process.exitValue(), () -> Remains.text(log));
    assertFalse(Files.exists(out.resolve(last)), () -> Remains.text(log));
    Remains.assertEverythingReads(out);
  }
}
