package io.noesis.experiment;

import static io.noesis.experiment.CopiedRun.FIRST;
import static io.noesis.experiment.CopiedRun.MODELS;
import static io.noesis.experiment.CopiedRun.REPORT;
import static io.noesis.experiment.CopiedRun.STIMULI;
import static io.noesis.experiment.CopiedRun.TESTED;
import static io.noesis.experiment.CopiedRun.execution;
import static io.noesis.experiment.CopiedRun.making;
import static io.noesis.experiment.CopiedRun.recipe;
import static io.noesis.experiment.CopiedRun.table;
import static io.noesis.experiment.CopiedRun.trained;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.score.Condition;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.report.MadePanel;
import io.noesis.report.Report;
import io.noesis.report.ReportJson;
import io.noesis.report.ScoreLine;
import io.noesis.run.AuditException;
import io.noesis.run.ExitCode;
import io.noesis.run.ModelException;
import io.noesis.run.Seed;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Captions and pictures of a trained run, with models that copy instead of networks. */
class MakingTest {
  @TempDir Path temporary;

  @Test
  void everyConditionIsMadeForEveryTestStimulus() {
    for (String what : List.of("pictures", "captions")) {
      MadeTable table = table(FIRST, what, "01");
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
    var scores = Tsv.read(FIRST.resolve("scores.tsv"));
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
    Set<String> tested = new HashSet<>(table(FIRST, "pictures", "01").stimuli());
    for (String what : List.of("pictures", "captions")) {
      MadeTable table = table(FIRST, what, "01");
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
    MadeTable captions = table(FIRST, "captions", "01");
    for (MadeTable.Row row : captions.of(Condition.CEILING.key())) {
      assertEquals(STIMULI.get(row.stimulus()).caption().orElseThrow(), row.content());
    }
    assertEquals(
        ids(captions.of(MadeTable.SHOWN)).size(), captions.of(Condition.CEILING.key()).size());
  }

  @Test
  void aPictureSaysWhatItIs() {
    MadeTable.Row row = table(FIRST, "pictures", "02").of(Condition.DECODED.key()).get(3);
    Map<String, String> texts = MadePng.texts(FIRST.resolve(row.content()));
    assertTrue(texts.get("Source").startsWith("AI-generated"), texts.toString());
    assertEquals("02", texts.get("Noesis subject"));
    assertEquals(row.stimulus(), texts.get("Noesis stimulus"));
    assertEquals("copying", texts.get("Noesis model"));
    assertEquals(row.seed(), texts.get("Noesis seed"));
    assertEquals(RunFolder.open(FIRST).identity(), texts.get("Noesis run"));
    assertEquals("3", texts.get("Noesis steps"));
  }

  @Test
  void aPictureThatAnotherSubjectNeedsTooIsMadeOnce() {
    MadeTable one = table(FIRST, "pictures", "01");
    MadeTable two = table(FIRST, "pictures", "02");
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
    MadePanel panel = REPORT.made();
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
    assertEquals(REPORT, ReportJson.read(FIRST.resolve("report.json")));
    String page = Files.readString(FIRST.resolve("report.html"));
    assertTrue(page.contains("Captions and pictures"), "the panel is on the page");
    assertTrue(
        REPORT.verdict().details().stream()
            .anyMatch(s -> s.contains("than those of shuffled brains in 2 of 2 subjects")),
        REPORT.verdict().details().toString());
    assertTrue(
        Tsv.read(FIRST.resolve("scores.tsv")).texts("variant").contains("pictures: ceiling"));
  }

  @Test
  void auditsSpeakOfThem() {
    for (String code : List.of("GENERATOR-PRIOR", "NO-CEILING", "TARGET-FED", "TEST-SELECTED")) {
      assertTrue(
          REPORT.audits().stream()
              .anyMatch(a -> a.code().equals(code) && a.verdict().equals("PASS")),
          code);
    }
    assertTrue(
        Decoded.read(RunFolder.open(FIRST), "01").fits().stream()
            .anyMatch(f -> f.transform().equals("stretch of decoded embeddings")));
  }

  @Test
  void anotherSpaceIsRefused() {
    EmbeddingSpace space = TargetTable.read(RunFolder.open(FIRST)).embeddings().space();
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
                  () -> Making.requireFit(recipe(), space, Map.of(), MODELS.of(other)));
          assertEquals(ExitCode.MODEL, refused.exitCode());
          assertTrue(refused.getMessage().contains(difference), refused.getMessage());
          assertTrue(refused.getMessage().contains("targets"), refused.getMessage());
        });
  }

  @Test
  void anotherSpaceIsRefusedBeforeAnythingIsTrained() {
    EmbeddingSpace other = new EmbeddingSpace("clip", "pooled", 77, EmbeddingSpace.Scaling.UNIT);
    Path out = temporary.resolve("refused");
    Experiment experiment = new Experiment(recipe(), execution(out, 1), MODELS.of(other));
    assertThrows(ModelException.class, experiment::run);
    assertFalse(Files.exists(out.resolve("sub-01/decoder")), "nothing was trained");
  }

  @Test
  void picturesOfABrainThatSaysNothingAreNotTrusted() throws IOException {
    Path run = trained(temporary.resolve("nothing"));
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
    making(run, execution(run, 2)).make(STIMULI);
    Evaluation evaluation = new Evaluation(RunFolder.open(run), execution(run, 2));
    Report poor = evaluation.evaluate();
    assertEquals(Report.Level.NOT_SUPPORTED, poor.verdict().level());
    AuditException blocked =
        assertThrows(AuditException.class, () -> evaluation.panel().requireNoBlock("test"));
    assertTrue(blocked.getMessage().contains("GENERATOR-PRIOR"), blocked.getMessage());
  }
}
