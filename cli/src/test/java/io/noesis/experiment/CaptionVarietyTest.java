package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.noesis.experiment.MadeTable.Row;
import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.report.Report.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CaptionVarietyTest {
  private static StimulusSet stimuli(String... categories) {
    List<Stimulus> all = new ArrayList<>();
    for (int i = 0; i < categories.length; i++) {
      all.add(
          new Stimulus(
              "s" + i, categories[i], Optional.of("true " + i), Optional.empty(), Map.of()));
    }
    return StimulusSet.of(all);
  }

  private static void rows(List<Row> into, String condition, String... captions) {
    for (int i = 0; i < captions.length; i++) {
      into.add(new Row("s" + i, condition, "s" + i, "", captions[i], "k" + condition + i));
    }
  }

  @Test
  void collapsedOutputsAndTheMajorityAreTold() {
    List<Row> rows = new ArrayList<>();
    rows(rows, "decoded", "a dog", "a dog", "a cat", "a dog");
    rows(rows, "noise", "a dog", "a cat", "a bus", "a man");
    rows(rows, "shown", "a", "b", "c", "c");
    List<Line> lines =
        CaptionVariety.lines(new MadeTable(rows), stimuli("dog", "cat", "dog", "dog"));
    assertEquals(
        List.of(
            new Line("different captions, decoded from the brain", "2 of 4; 3 times 'a dog'"),
            new Line("different captions, random embedding", "4 of 4"),
            new Line("different captions, true", "3 of 4; 2 times 'c'"),
            new Line("category named without looking", "always 'dog': right of 0.750")),
        lines);
  }

  @Test
  void withoutCategoriesNothingIsSaidOfThem() {
    List<Row> rows = new ArrayList<>();
    rows(rows, "decoded", "one", "x".repeat(70));
    List<Line> lines = CaptionVariety.lines(new MadeTable(rows), stimuli("", ""));
    assertEquals(List.of(new Line("different captions, decoded from the brain", "2 of 2")), lines);
  }
}
