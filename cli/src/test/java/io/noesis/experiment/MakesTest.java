package io.noesis.experiment;

import static io.noesis.experiment.CopiedRun.FIRST;
import static io.noesis.experiment.CopiedRun.MODELS;
import static io.noesis.experiment.CopiedRun.STIMULI;
import static io.noesis.experiment.CopiedRun.TESTED;
import static io.noesis.experiment.CopiedRun.evaluate;
import static io.noesis.experiment.CopiedRun.execution;
import static io.noesis.experiment.CopiedRun.makes;
import static io.noesis.experiment.CopiedRun.making;
import static io.noesis.experiment.CopiedRun.pictures;
import static io.noesis.experiment.CopiedRun.recipe;
import static io.noesis.experiment.CopiedRun.table;
import static io.noesis.experiment.CopiedRun.trained;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.embedding.PixelImage;
import io.noesis.alignment.score.Condition;
import io.noesis.report.Report;
import io.noesis.report.ReportPage;
import io.noesis.run.AuditException;
import io.noesis.run.CancelledException;
import io.noesis.run.Fingerprint;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Captions and pictures of a run that is trained: asked for in other ways than its recipe's, or
 * again after they were interrupted or damaged.
 */
class MakesTest {
  @TempDir Path temporary;

  @Test
  void fewerStimuliAreDrawnByTheSeedAndLeavingOutTheCeilingBlocks() throws IOException {
    Path run = trained(temporary.resolve("few"));
    PicturesSpec all = pictures();
    PicturesSpec few =
        pictures(
            "pictures.steps=7",
            "pictures.stretch=unit",
            "pictures.stimuli=6",
            "pictures.conditions=[decoded, shuffled]");
    assertEquals(all.pack(), few.pack());
    making(run, execution(run, 2)).pictures(few, List.of("01", "02"), "", STIMULI);
    MadeTable table = table(run, "pictures", "01");
    assertEquals(6, table.stimuli().size());
    assertEquals(table.stimuli(), table(run, "pictures", "02").stimuli());
    assertEquals(List.of(Condition.DECODED, Condition.SHUFFLED), table.conditions());
    Map<String, String> texts = MadePng.texts(run.resolve(table.rows().get(0).content()));
    assertEquals("7", texts.get("Noesis steps"));
    assertTrue(texts.get("Noesis decoded embeddings").endsWith("scaled to length 1"));
    Evaluation evaluation =
        new Evaluation(
            RunFolder.open(run), execution(run, 2).withAllowed(Set.of("GENERATOR-PRIOR")));
    evaluation.evaluate();
    AuditException blocked =
        assertThrows(AuditException.class, () -> evaluation.panel().requireNoBlock("test"));
    assertTrue(blocked.getMessage().contains("NO-CEILING"), blocked.getMessage());
    assertTrue(
        Files.exists(
            ReportPage.render(run.resolve("report.json"), ReportPage.Form.SELF_CONTAINED)));
  }

  @Test
  void samplingIsRecordedAndAnotherStartMakesOtherPictures() throws IOException {
    Path run = trained(temporary.resolve("sampled"));
    String id = table(FIRST, "pictures", "01").stimuli().get(0);
    Makes makes = makes(run);
    PicturesSpec noise = pictures("pictures.profile=mindeye2", "pictures.steps=5");
    Path made = run.resolve(makes.pictures(noise, id).get(0).content());
    Map<String, String> texts = MadePng.texts(made);
    assertEquals("mindeye2", texts.get("Noesis profile"));
    assertEquals("steps 5 for 38", texts.get("Noesis in the profile's place"));
    assertEquals("5", texts.get("Noesis steps"));
    assertEquals("cpu", texts.get("Noesis device"));
    byte[] before = Files.readAllBytes(made);
    PicturesSpec nearest =
        pictures(
            "pictures.profile=mindeye2",
            "pictures.steps=5",
            "pictures.start=nearest",
            "pictures.strength=0.5");
    assertTrue(makes.plan(nearest).contains("profile mindeye2 (steps 5 for 38"), "dry run");
    Path again = run.resolve(makes.pictures(nearest, id).get(0).content());
    assertEquals(
        "the nearest training picture, strength 0.5",
        MadePng.texts(again).get("Noesis started from"));
    assertFalse(Arrays.equals(before, Files.readAllBytes(again)));
    assertThrows(
        RecipeException.class, () -> makes.pictures(pictures("pictures.strength=0.5"), id));
    assertThrows(
        RecipeException.class,
        () -> makes.pictures(pictures("pictures.candidates=3"), id),
        "the tower is of another space");
  }

