package io.noesis.alignment.audit;

import static io.noesis.alignment.audit.AuditFixtures.only;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.audit.AuditFixtures.Draft;
import io.noesis.alignment.audit.Finding.Verdict;
import io.noesis.ingest.study.ResponseKind;
import io.noesis.ingest.study.Split.Part;
import org.junit.jupiter.api.Test;

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
