package io.noesis.alignment.audit;

import static io.noesis.alignment.audit.AuditFixtures.only;
import static io.noesis.alignment.audit.AuditFixtures.scores;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.audit.AuditFixtures.Draft;
import io.noesis.alignment.audit.Finding.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TransductiveTest {
  private static Finding of(Optional<Alone> alone) {
    Draft draft = new Draft();
    draft.alone = alone;
    return only(new Transductive(), draft.make());
  }

  @Test
  void bothPrimaryNumbersAreTold() {
    Finding warned = of(Optional.of(new Alone(4, 0.3, scores(Map.of(), 0.8))));
    assertEquals(Verdict.WARN, warned.verdict());
    assertEquals(
        "image_from_brain.two_way@4 0.950 (p 0.00100) among the test trials,"
            + " image_from_brain.two_way@4 0.800 (p 0.500) each alone: 4 test trials decoded alone and"
            + " among the others differ by up to 3.0e-01 of the largest number",
        warned.decidedBy());
  }

  @Test
  void roundingIsNoDifferenceAndWhatIsNoNumberIsOne() {
    assertEquals(Verdict.PASS, of(Optional.of(new Alone(4, 9e-5, List.of()))).verdict());
    assertEquals(Verdict.WARN, of(Optional.of(new Alone(4, 1.1e-4, List.of()))).verdict());
    assertEquals(Verdict.WARN, of(Optional.of(new Alone(4, Double.NaN, List.of()))).verdict());
    assertTrue(Alone.same(0));
    assertFalse(Alone.same(Double.NaN));
  }

  @Test
  void whatNobodyComparedIsNotJudged() {
    Finding unknown = of(Optional.empty());
    assertEquals(Verdict.NOT_JUDGED, unknown.verdict());
    assertTrue(unknown.remedy().contains("Train it again"), unknown.remedy());
    assertThrows(IllegalArgumentException.class, () -> new Alone(0, 0, List.of()));
  }
}
