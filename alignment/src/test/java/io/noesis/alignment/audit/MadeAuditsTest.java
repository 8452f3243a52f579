package io.noesis.alignment.audit;

import static io.noesis.alignment.audit.AuditFixtures.embeddings;
import static io.noesis.alignment.audit.AuditFixtures.only;
import static io.noesis.alignment.audit.AuditFixtures.scores;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.audit.AuditFixtures.Draft;
import io.noesis.alignment.audit.Finding.Verdict;
import io.noesis.alignment.score.Condition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MadeAuditsTest {
  @Test
  void whatWasNotMadeIsNotSpokenOf() {
    AuditCase nothing =
        new Draft()
            .make()
            .with(
                new AuditCase.Outcome(
                    Optional.empty(), scores(Map.of(), 0.95), List.of(), Optional.empty()));
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
        AuditFixtures.made(0.5, Condition.CEILING, Made.Input.DECODED_EMBEDDING, Made.Choice.FIRST);
    Audit audit = new GeneratorPrior();
    assertEquals(Verdict.WARN, only(audit, poor.make()).verdict());
    assertEquals(Verdict.PASS, audit.conclude(List.of(good, poor.make())).orElseThrow().verdict());
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
