package io.noesis.experiment;

import static io.noesis.experiment.LowLevelRun.STUDY;
import static io.noesis.experiment.LowLevelRun.copy;
import static io.noesis.experiment.LowLevelRun.execution;
import static io.noesis.experiment.LowLevelRun.first;
import static io.noesis.experiment.LowLevelRun.pictures;
import static io.noesis.experiment.LowLevelRun.recipe;
import static io.noesis.experiment.LowLevelRun.report;
import static io.noesis.experiment.LowLevelRun.table;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.embedding.PixelImage;
import io.noesis.alignment.score.Condition;
import io.noesis.report.AlsoPanel;
import io.noesis.report.Report;
import io.noesis.report.ReportJson;
import io.noesis.report.ScoreLine;
import io.noesis.run.NoesisException;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Low-level latents decoded beside image embeddings, in a run of their own, and pictures that start
 * from them or that their picture is blended into.
 */
class FurtherTargetsTest {
  @TempDir Path temporary;

  @Test
  void theFurtherTargetIsARunOfItsOwnAboveChance() {
    AlsoPanel.AlsoTarget target = report().also().targets().get(0);
    assertEquals("low-level", target.name());
    ScoreLine score =
        target.scores().stream()
            .map(AlsoPanel.AlsoScore::score)
            .filter(s -> s.metric().contains(".two_way@"))
            .findFirst()
            .orElseThrow();
    assertEquals(ScoreLine.Standing.BETTER, score.standing());
    assertEquals(0.5, score.chance(), 1e-9);
    assertTrue(score.nullLow() < 0.5 && score.nullHigh() > 0.5 && score.value() > score.nullHigh());
    Path page = first().resolve(target.page());
    assertTrue(Files.isRegularFile(page), page.toString());
    Report own = ReportJson.read(page.resolveSibling("report.json"));
    assertEquals(own.verdict(), target.verdict());
    assertFalse(own.audits().isEmpty());
    assertTrue(own.audits().stream().noneMatch(a -> a.verdict().equals("BLOCK")));
    assertEquals(report(), ReportJson.read(first().resolve("report.json")));
    RunFolder run = RunFolder.open(first().resolve("also/low-level"));
    assertEquals("latents 4x16x16", TargetTable.read(run).embeddings().space().layer());
    assertEquals(
        Decoded.read(RunFolder.open(first()), "01").folds(), Decoded.read(run, "01").folds());
  }

  @Test
  void pagesAndPicturesSayWhatTheyStartedFrom() throws IOException {
    MadeTable.Row row = table(first()).of(Condition.DECODED.key()).get(0);
    Map<String, String> texts = MadePng.texts(first().resolve(row.content()));
    assertEquals(
        "the decoded low-level latents of noesis-embedded-generator, strength 0.7",
        texts.get("Noesis started from"));
    assertTrue(texts.get("Noesis also low-level").contains("latents 4x16x16"), texts.toString());
    String page = Files.readString(first().resolve("report.html"));
    assertTrue(page.contains("Further targets"));
    assertTrue(page.contains("href=\"also/low-level/report.html\""));
  }

  @Test
  void theSameAgainMakesTheSameBytesAndNothingAnew() throws IOException {
    Path run = copy(temporary.resolve("again"));
    Map<String, Object> before = stamps(run);
    List<String> heard = new ArrayList<>();
    new Experiment(
            recipe(),
            execution(run)
                .withProgress(
                    new Progress() {
                      @Override
                      public synchronized void done(String result) {
                        heard.add(result);
                      }
                    }))
        .train();
    assertEquals(before, stamps(run), "no decoder and no picture was written anew");
    assertEquals(2, heard.stream().filter("already trained by an earlier run"::equals).count());
    assertTrue(heard.contains("already made by an earlier run"), heard.toString());
    for (Path file : Folders.files(run)) {
      if (file.toString().matches(".*sub-01.*|.*report.*|.*scores.tsv")) {
        Files.delete(file);
      }
    }
    new Experiment(recipe(), execution(run).withThreads(1)).run();
    assertEquals(Folders.contents(first()), Folders.contents(run));
  }

  private static Map<String, Object> stamps(Path run) throws IOException {
    Map<String, Object> stamps = new TreeMap<>();
    for (Path file : Folders.files(run)) {
      if (file.toString().matches(".*(decoder.*|decoded[.]npy|pictures.*[.]png)")) {
        stamps.put(run.relativize(file).toString(), Files.getLastModifiedTime(file));
      }
    }
    return stamps;
  }

