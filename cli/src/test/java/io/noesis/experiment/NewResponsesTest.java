package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.cli.Noesis;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.ingest.simulate.Existing;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.SignalPlan;
import io.noesis.ingest.simulate.SimulatedStudy;
import io.noesis.ingest.simulate.SimulationSpec;
import io.noesis.report.MadePanel;
import io.noesis.report.Report;
import io.noesis.report.ReportJson;
import io.noesis.report.ScoreLine;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import io.noesis.tensor.Npy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From a study over a trained run and the responses of another day to captions and pictures, by the
 * commands and with the models on board.
 */
class NewResponsesTest {
  private static final int TRAINED = 60;
  private static final int HELD_OUT = 12;

  @TempDir static Path shared;
  @TempDir Path temporary;
  private static Path study;
  private static Path run;
  private static Path tested;
  private static Path all;

  @BeforeAll
  static void train() {
    study = shared.resolve("study");
    SignalPlan usual = SignalPlan.defaults();
    SimulatedStudy.of(
            SimulationSpec.defaults()
                .withSize(1, 80)
                .withPictures(new PicturePlan(TRAINED, 1, HELD_OUT, 2, 64))
                .withSignal(
                    new SignalPlan(0.9, usual.noiseVoxels(), usual.rho(), usual.driftPercent())),
            Seed.of(3))
        .write(study, Existing.KEEP, Progress.NONE);
    run = shared.resolve("run");
    noesis(
            "train",
            "simulated-pictures",
            run,
            "--root",
            study,
            "--nprocs",
            2,
            "--set=captions=null",
            "--set=pictures=null")
        .ended(0);
    DecodingRecipe recipe = DecodingRecipe.of(Recipes.tree("simulated-pictures", List.of()));
    tested =
        PriorExperimentTest.testResponses(recipe, study, run, "01", shared.resolve("tested.npy"));
    all = shared.resolve("all.npy");
    Npy.write(
        all,
        OpenedStudy.open(recipe.study(), Optional.of(study))
            .study()
            .responses("01", Progress.NONE)
            .responses());
  }

  private record Said(int code, String text) {
    Said ended(int expected, String... words) {
      assertEquals(expected, code, text);
      for (String word : words) {
        assertTrue(text.contains(word), () -> "expected '" + word + "' in: " + text);
      }
      return this;
    }
  }

