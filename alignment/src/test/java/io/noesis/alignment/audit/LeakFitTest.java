package io.noesis.alignment.audit;

import static io.noesis.alignment.audit.AuditFixtures.only;
import static io.noesis.alignment.audit.AuditFixtures.rows;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.audit.AuditFixtures.Draft;
import io.noesis.alignment.audit.Finding.Verdict;
import io.noesis.ingest.study.FitRecord;
import io.noesis.ingest.study.Split.Part;
import java.util.List;
import org.junit.jupiter.api.Test;

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
