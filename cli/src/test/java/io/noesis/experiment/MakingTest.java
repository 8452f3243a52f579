package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.PixelImage;
import io.noesis.alignment.score.Condition;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.simulate.Existing;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.SignalPlan;
import io.noesis.ingest.simulate.SimulatedStudy;
import io.noesis.ingest.simulate.SimulationSpec;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.report.MadePanel;
import io.noesis.report.Report;
import io.noesis.report.ReportJson;
import io.noesis.report.ReportPage;
import io.noesis.report.ScoreLine;
import io.noesis.run.AuditException;
import io.noesis.run.CancelledException;
import io.noesis.run.ExitCode;
import io.noesis.report.ScoreLine;
import io.noesis.run.Fingerprint;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Captions and pictures of a trained run, with models that copy instead of networks. */
class MakingTest {
  private static final int TESTED = 12;

  @TempDir static Path shared;
  @TempDir Path temporary;
  private static Path study;
  private static Path first;
  private static Report report;
  private static CopyingModels models;
  private static StimulusSet stimuli;

  @BeforeAll
  static void runOnce() {
    study = shared.resolve("study");
    SignalPlan usual = SignalPlan.defaults();
    SimulatedStudy.of(
            SimulationSpec.defaults()
                .withSize(2, 60)
                .withPictures(new PicturePlan(60, 1, TESTED, 2, 32))
                .withSignal(
                    new SignalPlan(0.7, usual.noiseVoxels(), usual.rho(), usual.driftPercent())),
            Seed.of(3))
        .write(study, Existing.KEEP, Progress.NONE);
    DecodingRecipe recipe = recipe();
    OpenedStudy opened = OpenedStudy.open(recipe.study(), java.util.Optional.of(study));
    stimuli = opened.study().stimuli();
    models =
        new CopyingModels(
            TargetTable.make(
                    recipe.targets(), opened.study(), KeptEmbeddings.places(), Progress.NONE)
                .embeddings(),
            stimuli);
    first = shared.resolve("first");
    report = new Experiment(recipe, execution(first, 2), models).run();
  }

  private static DecodingRecipe recipe(String... more) {
    List<String> overrides =
        Stream.concat(
                Stream.of(
                    "evaluation.permutations=199",
                    "evaluation.bootstraps=99",
                    "evaluation.gallery=4",
                    "pictures.pack=copying",
                    "captions.pack=copying"),
                Arrays.stream(more))
            .toList();
    return DecodingRecipe.of(Recipes.tree("simulated", overrides));
  }

  private static Execution execution(Path out, int threads) {
    return Execution.in(out)
        .withRoot(study)
        .withThreads(threads)
        .withPlaces(KeptEmbeddings.places());
  }

  private static MadeTable table(Path run, String what, String subject) {
    return MadeTable.read(run.resolve("sub-" + subject + "/" + what + ".tsv"));
  }

  @Test
  void everyConditionIsMadeForEveryTestStimulus() {
    for (String what : List.of("pictures", "captions")) {
      MadeTable table = table(first, what, "01");
      assertEquals(List.of(Condition.values()), table.conditions());
      assertEquals(TESTED, table.of(MadeTable.SHOWN).size());
      for (Condition condition : Condition.values()) {
        assertEquals(table.stimuli(), ids(table.of(condition.key())), condition.key());
      }
    }
  }

  private static List<String> ids(List<MadeTable.Row> rows) {
    return rows.stream().map(MadeTable.Row::stimulus).toList();
  }

  @Test
  void captionsAreHeldAgainstTheAttributesOfTheScene() {
    var scores = Tsv.read(first.resolve("scores.tsv"));
    for (String metric : List.of("caption_attribute.category", "caption_attribute.all")) {
      Set<String> variants = new HashSet<>();
      for (int r = 0; r < scores.rows(); r++) {
        if (scores.required(r, "metric").equals(metric)) {
          String variant = scores.required(r, "variant");
          variants.add(variant);
          double value = Double.parseDouble(scores.required(r, "value"));
          double chance = Double.parseDouble(scores.required(r, "chance"));
          // These models copy the caption of the embedding's neighbour: the true one of its own.
          assertTrue(!variant.equals("captions: ceiling") || value == 1, variant + " " + value);
          assertTrue(chance < 0.5, metric + " " + chance);
        }
      }
      assertTrue(variants.contains("captions: ceiling") && variants.size() > 3, variants::toString);
    }
  }