  private static synchronized Said noesis(Object... words) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream both = new PrintStream(said, true, StandardCharsets.UTF_8);
    System.setOut(both);
    System.setErr(both);
    try {
      int code = Noesis.execute(Arrays.stream(words).map(String::valueOf).toArray(String[]::new));
      return new Said(code, said.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  private Path encoded(Path responses, Object... more) {
    Path folder = temporary.resolve("new");
    noesis(
            Stream.concat(
                    Stream.of("encode", run, responses, "--out", folder, "--force"),
                    Stream.of(more))
                .toArray())
        .ended(0);
    return folder;
  }

  private static Report report(Path folder) {
    return ReportJson.read(folder.resolve("made/report.json"));
  }

  @Test
  void anUnknownSettingIsRefusedBeforeAnythingIsWritten() throws IOException {
    Path folder = encoded(tested);
    for (Path made : List.of(run, folder)) {
      Map<String, String> before = Folders.contents(made);
      for (String more : List.of("--dry-run", "--nprocs=2")) {
        noesis("reconstruct", made, "--limit", 2, "--setting", "mxi=1", more)
            .ended(2, "'mxi' is unknown to the kind");
        assertEquals(before, Folders.contents(made));
      }
    }
    Path out = temporary.resolve("out");
    noesis(
            "train",
            "simulated-pictures",
            out,
            "--root",
            study,
            "--set=captions=null",
            "--set=pictures.settings={mxi: 1}")
        .ended(2, "'mxi' is unknown to the kind");
    assertFalse(Files.exists(out.resolve("sub-01")), "nothing was trained");
  }

  @Test
  void whatWasSeenIsToldAndScored() throws IOException {
    Path folder = encoded(tested, "--seen", run.resolve("sub-01/decoded.tsv"), "--root", study);
    noesis("caption", folder, "--nprocs", 2).ended(0, "Supported", "better than chance");
    noesis("reconstruct", folder, "--limit", 8, "--steps", 4, "--nprocs", 2).ended(0, "report:");
    Report report = report(folder);
    assertEquals(Report.Level.SUPPORTED, report.verdict().level(), report.verdict()::toString);
    assertTrue(report.study().simulated());
    MadePanel.MadeSubject subject = report.made().subjects().get(0);
    Set<String> others = new HashSet<>();
    for (String what : List.of("captions", "pictures")) {
      MadePanel.MadeScore primary =
          subject.scores().stream().filter(s -> s.what().equals(what)).findFirst().orElseThrow();
      assertEquals(ScoreLine.Standing.BETTER, primary.score().standing(), primary::toString);
      assertEquals(what.equals("captions") ? HELD_OUT : 8, primary.score().n());
      assertTrue(primary.score().value() <= primary.score().ceiling());
      primary.others().forEach(o -> others.add(o.condition()));
    }
    assertEquals(Set.of("mean", "noise", "ceiling"), others);
    assertEquals("PASS", report.audits().get(0).verdict());
    assertTrue(Files.readString(folder.resolve("made/report.html")).contains("SIMULATED"));
    assertTrue(Files.isRegularFile(folder.resolve("made/scores.tsv")));
  }

  @Test
  void whatTheDecoderLearntFromIsFlaggedAndLeftOut() {
    Path folder = temporary.resolve("new");
    noesis(
            "encode",
            run,
            all,
            "--out",
            folder,
            "--seen",
            run.resolve("sub-01/trials.tsv"),
            "--root",
            study)
        .ended(0, "LEAK-STIMULUS", TRAINED + " of " + (TRAINED + HELD_OUT) + " test stimuli");
    TsvTable rows = Tsv.read(folder.resolve("trials.tsv"));
    assertEquals(TRAINED, rows.texts("held_out").stream().filter("no"::equals).count());
    Set<String> tests =
        new HashSet<>(Tsv.read(run.resolve("sub-01/decoded.tsv")).texts("stimulus"));
    noesis("caption", folder, "--nprocs", 2).ended(0, "LEAK-STIMULUS");
    TsvTable made = Tsv.read(folder.resolve("made/sub-01/captions.tsv"));
    assertEquals(tests, new HashSet<>(made.texts("stimulus")));
    Report report = report(folder);
    assertEquals("BLOCK", report.audits().get(0).verdict());
    assertTrue(
        report.verdict().details().stream().anyMatch(d -> d.contains("are left out")),
        report.verdict()::toString);
    report
        .made()
        .subjects()
        .get(0)
        .scores()
        .forEach(s -> assertEquals(HELD_OUT, s.score().n(), s::toString));
    String trained =
        rows.texts("stimulus").stream().filter(id -> !tests.contains(id)).findFirst().orElseThrow();
    noesis("caption", folder, "--stimulus", trained).ended(2, trained, "no decoder learnt from");
  }

  @Test
  void whereNobodyToldThePageSaysThatNoScoreIsPossible() throws IOException {
    Path folder = encoded(tested);
    noesis("caption", folder, "--limit", 4, "--nprocs", 2).ended(0, "not scored", "report:");
    noesis("reconstruct", folder, "--limit", 4, "--steps", 2, "--nprocs", 2)
        .ended(0, "not scored", "row-");
    Report report = report(folder);
    assertEquals("No score is possible", report.verdict().headline());
    assertEquals(List.of(), report.made().subjects().get(0).scores());
    String page = Files.readString(folder.resolve("made/report.html"));
    assertTrue(page.contains("No score is possible"));
    assertTrue(page.contains("not known: tested.npy"));
    assertFalse(Files.exists(folder.resolve("made/scores.tsv")));
  }

  @Test
  void tablesThatDoNotFitAreRefused() throws IOException {
    Path table = temporary.resolve("seen.tsv");
    Path out = temporary.resolve("new");
    Files.writeString(table, "stimulus\npic0001\n");
    Object[] call = {"encode", run, tested, "--out", out, "--seen", table, "--root", study};
    noesis(call).ended(3, "1 lines", "expected " + 2 * HELD_OUT);
    Files.writeString(table, "stimulus\npicture-of-nobody\n");
    noesis(call).ended(3, "picture-of-nobody", "line 2");
    Files.writeString(table, "picture\npic0001\n");
    noesis(call).ended(3, "stimulus");
    noesis("encode", run, tested, "--out", out, "--seen", table).ended(2, "--root");
    noesis("encode", run, tested, "--out", out, "--root", study).ended(2, "--seen");
    assertFalse(Files.exists(out));
  }
}
