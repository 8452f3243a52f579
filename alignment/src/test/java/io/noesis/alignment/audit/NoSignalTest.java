package io.noesis.alignment.audit;

import static io.noesis.alignment.audit.AuditFixtures.embeddings;
import static io.noesis.alignment.audit.AuditFixtures.only;
import static io.noesis.alignment.audit.AuditFixtures.score;
import static io.noesis.alignment.audit.AuditFixtures.scores;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.audit.AuditFixtures.Draft;
import io.noesis.alignment.audit.Finding.Verdict;
import io.noesis.alignment.score.Score;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

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
                List.of("a", "b", "c"), new float[][] {{1, 2, 3}, {1, 2, 3}, {1, 2, 3.0000002f}}));
    Finding finding = only(audit, draft.make());
    assertEquals(Verdict.WARN, finding.verdict());
    assertTrue(finding.decidedBy().contains("all 3 decoded embeddings are equal"));
    draft.decoded =
        Optional.of(embeddings(List.of("a", "b"), new float[][] {{1, 2, 3}, {1, 2, 3.1f}}));
    assertEquals(Verdict.PASS, only(audit, draft.make()).verdict());
  }
}