  @Test
  void whatStandsBesideComesFromWhereItSays() {
    Set<String> tested = new HashSet<>(table(first, "pictures", "01").stimuli());
    for (String what : List.of("pictures", "captions")) {
      MadeTable table = table(first, what, "01");
      Set<String> partners = new HashSet<>();
      for (MadeTable.Row row : table.of(Condition.SHUFFLED.key())) {
        assertNotEquals(row.stimulus(), row.source());
        assertTrue(partners.add(row.source()), "each response stands for one other");
        assertEquals(
            table.row(Condition.DECODED.key(), row.source()).orElseThrow().content(),
            row.content());
      }
      assertEquals(tested, partners);
      for (MadeTable.Row row : table.of(Condition.NEAREST.key())) {
        assertFalse(tested.contains(row.source()), "nearest is a training stimulus");
      }
      Set<String> means = new HashSet<>();
      table.of(Condition.MEAN.key()).forEach(r -> means.add(r.content()));
      assertEquals(what.equals("captions") ? 1 : TESTED, means.size());
    }
  }

  @Test
  void theTrueEmbeddingGivesTheTruthAndNothingElseIsToldOfIt() {
    MadeTable captions = table(first, "captions", "01");
    for (MadeTable.Row row : captions.of(Condition.CEILING.key())) {
      assertEquals(stimuli.get(row.stimulus()).caption().orElseThrow(), row.content());
    }
    assertEquals(
        ids(captions.of(MadeTable.SHOWN)).size(), captions.of(Condition.CEILING.key()).size());
  }

  @Test
  void aPictureSaysWhatItIs() {
    MadeTable.Row row = table(first, "pictures", "02").of(Condition.DECODED.key()).get(3);
    Map<String, String> texts = MadePng.texts(first.resolve(row.content()));
    assertTrue(texts.get("Source").startsWith("AI-generated"), texts.toString());
    assertEquals("02", texts.get("Noesis subject"));
    assertEquals(row.stimulus(), texts.get("Noesis stimulus"));
    assertEquals("copying", texts.get("Noesis model"));
    assertEquals(row.seed(), texts.get("Noesis seed"));
    assertEquals(RunFolder.open(first).identity(), texts.get("Noesis run"));
    assertEquals("3", texts.get("Noesis steps"));
  }

  @Test
  void aPictureThatAnotherSubjectNeedsTooIsMadeOnce() {
    MadeTable one = table(first, "pictures", "01");
    MadeTable two = table(first, "pictures", "02");
    for (Condition condition : List.of(Condition.CEILING, Condition.NOISE, Condition.MEAN)) {
      assertEquals(contents(one, condition), contents(two, condition));
    }
    assertNotEquals(contents(one, Condition.DECODED), contents(two, Condition.DECODED));
  }

  private static List<String> contents(MadeTable table, Condition condition) {
    return table.of(condition.key()).stream().map(MadeTable.Row::content).toList();
  }

  @Test
  void theReportHasScoresWithEverythingBesideAndPicksThatAreNotOnlyTheBest() throws IOException {
    MadePanel panel = report.made();
    assertEquals(
        List.of("captions", "pictures"),
        panel.kinds().stream().map(MadePanel.MadeKind::what).toList());
    MadePanel.MadeSubject subject = panel.subjects().get(0);
    MadePanel.MadeScore primary =
        subject.scores().stream()
            .filter(s -> s.score().metric().equals("picture_tower.two_way@" + TESTED))
            .findFirst()
            .orElseThrow();
    assertEquals(
        List.of("mean", "category", "noise", "ceiling", "nearest"),
        primary.others().stream().map(MadePanel.MadeValue::condition).toList());
    assertEquals(ScoreLine.Standing.BETTER, primary.score().standing());
    assertEquals(1, primary.score().ceiling(), 1e-9);
    assertEquals(
        List.of("random (seeded)", "best", "middle", "worst").size(),
        subject.items().stream().map(MadePanel.MadeItem::tag).distinct().count());
    assertEquals(Condition.values().length, subject.items().get(0).cells().size());
    assertEquals(report, ReportJson.read(first.resolve("report.json")));
    String page = Files.readString(first.resolve("report.html"));
    assertTrue(page.contains("Captions and pictures"), "the panel is on the page");
    assertTrue(
        report.verdict().details().stream()
            .anyMatch(s -> s.contains("than those of shuffled brains in 2 of 2 subjects")),
        report.verdict().details().toString());
    assertTrue(
        Tsv.read(first.resolve("scores.tsv")).texts("variant").contains("pictures: ceiling"));
  }