  @Test
  void newResponsesAreDecodedIntoAllTargetsAndTheirPicturesStartFromTheirLatents()
      throws IOException {
    Path responses =
        PriorExperimentTest.testResponses(
            recipe(), STUDY, first(), "01", temporary.resolve("new.npy"));
    Path folder = temporary.resolve("encoded");
    Encoding.of(EncodingSpec.of(first(), ResponseFiles.of(responses), folder), Progress.NONE);
    Tensor decoded = Npy.read(first().resolve("also/low-level/sub-01/decoded.npy"));
    Tensor encoded = Npy.read(folder.resolve("also/low-level/embeddings.npy"));
    assertEquals(decoded.shape(), encoded.shape());
    assertArrayEquals(decoded.array(), encoded.array(), 1e-3f);
    EncodedMakes makes = EncodedMakes.of(folder, execution(folder));
    PicturesSpec spec = pictures("pictures.conditions=[decoded, mean]");
    List<Makes.Line> lines = makes.pictures(spec, "row-0003");
    Path made = folder.resolve("made").resolve(lines.get(0).content());
    Map<String, String> before = MadePng.texts(made);
    assertEquals(
        "the decoded low-level latents of noesis-embedded-generator, strength 0.7",
        before.get("Noesis started from"));
    Npy.write(folder.resolve("also/low-level/embeddings.npy"), encoded.map(v -> v + 0.25));
    EncodedMakes.of(folder, execution(folder)).pictures(spec, "row-0003");
    assertNotEquals(before.get("Noesis key"), MadePng.texts(made).get("Noesis key"));
    Files.delete(folder.resolve("also/low-level/encoding.json"));
    assertThrows(NoesisException.class, () -> EncodedMakes.of(folder, execution(folder)));
  }

  @Test
  void wrongNamesAndKindsAreRefusedBeforeTraining() {
    Map<String, String> wrong =
        Map.of(
            "also={lowlevel: {targets: {of: latent, pack: embedded}}}",
            "start: decoded starts from low-level latents",
            "also.low-level.targets={of: image, pack: embedded}",
            "low-level targets are latents",
            "also.low-level.targets={of: latent}",
            "name the pack",
            "also.Text={targets: {of: caption}}",
            "is no name",
            "also.text={targets: {of: category}}",
            "stands for a stimulus",
            "also.low-level.encoder.architecture=rigde",
            "ridge",
            "also.low-level.encodr={}",
            "did you mean 'encoder'",
            "also={}",
            "start: decoded starts from low-level latents",
            "also.low-level.targets.pixels=-4",
            "above 0");
    wrong.forEach(
        (override, why) -> {
          Path out = temporary.resolve("refused");
          RecipeException refused =
              assertThrows(
                  RecipeException.class,
                  () -> new Experiment(recipe(override), execution(out)).run(),
                  override);
          assertTrue(refused.getMessage().contains(why), refused.getMessage());
          assertFalse(Files.exists(out.resolve("sub-01/decoder")), "nothing was trained");
        });
  }

  @Test
  void picturesHaveTheLayoutOfWhatWasShown() throws IOException {
    Path run = copy(temporary.resolve("noise"));
    Map<Condition, Double> started = pixels(first());
    PicturesSpec noise = pictures("pictures.start=noise", "pictures.strength=1");
    Makes makes = Makes.of(RunFolder.open(run), execution(run));
    makes.pictures(noise, "");
    Map<Condition, Double> alone = pixels(run);
    assertNotEquals(table(first()).byKey().keySet(), table(run).byKey().keySet());
    String told = "from latents " + started + ", from noise " + alone;
    assertTrue(started.get(Condition.DECODED) > started.get(Condition.MEAN) + 0.1, told);
    assertTrue(started.get(Condition.CEILING) > alone.get(Condition.CEILING), told);
    assertTrue(started.get(Condition.CEILING) > started.get(Condition.DECODED), told);
  }

  /** Mean correlation of the grey levels of made and shown pictures, by condition. */
  private static Map<Condition, Double> pixels(Path run) {
    MadeTable table = table(run);
    Map<Condition, Double> means = new LinkedHashMap<>();
    for (Condition condition : List.of(Condition.DECODED, Condition.MEAN, Condition.CEILING)) {
      means.put(
          condition,
          table.of(condition.key()).stream()
              .mapToDouble(
                  row ->
                      correlation(
                          run.resolve(row.content()),
                          run.resolve(
                              table.row(MadeTable.SHOWN, row.stimulus()).orElseThrow().content())))
              .average()
              .orElseThrow());
    }
    return means;
  }

