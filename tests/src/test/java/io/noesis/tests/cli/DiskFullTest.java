package io.noesis.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Writing fails in the middle of a file, as on a full disk: a limit on the size of files makes the
 * system refuse the bytes beyond it.
 */
@EnabledOnOs(OS.LINUX)
final class DiskFullTest {
  private static final String EVALUATED = "report\\.(json|html)|scores\\.tsv|.*retrieval\\.tsv";
  private static final String TRAINED = EVALUATED + "|sub-.*|failures\\.json|provenance\\.json";

  @TempDir static Path shared;
  @TempDir Path temporary;
  private static Path study;
  private static Path calm;

  @BeforeAll
  static void runUndisturbed() {
    study = SmallStudy.write(shared.resolve("study"));
    calm = shared.resolve("calm");
    SmallStudy.run(study, calm).ended(0);
  }

  @ParameterizedTest
  @CsvSource({
    "100, TRAINED, fold-001.safetensors",
    "20, EVALUATED, scores.tsv",
    "60, EVALUATED, report.json",
    "200, EVALUATED, report.html"
  })
  void aFileThatDoesNotFitEndsWithSevenAndTheRunGoesOn(int kilobytes, String missing, String file)
      throws Exception {
    Path out = upTo(missing.equals("TRAINED") ? TRAINED : EVALUATED);
    limited(kilobytes, out).ended(7, file, "space");
    Remains.assertNothingTorn(out);
    assertEquals(
        List.of(),
        Remains.of(out).stream().filter(name -> ("/" + name).endsWith("/" + file)).toList());
    SmallStudy.run(study, out).ended(0);
    assertEquals(Remains.results(calm), Remains.results(out));
  }

  @Test
  void noSpaceForTheNativeLibrariesIsNoInternalError() throws Exception {
    Path out = temporary.resolve("out");
    Call call = limited(1000, out);
    assertTrue(call.code() == 6 || call.code() == 7, call.err());
    assertTrue(call.err().contains("java.io.tmpdir"), call.err());
    Remains.assertNothingFinished(out);
    SmallStudy.run(study, out).ended(0);
    assertEquals(Remains.results(calm), Remains.results(out));
  }

  /** A copy of the undisturbed run without the files that a stage has yet to write. */
  private Path upTo(String missing) throws IOException {
    Path out = SmallStudy.copy(calm, temporary.resolve("out"));
    for (String name : Remains.of(out)) {
      if (name.matches(missing)) {
        Files.delete(out.resolve(name));
      }
    }
    return out;
  }

  private Call limited(int kilobytes, Path out) throws IOException, InterruptedException {
    List<String> words =
        new ArrayList<>(List.of("run", "simulated", out.toString(), "--root", study.toString()));
    words.addAll(SmallStudy.QUICK);
    List<String> command =
        new ArrayList<>(
            List.of("bash", "-c", "ulimit -f " + kilobytes + "; exec \"$@\"", "noesis"));
    command.addAll(Launched.command(words));
    return Launched.call(command, temporary.resolve("log.txt"));
  }
}
