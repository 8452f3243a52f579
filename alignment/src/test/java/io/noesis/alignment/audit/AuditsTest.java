package io.noesis.alignment.audit;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.audit.AuditFixtures.Draft;
import io.noesis.alignment.audit.AuditFixtures.Pair;
import io.noesis.alignment.audit.Finding.Verdict;
import io.noesis.ingest.study.FitRecord;
import io.noesis.run.AuditException;
import io.noesis.run.ExitCode;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.run.Registry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

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
    List<Finding> tripping =
        tripped.findings().stream().filter(f -> f.verdict() == pair.verdict()).toList();
    assertFalse(tripping.isEmpty(), entry.name() + " did not trip: " + tripped.findings());
    for (Finding finding : tripping) {
      assertEquals(entry.name(), finding.code(), "another audit tripped on the case of this one");
      assertFalse(finding.decidedBy().isBlank());
      assertFalse(finding.explanation().isBlank());
      assertFalse(finding.remedy().isBlank());
    }
    if (pair.verdict() == Verdict.BLOCK) {
      stops(entry.name(), pair, tripping.get(0));
    } else {
      assertEquals(List.of(), tripped.blocking());
    }

    AuditPanel clean = AuditPanel.inspect(audit.phase(), List.of(pair.clean()), Set.of());
    for (Finding finding : clean.findings()) {
      assertEquals(Verdict.PASS, finding.verdict(), finding.toString());
    }
    assertFalse(clean.findings().stream().anyMatch(clean::letThrough));
  }

  private static void stops(String code, Pair pair, Finding blocking) {
    Audit audit = Audits.registry().get(code);
    AuditPanel tripped = AuditPanel.inspect(audit.phase(), List.of(pair.tripping()), Set.of());
    AuditException stopped =
        assertThrows(AuditException.class, () -> tripped.requireNoBlock("checking the fixture"));
    assertEquals(ExitCode.AUDIT, stopped.exitCode());
    assertTrue(stopped.getMessage().contains("--allow " + code), stopped.getMessage());
    assertTrue(stopped.getMessage().contains(blocking.remedy()), stopped.getMessage());

    AuditPanel allowed = AuditPanel.inspect(audit.phase(), List.of(pair.tripping()), Set.of(code));
    assertDoesNotThrow(() -> allowed.requireNoBlock("checking the fixture"));
    assertTrue(allowed.findings().stream().anyMatch(allowed::letThrough));
    assertEquals(tripped.findings(), allowed.findings());
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
}