  @Test
  void auditsSpeakOfThem() {
    for (String code : List.of("GENERATOR-PRIOR", "NO-CEILING", "TARGET-FED", "TEST-SELECTED")) {
      assertTrue(
          report.audits().stream()
              .anyMatch(a -> a.code().equals(code) && a.verdict().equals("PASS")),
          code);
    }
    assertTrue(
        Decoded.read(RunFolder.open(first), "01").fits().stream()
            .anyMatch(f -> f.transform().equals("stretch of decoded embeddings")));
  }

  @Test
  void theSameAgainIsTheSameBytesOnAnyNumberOfThreads() throws IOException {
    Path again = temporary.resolve("again");
    new Experiment(recipe(), execution(again, 1), models).run();
    assertEquals(contents(first), contents(again));
  }

  private static Map<String, String> contents(Path run) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(run)) {
      files
          .filter(Files::isRegularFile)
          .filter(f -> !f.endsWith("log.txt"))
          .forEach(f -> contents.put(run.relativize(f).toString(), Fingerprint.ofFile(f)));
    }
    return contents;
  }

  /** The first run with its decoded embeddings, as if nothing had been made of them yet. */
  private Path trained(String name) throws IOException {
    Path run = temporary.resolve(name);
    try (Stream<Path> files = Files.walk(first)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String relative = first.relativize(file).toString();
        if (!relative.matches("(sub-../)?(pictures|captions)[./].*")
            || relative.matches("pictures/[0-9]+-.*")) {
          Path to = run.resolve(relative);
          Files.createDirectories(to.getParent());
          Files.copy(file, to);
        }
      }
    }
    return run;
  }

  private static Making making(Path run, Execution execution) {
    return new Making(RunFolder.open(run), execution, models);
  }

  private static void evaluate(Path run) {
    new Evaluation(RunFolder.open(run), execution(run, 2)).evaluate();
    ReportPage.render(run.resolve("report.json"), ReportPage.Form.FOLDER);
  }

  @Test
  void whatWasInterruptedGoesOnWhereItStopped() throws IOException {
    Path run = trained("stopped");
    AtomicInteger looks = new AtomicInteger();
    Execution stopping =
        execution(run, 2)
            .withCancelled(
                () ->
                    Files.isDirectory(run.resolve("sub-01/pictures/decoded"))
                        && looks.incrementAndGet() > 2);
    CancelledException stopped =
        assertThrows(CancelledException.class, () -> making(run, stopping).make(stimuli));
    assertTrue(stopped.getMessage().contains("run the same command again"), stopped.getMessage());
    int before = models.made();
    long there = contents(run).keySet().stream().filter(f -> f.contains("/decoded/")).count();
    assertTrue(there > 0, "some pictures are kept");
    making(run, execution(run, 2)).make(stimuli);
    int needed = Set.copyOf(table(first, "pictures", "01").byKey().values()).size() + TESTED;
    assertTrue(models.made() - before < needed, "nothing is made twice");
    evaluate(run);
    assertEquals(contents(first), contents(run));
  }

  @Test
  void whatIsStoppedInTheMiddleOfABatchStopsWithinAStepAndLeavesTheSameBytes() throws IOException {
    Path run = trained("stopped-within");
    Path pictures = run.resolve("sub-01/pictures/decoded");
    // The captions' first batch; the second step of three of the first pictures, and of the next.
    for (String where : List.of("captions", "first pictures", "next pictures")) {
      int before = models.calls();
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
                    case "captions" -> models.calls() == before + 5;
                    case "first pictures" -> models.calls() == before + 2;
                    default -> Files.isDirectory(pictures) && heard[1] % 3 == 2;
                  };
              if (here) {
                asked.compareAndSet(-1, models.calls());
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
                  making(run, stopping).make(stimuli);
                } else {
                  making(run, stopping)
                      .pictures(recipe().pictures().orElseThrow(), List.of("01"), "", stimuli);
                }
              });
      assertTrue(stopped.getMessage().contains("subject 01: stopped"), stopped.getMessage());
      assertEquals(asked.get(), models.calls(), "another step was made: " + where);
      assertTrue(heard[1] > 0 && heard[1] < heard[0], heard[1] + " of " + heard[0]);
    }
    making(run, execution(run, 2)).make(stimuli);
    evaluate(run);
    assertEquals(contents(first), contents(run));
  }

  @Test
  void aDamagedPictureIsMadeAgain() throws IOException {
    Path run = trained("damaged");
    making(run, execution(run, 2)).make(stimuli);
    MadeTable.Row row = table(run, "pictures", "01").of(Condition.DECODED.key()).get(0);
    byte[] whole = Files.readAllBytes(run.resolve(row.content()));
    Files.write(run.resolve(row.content()), Arrays.copyOf(whole, whole.length / 2));
    Files.delete(run.resolve("sub-01/pictures.done.json"));
    int before = models.made();
    making(run, execution(run, 2)).make(stimuli);
    assertEquals(1, models.made() - before);
    assertEquals(
        Fingerprint.ofFile(first.resolve(row.content())),
        Fingerprint.ofFile(run.resolve(row.content())));
  }

  @Test
  void anotherSpaceIsRefused() {
    EmbeddingSpace space = TargetTable.read(RunFolder.open(first)).embeddings().space();
    Map<String, EmbeddingSpace> others =
        Map.of(
            "another dimension",
                new EmbeddingSpace(space.model(), space.layer(), 77, space.scaling()),
            "another model",
                new EmbeddingSpace("clip", space.layer(), space.dim(), space.scaling()),
            "another layer",
                new EmbeddingSpace(space.model(), "tokens", space.dim(), space.scaling()),
            "another scaling",
                new EmbeddingSpace(
                    space.model(), space.layer(), space.dim(), EmbeddingSpace.Scaling.RAW));
    others.forEach(
        (difference, other) -> {
          ModelException refused =
              assertThrows(
                  ModelException.class,
                  () -> Making.requireFit(recipe(), space, Map.of(), models.of(other)));
          assertEquals(ExitCode.MODEL, refused.exitCode());
          assertTrue(refused.getMessage().contains(difference), refused.getMessage());
          assertTrue(refused.getMessage().contains("targets"), refused.getMessage());
        });
  }

  @Test
  void anotherSpaceIsRefusedBeforeAnythingIsTrained() {
    EmbeddingSpace other = new EmbeddingSpace("clip", "pooled", 77, EmbeddingSpace.Scaling.UNIT);
    Path out = temporary.resolve("refused");
    Experiment experiment = new Experiment(recipe(), execution(out, 1), models.of(other));
    assertThrows(ModelException.class, experiment::run);
    assertFalse(Files.exists(out.resolve("sub-01/decoder")), "nothing was trained");
  }

  @Test
  void picturesOfABrainThatSaysNothingAreNotTrusted() throws IOException {
    Path run = trained("nothing");
    for (String subject : List.of("01", "02")) {
      Path file = run.resolve("sub-" + subject + "/decoded.npy");
      int[] shape = Npy.read(file).shape().toArray();
      var random = Seed.of(5).child(subject).random();
      float[] noise = new float[shape[0] * shape[1]];
      for (int k = 0; k < noise.length; k++) {
        noise[k] = (float) random.nextGaussian();
      }
      Npy.write(file, Tensor.wrap(noise, shape));
    }
    making(run, execution(run, 2)).make(stimuli);
    Evaluation evaluation = new Evaluation(RunFolder.open(run), execution(run, 2));
    Report poor = evaluation.evaluate();
    assertEquals(Report.Level.NOT_SUPPORTED, poor.verdict().level());
    AuditException blocked =
        assertThrows(AuditException.class, () -> evaluation.panel().requireNoBlock("test"));
    assertTrue(blocked.getMessage().contains("GENERATOR-PRIOR"), blocked.getMessage());
  }

  @Test
  void fewerStimuliAreDrawnByTheSeedAndLeavingOutTheCeilingBlocks() throws IOException {
    Path run = trained("few");
    PicturesSpec all = recipe().pictures().orElseThrow();
    PicturesSpec few =
        recipe(
                "pictures.steps=7",
                "pictures.stretch=unit",
                "pictures.stimuli=6",
                "pictures.conditions=[decoded, shuffled]")
            .pictures()
            .orElseThrow();
    assertEquals(all.pack(), few.pack());
    making(run, execution(run, 2)).pictures(few, List.of("01", "02"), "", stimuli);
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
    Path run = trained("sampled");
    String id = table(first, "pictures", "01").stimuli().get(0);
    Makes makes = Makes.of(RunFolder.open(run), execution(run, 2), models);
    PicturesSpec noise =
        recipe("pictures.profile=mindeye2", "pictures.steps=5").pictures().orElseThrow();
    Path made = run.resolve(makes.pictures(noise, id).get(0).content());
    Map<String, String> texts = MadePng.texts(made);
    assertEquals("mindeye2", texts.get("Noesis profile"));
    assertEquals("steps 5 for 38", texts.get("Noesis in the profile's place"));
    assertEquals("5", texts.get("Noesis steps"));
    assertEquals("cpu", texts.get("Noesis device"));
    byte[] before = Files.readAllBytes(made);
    PicturesSpec nearest =
        recipe(
                "pictures.profile=mindeye2",
                "pictures.steps=5",
                "pictures.start=nearest",
                "pictures.strength=0.5")
            .pictures()
            .orElseThrow();
    assertTrue(makes.plan(nearest).contains("profile mindeye2 (steps 5 for 38"), "dry run");
    Path again = run.resolve(makes.pictures(nearest, id).get(0).content());
    assertEquals(
        "the nearest training picture, strength 0.5",
        MadePng.texts(again).get("Noesis started from"));
    assertFalse(Arrays.equals(before, Files.readAllBytes(again)));
    assertThrows(
        RecipeException.class,
        () -> makes.pictures(recipe("pictures.strength=0.5").pictures().orElseThrow(), id));
    assertThrows(
        RecipeException.class,
        () -> makes.pictures(recipe("pictures.candidates=3").pictures().orElseThrow(), id),
        "the tower is of another space");
  }

  @Test
  void aSecondStageReadsTheCaptionsMadeOfTheSameEmbeddings() throws IOException {
    Path run = trained("refined");
    String id = table(first, "pictures", "01").stimuli().get(0);
    Makes makes = Makes.of(RunFolder.open(run), execution(run, 2), models);
    makes.captions(makes.captions(), "");
    PicturesSpec spec = recipe("pictures.refine={pack: any}").pictures().orElseThrow();
    models.read().clear();
    List<Makes.Line> lines = makes.pictures(spec, id);
    MadeTable captions = table(run, "captions", "01");
    for (Condition condition : List.of(Condition.DECODED, Condition.MEAN, Condition.CEILING)) {
      String said =
          captions.of(condition.key()).stream()
              .filter(row -> row.stimulus().equals(id))
              .findFirst()
              .orElseThrow()
              .content();
      assertTrue(models.read().contains(said), condition + ": " + said + " in " + models.read());
    }
    assertFalse(lines.isEmpty());
  }

  @Test
  void aShareOfTheNearestTrainingPictureIsBlendedInAndRecorded() throws IOException {
    Path run = trained("blended");
    String id = table(first, "pictures", "01").stimuli().get(0);
    Makes makes = Makes.of(RunFolder.open(run), execution(run, 2), models);
    String only = "pictures.conditions=[decoded, nearest]";
    byte[] plain = pixels(run, makes.pictures(recipe(only).pictures().orElseThrow(), id));
    Path file =
        run.resolve(
            makes
                .pictures(
                    recipe(only, "pictures.blend=0.25", "pictures.refine={pack: any}")
                        .pictures()
                        .orElseThrow(),
                    id)
                .get(0)
                .content());
    assertEquals(
        "0.25 of the nearest training picture; the profile takes 0.25 of a decoded low-level picture",
        MadePng.texts(file).get("Noesis blended"));
    byte[] blended = PixelImage.read(file).rgb();
    assertEquals(plain.length, blended.length);
    assertFalse(Arrays.equals(plain, blended));
    makes.pictures(recipe(only, "pictures.refine={pack: any}").pictures().orElseThrow(), id);
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
    Path run = trained("one");
    String id = table(first, "pictures", "01").stimuli().get(2);
    Makes makes = Makes.of(RunFolder.open(run), execution(run, 2), models);
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
}