  @Test
  void aSecondStageReadsTheCaptionsMadeOfTheSameEmbeddings() throws IOException {
    Path run = trained(temporary.resolve("refined"));
    String id = table(FIRST, "pictures", "01").stimuli().get(0);
    Makes makes = makes(run);
    makes.captions(makes.captions(), "");
    PicturesSpec spec = pictures("pictures.refine={pack: any}");
    MODELS.read().clear();
    List<Makes.Line> lines = makes.pictures(spec, id);
    MadeTable captions = table(run, "captions", "01");
    for (Condition condition : List.of(Condition.DECODED, Condition.MEAN, Condition.CEILING)) {
      String said =
          captions.of(condition.key()).stream()
              .filter(row -> row.stimulus().equals(id))
              .findFirst()
              .orElseThrow()
              .content();
      assertTrue(MODELS.read().contains(said), condition + ": " + said + " in " + MODELS.read());
    }
    assertFalse(lines.isEmpty());
  }

  @Test
  void aShareOfTheNearestTrainingPictureIsBlendedInAndRecorded() throws IOException {
    Path run = trained(temporary.resolve("blended"));
    String id = table(FIRST, "pictures", "01").stimuli().get(0);
    Makes makes = makes(run);
    String only = "pictures.conditions=[decoded, nearest]";
    byte[] plain = pixels(run, makes.pictures(pictures(only), id));
    Path file =
        run.resolve(
            makes
                .pictures(pictures(only, "pictures.blend=0.25", "pictures.refine={pack: any}"), id)
                .get(0)
                .content());
    assertEquals(
        "0.25 of the nearest training picture; the profile takes 0.25 of a decoded low-level picture",
        MadePng.texts(file).get("Noesis blended"));
    byte[] blended = PixelImage.read(file).rgb();
    assertEquals(plain.length, blended.length);
    assertFalse(Arrays.equals(plain, blended));
    makes.pictures(pictures(only, "pictures.refine={pack: any}"), id);
    assertEquals(
        "nothing; the profile takes 0.25 of a decoded low-level picture",
        MadePng.texts(file).get("Noesis blended"));
    for (String share : List.of("0", "1", "-0.5")) {
      assertThrows(RecipeException.class, () -> recipe("pictures.blend=" + share), share);
    }
  }

  private static byte[] pixels(Path run, List<Makes.Line> lines) {
    return PixelImage.read(run.resolve(lines.get(0).content())).rgb();
  }

  @Test
  void oneStimulusAloneIsMadeButNotScored() throws IOException {
    Path run = trained(temporary.resolve("one"));
    String id = table(FIRST, "pictures", "01").stimuli().get(2);
    Makes makes = makes(run);
    List<Makes.Line> lines = makes.pictures(makes.pictures(), id);
    assertTrue(lines.stream().allMatch(l -> l.stimulus().equals(id)), lines.toString());
    assertEquals(2 * (Condition.values().length - 1), lines.size(), "all but shuffled");
    assertTrue(makes.plan(makes.pictures()).startsWith("would make up to"), "dry run");
    Report report = new Evaluation(RunFolder.open(run), execution(run, 2)).evaluate();
    assertEquals(List.of(), report.made().subjects().get(0).scores());
    RecipeException unknown =
        assertThrows(RecipeException.class, () -> makes.captions(makes.captions(), id + "x"));
    assertTrue(unknown.getMessage().contains("Nearest: '" + id + "'"), unknown.getMessage());
  }

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
