package io.noesis.alignment.audit;

import static io.noesis.alignment.audit.AuditFixtures.only;
import static io.noesis.alignment.audit.AuditFixtures.score;
import static io.noesis.alignment.audit.AuditFixtures.scores;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.audit.AuditFixtures.Draft;
import io.noesis.alignment.audit.Finding.Verdict;
import io.noesis.alignment.score.Score;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

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
