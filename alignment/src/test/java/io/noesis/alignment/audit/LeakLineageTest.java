package io.noesis.alignment.audit;

import static io.noesis.alignment.audit.AuditFixtures.only;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.audit.AuditFixtures.Draft;
import io.noesis.alignment.audit.Finding.Verdict;
import io.noesis.alignment.train.Lineage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

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
    Lineage old = Lineage.of("old", List.of("study/03"), List.of(clean.twins().fingerprint("s9")));
    Lineage parent =
        Lineage.of("new", List.of("study/02"), List.of(clean.twins().fingerprint("s0")))
            .startedFrom(old);
    Background background = new Background(List.of(), "study/01", List.of(parent));
    Finding finding = only(audit, clean.with(background));
    assertEquals(Verdict.BLOCK, finding.verdict());
    assertTrue(finding.decidedBy().startsWith("1 test stimuli"), finding.decidedBy());
  }

  @Test
  void weightsOfWhichNobodySaysWhatTheySawAreAWarning() {
    Background background =
        new Background(List.of(), "study/01", List.of(), Optional.of("base.safetensors"));
    Finding finding = only(audit, new Draft().make().with(background));
    assertEquals(Verdict.WARN, finding.verdict());
    assertTrue(finding.decidedBy().contains("base.safetensors"), finding.decidedBy());
  }

  @Test
  void withoutAParentThereIsNothingToSee() {
    assertEquals("no parent", only(audit, new Draft().make()).decidedBy());
  }
}
