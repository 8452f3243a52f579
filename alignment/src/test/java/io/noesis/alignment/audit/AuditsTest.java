package io.noesis.alignment.audit;

import static io.noesis.alignment.audit.AuditFixtures.embeddings;
import static io.noesis.alignment.audit.AuditFixtures.rows;
import static io.noesis.alignment.audit.AuditFixtures.score;
import static io.noesis.alignment.audit.AuditFixtures.scores;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.audit.AuditFixtures.Draft;
import io.noesis.alignment.audit.AuditFixtures.Pair;
import io.noesis.alignment.audit.Finding.Verdict;
import io.noesis.alignment.embedding.TargetUnit;
import io.noesis.alignment.score.Condition;
import io.noesis.alignment.score.Score;
import io.noesis.alignment.train.Lineage;
import io.noesis.ingest.study.FitRecord;
import io.noesis.ingest.study.ResponseKind;
import io.noesis.ingest.study.Split.Part;
import io.noesis.ingest.study.Stimulus;
import io.noesis.run.AuditException;
import io.noesis.run.ExitCode;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.run.Registry;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class AuditsTest {
  @TestFactory
  Stream<DynamicTest> everyAuditHasACaseThatTripsItAndACleanOne() {
    return Audits.registry().entries().stream()
        .map(entry -> DynamicTest.dynamicTest(entry.name(), () -> keepsTheContract(entry)));
  }

  private static void keepsTheContract(Registry.Entry<Audit> entry) {
    Audit audit = entry.value();
    assertEquals(entry.name(), audit.code());
    Pair pair = AuditFixtures.all().get(entry.name());
    assertNotNull(pair, "add a tripping and a clean case of " + entry.name() + " to the fixtures");

    AuditPanel tripped = AuditPanel.inspect(audit.phase(), List.of(pair.tripping()), Set.of());
    List<Finding> blocking = tripped.blocking();
    assertFalse(blocking.isEmpty(), entry.name() + " did not trip: " + tripped.findings());
    for (Finding finding : blocking) {
      assertEquals(entry.name(), finding.code(), "another audit tripped on the case of this one");
      assertFalse(finding.decidedBy().isBlank());
      assertFalse(finding.explanation().isBlank());
      assertFalse(finding.remedy().isBlank());
    }
    AuditException stopped =
        assertThrows(AuditException.class, () -> tripped.requireNoBlock("checking the fixture"));
    assertEquals(ExitCode.AUDIT, stopped.exitCode());
    assertTrue(stopped.getMessage().contains("--allow " + entry.name()), stopped.getMessage());
    assertTrue(stopped.getMessage().contains(blocking.get(0).remedy()), stopped.getMessage());

    AuditPanel allowed =
        AuditPanel.inspect(audit.phase(), List.of(pair.tripping()), Set.of(entry.name()));
    assertDoesNotThrow(() -> allowed.requireNoBlock("checking the fixture"));
    assertTrue(allowed.findings().stream().anyMatch(allowed::letThrough));
    assertEquals(tripped.findings(), allowed.findings());

    AuditPanel clean = AuditPanel.inspect(audit.phase(), List.of(pair.clean()), Set.of());
    for (Finding finding : clean.findings()) {
      assertEquals(Verdict.PASS, finding.verdict(), finding.toString());
    }
    assertFalse(clean.findings().stream().anyMatch(clean::letThrough));
  }

  @Test
  void anUnknownCodeCannotBeAllowed() {
    assertTrue(
        assertThrows(
                RecipeException.class,
                () -> AuditPanel.inspect(Audit.Phase.PLAN, List.of(), Set.of("LEAK-STIMULS")))
            .getMessage()
            .contains("Did you mean 'LEAK-STIMULUS'?"));
  }

  @Test
  void phasesJoinInOrder() {
    AuditCase clean = new Draft().make();
    AuditPanel plan = AuditPanel.inspect(Audit.Phase.PLAN, List.of(clean), Set.of());
    AuditPanel result = AuditPanel.inspect(Audit.Phase.RESULT, List.of(clean), Set.of());
    assertEquals(
        List.copyOf(Audits.registry().names()),
        plan.and(result).findings().stream().map(Finding::code).toList());
  }

  private static Finding only(Audit audit, AuditCase subject) {
    List<Finding> findings = audit.inspect(subject);
    assertEquals(1, findings.size(), findings.toString());
    assertEquals("01", findings.get(0).subject());
    return findings.get(0);
  }

  @Nested
  class LeakLineageTest {
    private final Audit audit = new LeakLineage();

    @Test
    void aParentThatSawTheSubjectBlocksWhateverItWasShown() {
      AuditCase clean = new Draft().make();
      Finding finding = only(audit, clean.with(AuditFixtures.startedFrom(clean, "study/01", "s0")));
      assertEquals(Verdict.BLOCK, finding.verdict());
      assertTrue(finding.decidedBy().contains("trained on subject 01"), finding.decidedBy());
    }

    @Test
    void grandparentsCount() {
      AuditCase clean = new Draft().make();
      Lineage old =
          Lineage.of("old", List.of("study/03"), List.of(clean.twins().fingerprint("s9")));
      Lineage parent =
          Lineage.of("new", List.of("study/02"), List.of(clean.twins().fingerprint("s0")))
              .startedFrom(old);
      Background background = new Background(List.of(), "study/01", List.of(parent));
      Finding finding = only(audit, clean.with(background));
      assertEquals(Verdict.BLOCK, finding.verdict());
      assertTrue(finding.decidedBy().startsWith("1 test stimuli"), finding.decidedBy());
    }

    @Test
    void withoutAParentThereIsNothingToSee() {
      assertEquals("no parent", only(audit, new Draft().make()).decidedBy());
    }
  }

  @Nested
  class LeakStimulusTest {
    @TempDir private Path folder;
    private final Audit audit = new LeakStimulus();

    @Test
    void countsSharedIdsAndCountsValidationAsSeen() {
      Draft draft = new Draft();
      draft.shown[9] = "s0";
      draft.shown[10] = "s1";
      draft.parts[1] = Part.VALIDATION;
      Finding finding = only(audit, draft.make());
      assertEquals(Verdict.BLOCK, finding.verdict());
      assertTrue(finding.decidedBy().startsWith("2 of 4 test stimuli"), finding.decidedBy());
      draft.parts[0] = Part.UNUSED;
      assertTrue(only(audit, draft.make()).decidedBy().startsWith("1 of 4"));
    }

    @Test
    void seesWhatOtherSubjectsOfTheSameDecoderWereTrainedOn() {
      AuditCase clean = new Draft().make();
      Background others = new Background(List.of(Set.of("s9", "s1")), "study/01", List.of());
      Finding finding = only(audit, clean.with(others));
      assertEquals(Verdict.BLOCK, finding.verdict());
      assertTrue(finding.decidedBy().startsWith("1 of 4 test stimuli"), finding.decidedBy());
      assertTrue(finding.explanation().contains("s9 (through other subjects)"));
      Background harmless = new Background(List.of(Set.of("s0", "s1")), "study/01", List.of());
      assertEquals(Verdict.PASS, only(audit, clean.with(harmless)).verdict());
    }

    @Test
    void findsTheSameFileAndTheSamePixelsUnderOtherIds() throws IOException {
      BufferedImage picture = gradient(0);
      Draft draft = new Draft();
      withPicture(draft, 0, write(picture, "a.png"));
      withPicture(draft, 8, Files.copy(folder.resolve("a.png"), folder.resolve("b.png")));
      Finding same = only(audit, draft.make());
      assertEquals(Verdict.BLOCK, same.verdict());
      assertTrue(same.explanation().contains("s8 = s0 (same file)"), same.explanation());

      withPicture(draft, 8, write(picture, "c.bmp"));
      Finding pixels = only(audit, draft.make());
      assertEquals(Verdict.BLOCK, pixels.verdict());
      assertTrue(pixels.explanation().contains("s8 = s0 (same pixels)"), pixels.explanation());

      // On the same side of the split they do no harm.
      draft.parts[0] = Part.TEST;
      assertEquals(Verdict.PASS, only(audit, draft.make()).verdict());
    }

    @Test
    void warnsOfNearlyTheSamePictureAndOfNoOther() throws IOException {
      Draft draft = new Draft();
      withPicture(draft, 0, write(gradient(0), "a.png"));
      withPicture(draft, 8, write(gradient(0), "b.jpg"));
      withPicture(draft, 9, write(gradient(90), "c.png"));
      Finding near = only(audit, draft.make());
      assertEquals(Verdict.WARN, near.verdict());
      assertTrue(near.explanation().contains("s8 ~ s0 (pictures)"), near.explanation());
      assertFalse(near.explanation().contains("s9"), near.explanation());

      withPicture(draft, 8, write(gradient(60), "d.png"));
      Finding clean = only(audit, draft.make());
      assertEquals(Verdict.PASS, clean.verdict());
      assertTrue(clean.explanation().contains("9 of 12 stimuli have no picture"), clean.toString());
    }

    @Test
    void warnsOfEqualTargetsOfDifferentStimuli() {
      Draft draft = new Draft();
      draft.targets[8] = new float[] {2, 2, 2};
      draft.targets[1] = new float[] {1, 1, 1};
      Finding near = only(audit, draft.make());
      assertEquals(Verdict.WARN, near.verdict());
      assertTrue(near.explanation().contains("s8 ~ s1 (targets)"), near.explanation());
      // Targets of categories are equal by design.
      draft.unit = TargetUnit.CATEGORY;
      Finding category = only(audit, draft.make());
      assertEquals(Verdict.PASS, category.verdict());
      assertTrue(category.explanation().contains("by design"), category.explanation());
    }

    @Test
    void warnsWhenOnlyCategoriesAreKnown() {
      Draft draft = new Draft();
      draft.stimuli = new ArrayList<>();
      for (String name : List.of("cat", "dog", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8")) {
        draft.stimuli.add(new Stimulus(name, name, Optional.empty(), Optional.empty(), Map.of()));
      }
      for (int i = 0; i < draft.shown.length; i++) {
        draft.shown[i] = i % 2 == 0 ? "cat" : "dog";
      }
      draft.unit = TargetUnit.CATEGORY;
      Finding finding = only(audit, draft.make());
      assertEquals(Verdict.WARN, finding.verdict());
      assertTrue(finding.explanation().contains("does not tell which pictures"));
      // With a target per stimulus, the stand-ins would be memorised.
      draft.unit = TargetUnit.STIMULUS;
      assertEquals(Verdict.BLOCK, audit.inspect(draft.make()).get(0).verdict());
    }

    private BufferedImage gradient(int shift) {
      BufferedImage image = new BufferedImage(120, 90, BufferedImage.TYPE_INT_RGB);
      for (int y = 0; y < 90; y++) {
        for (int x = 0; x < 120; x++) {
          image.setRGB(x, y, new Color((x * 2) % 256, (y * 2 + shift) % 256, shift).getRGB());
        }
      }
      Graphics2D g = image.createGraphics();
      g.setColor(Color.WHITE);
      g.fillOval(10 + shift, 20, 20, 30);
      g.dispose();
      return image;
    }

    private Path write(BufferedImage image, String name) throws IOException {
      Path file = folder.resolve(name);
      assertTrue(ImageIO.write(image, name.substring(name.lastIndexOf('.') + 1), file.toFile()));
      return file;
    }

    private void withPicture(Draft draft, int index, Path file) {
      Stimulus old = draft.stimuli.get(index);
      draft.stimuli.set(
          index,
          new Stimulus(old.id(), old.category(), old.caption(), Optional.of(file), Map.of()));
    }
  }

  @Nested
  class LeakFitTest {
    private final Audit audit = new LeakFit();

    private Verdict verdict(List<Integer> fittedOn, List<Integer> appliedTo) {
      Draft draft = new Draft();
      draft.fits = List.of(new FitRecord("scaler", "all", fittedOn, appliedTo));
      return only(audit, draft.make()).verdict();
    }

    @Test
    void judgesWhatWasFittedOnAndAppliedTo() {
      List<Integer> train = rows(0, 8);
      List<Integer> test = rows(8, 12);
      List<Integer> all = rows(0, 12);
      assertEquals(Verdict.PASS, verdict(train, train));
      assertEquals(Verdict.PASS, verdict(train, test));
      assertEquals(Verdict.PASS, verdict(train, all));
      assertEquals(Verdict.PASS, verdict(test, test));
      assertEquals(Verdict.BLOCK, verdict(all, test));
      assertEquals(Verdict.BLOCK, verdict(all, all));
      assertEquals(Verdict.BLOCK, verdict(all, train));
      assertEquals(Verdict.BLOCK, verdict(test, train));
      assertEquals(Verdict.BLOCK, verdict(test, all));
    }

    @Test
    void aRunThatIsSplitWithinMixesParts() {
      Draft draft = new Draft();
      assertEquals(Verdict.PASS, only(audit, draft.make()).verdict());
      draft.parts[2] = Part.TEST;
      Finding finding = only(audit, draft.make());
      assertEquals(Verdict.BLOCK, finding.verdict());
      assertTrue(finding.decidedBy().startsWith("1 test rows"), finding.decidedBy());
      assertTrue(finding.explanation().contains("run 1"), finding.explanation());
      draft.parts[2] = Part.UNUSED;
      assertEquals(Verdict.PASS, only(audit, draft.make()).verdict());
    }

    @Test
    void nothingFittedIsNothingLeaked() {
      Draft draft = new Draft();
      draft.fits = List.of();
      assertEquals(Verdict.PASS, only(audit, draft.make()).verdict());
    }
  }

  @Nested
  class LeakWindowTest {
    private final Audit audit = new LeakWindow();

    private Draft within() {
      Draft draft = new Draft();
      draft.parts[5] = Part.TEST;
      return draft;
    }

    @Test
    void touchingWindowsShareNothing() {
      assertEquals(Verdict.PASS, only(audit, within().make()).verdict());
      Draft decimal = within();
      decimal.firstOnsetSeconds = 0.1;
      decimal.windowSeconds = 4 + 1e-9;
      assertEquals(Verdict.PASS, only(audit, decimal.make()).verdict());
    }

    @Test
    void overlapIsJudgedByHowResponsesWereMade() {
      Draft draft = within();
      draft.windowSeconds = 6;
      Finding samples = only(audit, draft.make());
      assertEquals(Verdict.BLOCK, samples.verdict());
      assertTrue(samples.decidedBy().startsWith("1 of 5 test trials"), samples.decidedBy());
      assertTrue(samples.decidedBy().contains("up to 2.00 s"), samples.decidedBy());
      draft.kind = ResponseKind.BETAS;
      Finding betas = only(audit, draft.make());
      assertEquals(Verdict.WARN, betas.verdict());
      assertTrue(betas.remedy().contains("test runs"), betas.remedy());
      draft.kind = ResponseKind.GIVEN;
      assertEquals(Verdict.WARN, only(audit, draft.make()).verdict());
    }

    @Test
    void runsOfTheirOwnDoNotOverlapHoweverLongTheWindow() {
      Draft draft = new Draft();
      draft.windowSeconds = 100;
      assertEquals(Verdict.PASS, only(audit, draft.make()).verdict());
    }

    @Test
    void unknownWindowsAreNotJudged() {
      Draft draft = within();
      draft.kind = ResponseKind.GIVEN;
      draft.windowSeconds = Double.NaN;
      Finding finding = only(audit, draft.make());
      assertEquals(Verdict.NOT_JUDGED, finding.verdict());
      assertTrue(finding.decidedBy().startsWith("12 of 12 trials"), finding.decidedBy());
    }
  }

  @Nested
  class NoSignalTest {
    private final Audit audit = new NoSignal();

    @Test
    void oneSubjectIsWarnedOfAndAllSubjectsAreBlocked() {
      AuditCase without = with(0.5, 0.4);
      AuditCase with = with(0.95, 0.001);
      Finding warned = only(audit, without);
      assertEquals(Verdict.WARN, warned.verdict());
      assertEquals(
          "image_from_brain.two_way@4 0.500 (null 0.200 to 0.800), p 0.400", warned.decidedBy());
      Finding passed = only(audit, with);
      assertEquals(Verdict.PASS, passed.verdict());
      assertTrue(passed.decidedBy().endsWith("p 0.00100"), passed.decidedBy());
      Finding one = audit.conclude(List.of(without, with)).orElseThrow();
      assertEquals(Verdict.PASS, one.verdict());
      assertTrue(one.decidedBy().contains("1 of 2 subjects is better"), one.decidedBy());
      Finding all = audit.conclude(List.of(without, without)).orElseThrow();
      assertEquals(Verdict.BLOCK, all.verdict());
      assertEquals("", all.subject());
      assertTrue(all.decidedBy().contains("0 of 2 subjects"), all.decidedBy());
      assertTrue(audit.conclude(List.of(with)).isEmpty());
      assertEquals(Verdict.BLOCK, audit.conclude(List.of(without)).orElseThrow().verdict());
    }

    @Test
    void anyOfManySubjectsIsCorrectedFor() {
      AuditCase without = with(0.5, 0.4);
      AuditCase lucky = with(0.81, 0.02);
      assertTrue(audit.conclude(List.of(lucky)).isEmpty());
      assertEquals(Verdict.PASS, audit.conclude(List.of(lucky, without)).orElseThrow().verdict());
      Finding three = audit.conclude(List.of(lucky, without, without)).orElseThrow();
      assertEquals(Verdict.BLOCK, three.verdict());
      assertTrue(
          three
              .decidedBy()
              .endsWith("smallest p 0.0200, 0.0600 after Holm's correction over 3 subjects"),
          three.decidedBy());
      assertFalse(three.remedy().contains("permutations"), three.remedy());
      Finding seven = audit.conclude(java.util.Collections.nCopies(7, without)).orElseThrow();
      assertTrue(seven.remedy().contains("permutations is at least 140"), seven.remedy());
    }

    @Test
    void onlyThePrimaryScoreOfTheHeadlineVariantDecides() {
      Draft draft = new Draft();
      draft.scores = scores(Map.of("median_rank", 1.0, "top1", 1.0), 0.5);
      assertEquals(Verdict.WARN, only(audit, draft.make()).verdict());
      // Worse than chance is no signal.
      draft.scores = scores(Map.of(), 0.1);
      assertEquals(Verdict.WARN, only(audit, draft.make()).verdict());
      // A later variant, a category and an embedding do not change it.
      draft.scores =
          Stream.concat(
                  scores(Map.of(), 0.5).stream(),
                  Stream.of(
                      score("embedding.r", 1, -0.1, 0.1),
                      score("category_accuracy@2", 1, 0.2, 0.8),
                      score("image_from_brain.two_way@4", 1, 0.2, 0.8)))
              .toList();
      assertEquals(Verdict.WARN, only(audit, draft.make()).verdict());
      // Without retrieval of stimuli that of categories decides, then their accuracy.
      Score accuracy = score("category_accuracy@2", 1, 0.2, 0.8);
      draft.scores = List.of(accuracy, score("category_from_brain.two_way@2", 0.5, 0.2, 0.8));
      assertEquals(Verdict.WARN, only(audit, draft.make()).verdict());
      draft.scores = List.of(accuracy);
      assertEquals(Verdict.PASS, only(audit, draft.make()).verdict());
      draft.scores = List.of(score("category_left_out@2", 0.5, 0.2, 0.8));
      assertEquals(Verdict.WARN, only(audit, draft.make()).verdict());
    }

    private static AuditCase with(double twoWay, double p) {
      Draft draft = new Draft();
      draft.scores = List.of(score("image_from_brain.two_way@4", twoWay, 0.2, 0.8, p));
      return draft.make();
    }

    @Test
    void withoutScoresNothingIsSaid() {
      Draft draft = new Draft();
      draft.scores = List.of();
      AuditCase unscored = draft.make();
      assertEquals(Verdict.NOT_JUDGED, only(audit, unscored).verdict());
      assertTrue(audit.conclude(List.of(unscored)).isEmpty());
      assertTrue(audit.conclude(List.of()).isEmpty());
    }

    @Test
    void namesADecoderThatIgnoresTheBrain() {
      Draft draft = new Draft();
      draft.decoded =
          Optional.of(
              embeddings(
                  List.of("a", "b", "c"),
                  new float[][] {{1, 2, 3}, {1, 2, 3}, {1, 2, 3.0000002f}}));
      Finding finding = only(audit, draft.make());
      assertEquals(Verdict.WARN, finding.verdict());
      assertTrue(finding.decidedBy().contains("all 3 decoded embeddings are equal"));
      draft.decoded =
          Optional.of(embeddings(List.of("a", "b"), new float[][] {{1, 2, 3}, {1, 2, 3.1f}}));
      assertEquals(Verdict.PASS, only(audit, draft.make()).verdict());
    }
  }

  @Nested
  class TwoWayAloneTest {
    private final Audit audit = new TwoWayAlone();

    private Finding of(String... metrics) {
      Draft draft = new Draft();
      List<Score> scores = new ArrayList<>();
      for (String metric : metrics) {
        scores.add(score(metric, 0.9, 0.4, 0.6));
      }
      draft.scores = scores;
      return only(audit, draft.make());
    }

    @Test
    void asksForRanksOverTheSamePool() {
      String two = "image_from_brain.two_way@100";
      assertEquals(Verdict.BLOCK, of(two).verdict());
      assertEquals(Verdict.BLOCK, of(two, "image_from_brain.top1@100").verdict());
      assertEquals(Verdict.BLOCK, of(two, "image_from_brain.median_rank@100").verdict());
      assertEquals(
          Verdict.BLOCK,
          of(two, "image_from_brain.top1@10", "image_from_brain.median_rank@10").verdict());
      assertEquals(
          Verdict.BLOCK,
          of(two, "brain_from_image.top1@100", "brain_from_image.median_rank@100").verdict());
      assertEquals(
          Verdict.PASS,
          of(two, "image_from_brain.top5@100", "image_from_brain.median_rank@100").verdict());
      assertEquals(Verdict.BLOCK, of("image_from_brain.two_way_within_category@100").verdict());
      assertEquals(Verdict.PASS, of("image_from_brain.top5@100").verdict());
      assertTrue(of(two).decidedBy().contains("lacks image_from_brain.median_rank@100"));
    }

    @Test
    void ofCategoriesItAsksForTheAccuracy() {
      String two = "category_from_brain.two_way@8";
      assertEquals(Verdict.BLOCK, of(two).verdict());
      assertEquals(Verdict.BLOCK, of(two, "category_accuracy@4").verdict());
      assertEquals(Verdict.PASS, of(two, "category_accuracy@8").verdict());
      assertEquals(Verdict.PASS, of(two, "category_balanced_accuracy@8").verdict());
    }

    @Test
    void withoutScoresNothingIsSaid() {
      assertEquals(Verdict.NOT_JUDGED, of().verdict());
    }
  }

  @Test
  void aRowOutsideTheTableIsRefused() {
    Draft draft = new Draft();
    draft.fits = List.of(new FitRecord("scaler", "all", List.of(12), List.of(0)));
    assertThrows(IllegalArgumentException.class, draft::make);
  }

  @Test
  void comparingPicturesIsHeardOf() {
    List<String> stages = new ArrayList<>();
    Draft draft = new Draft();
    draft.progress =
        new Progress() {
          @Override
          public void begin(String name, long total) {
            stages.add(name + " " + total);
          }
        };
    draft.make();
    assertEquals(List.of("comparing pictures 0"), stages);
  }

  @Nested
  class MadeTest {
    @Test
    void whatWasNotMadeIsNotSpokenOf() {
      AuditCase nothing =
          new Draft().make().with(new AuditCase.Outcome(Optional.empty(), scores(Map.of(), 0.95)));
      for (Audit audit :
          List.of(new GeneratorPrior(), new NoCeiling(), new TargetFed(), new TestSelected())) {
        assertEquals(List.of(), audit.inspect(nothing));
        assertEquals(Optional.empty(), audit.conclude(List.of(nothing)));
      }
    }

    @Test
    void oneSubjectOfTwoIsEnoughForTheStudyButTheOtherIsNamed() {
      AuditCase good = new Draft().make();
      Draft poor = new Draft();
      poor.made =
          AuditFixtures.made(
              0.5, Condition.CEILING, Made.Input.DECODED_EMBEDDING, Made.Choice.FIRST);
      Audit audit = new GeneratorPrior();
      assertEquals(Verdict.WARN, only(audit, poor.make()).verdict());
      assertEquals(
          Verdict.PASS, audit.conclude(List.of(good, poor.make())).orElseThrow().verdict());
      assertEquals(
          Verdict.BLOCK, audit.conclude(List.of(poor.make(), poor.make())).orElseThrow().verdict());
    }

    @Test
    void noBetterThanTheCategoryAloneIsAWarning() {
      Draft draft = new Draft();
      draft.made =
          AuditFixtures.made(
              0.84, Condition.CEILING, Made.Input.DECODED_EMBEDDING, Made.Choice.FIRST);
      Finding finding = only(new GeneratorPrior(), draft.make());
      assertEquals(Verdict.WARN, finding.verdict());
      assertTrue(finding.decidedBy().contains("category only 0.85"), finding.decidedBy());
    }

    @Test
    void targetsInThePlaceOfDecodedEmbeddingsBlock() {
      Draft draft = new Draft();
      draft.decoded =
          Optional.of(embeddings(List.of("a", "b"), new float[][] {{9, 1, 0}, {9, 1.01f, 0}}));
      Finding finding = only(new TargetFed(), draft.make());
      assertEquals(Verdict.BLOCK, finding.verdict());
      assertTrue(finding.decidedBy().startsWith("1 decoded"), finding.decidedBy());
    }
  }
}