  private static double correlation(Path a, Path b) {
    byte[] x = PixelImage.read(a).rgb();
    byte[] y = PixelImage.read(b).rgb();
    double mx = 0;
    double my = 0;
    for (int i = 0; i < x.length; i++) {
      mx += (x[i] & 0xff) / (double) x.length;
      my += (y[i] & 0xff) / (double) y.length;
    }
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      double dx = (x[i] & 0xff) - mx;
      double dy = (y[i] & 0xff) - my;
      xy += dx * dy;
      xx += dx * dx;
      yy += dy * dy;
    }
    return xy / Math.sqrt(xx * yy);
  }

  @Test
  void eachConditionTakesItsOwnLatentsAndNothingOfATestStimulusReachesTheDecoded()
      throws IOException {
    Path run = copy(temporary.resolve("changed"));
    String id = table(run).stimuli().get(3);
    Map<Condition, String> before = keys(run, id);
    // Other true latents of what was tested: only the ceiling may see them.
    Path targets = run.resolve("also/low-level/targets.npy");
    TargetTable table = TargetTable.read(RunFolder.open(run.resolve("also/low-level")));
    Tensor values = table.embeddings().values();
    int[] tested = table.embeddings().rowsOf(table(run).stimuli());
    for (int row : tested) {
      Arrays.fill(values.array(), row * values.dim(1), (row + 1) * values.dim(1), 0.5f);
    }
    Npy.write(targets, values);
    Map<Condition, String> other = again(run, id);
    assertEquals(before.get(Condition.DECODED), other.get(Condition.DECODED));
    assertEquals(before.get(Condition.MEAN), other.get(Condition.MEAN));
    assertNotEquals(before.get(Condition.CEILING), other.get(Condition.CEILING));
    // Other decoded latents: only what was decoded may change.
    Path decoded = run.resolve("also/low-level/sub-01/decoded.npy");
    Npy.write(decoded, Npy.read(decoded).map(v -> v + 0.25));
    Map<Condition, String> third = again(run, id);
    assertNotEquals(other.get(Condition.DECODED), third.get(Condition.DECODED));
    assertEquals(other.get(Condition.MEAN), third.get(Condition.MEAN));
    assertEquals(other.get(Condition.CEILING), third.get(Condition.CEILING));
  }

  private static Map<Condition, String> again(Path run, String id) throws IOException {
    Files.delete(run.resolve("sub-01/pictures.done.json"));
    Makes.of(RunFolder.open(run), execution(run)).pictures(pictures(), id);
    return keys(run, id);
  }

  private static Map<Condition, String> keys(Path run, String id) {
    Map<Condition, String> keys = new LinkedHashMap<>();
    for (Condition condition : List.of(Condition.DECODED, Condition.MEAN, Condition.CEILING)) {
      keys.put(condition, table(run).row(condition.key(), id).orElseThrow().key());
    }
    return keys;
  }

  @Test
  void theDecodedPictureIsBlendedIn() throws IOException {
    Path run = copy(temporary.resolve("blended"));
    String id = table(run).stimuli().get(0);
    Makes makes = Makes.of(RunFolder.open(run), execution(run));
    String[] only = {
      "pictures.conditions=[decoded]", "pictures.start=noise", "pictures.strength=1",
    };
    byte[] plain = rgb(run, makes.pictures(pictures(only), id));
    List<String> blending = new ArrayList<>(List.of(only));
    blending.add("pictures.blend=0.25");
    PicturesSpec spec = pictures(blending.toArray(String[]::new));
    List<Makes.Line> lines = makes.pictures(spec, id);
    assertEquals(
        "0.25 of the picture of the decoded low-level latents of noesis-embedded-generator",
        MadePng.texts(run.resolve(lines.get(0).content())).get("Noesis blended"));
    byte[] blended = rgb(run, lines);
    try (var latents =
        PackModels.of(execution(run)).latents(recipe().also("low-level").targets(), spec)) {
      Map<String, Tensor> rows =
          Map.of(
              "low-level",
              new MadeSources(
                      new MadeSources.Subject(
                          Decoded.read(RunFolder.open(run.resolve("also/low-level")), "01"),
                          TargetTable.read(RunFolder.open(run.resolve("also/low-level"))),
                          StimulusFile.read(RunFolder.open(run)),
                          recipe().evaluation().similarity()),
                      Stretch.NONE,
                      new MadeSources.Selection(0, id),
                      Seed.of(0))
                  .embeddings(Condition.DECODED)
                  .orElseThrow());
      byte[] low = latents.pictures(rows.get("low-level")).get(0).rgb();
      double off = 0;
      for (int i = 0; i < plain.length; i++) {
        double wanted = 0.75 * (plain[i] & 0xff) + 0.25 * (low[i] & 0xff);
        off += Math.abs(wanted - (blended[i] & 0xff)) / plain.length;
      }
      // The low-level picture goes through a larger size, which smooths it a little.
      assertTrue(off < 1.5, "mean grey levels off: " + off);
    }
    assertFalse(Arrays.equals(plain, blended));
  }

  private static byte[] rgb(Path run, List<Makes.Line> lines) {
    return PixelImage.read(run.resolve(lines.get(0).content())).rgb();
  }
}
