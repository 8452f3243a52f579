package io.noesis.experiment;

import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.report.Report.Line;
import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.List;

/** Which of several captions targets were made of, for readers of a report. */
final class TargetCaptions {
  private TargetCaptions() {}

  /**
   * What a report says of it.
   *
   * @param recipe with its targets and those of heads
   * @param stimuli with their captions
   * @return lines for its data card; none where no stimulus has several captions, or no target is
   *     made of them
   */
  static List<Line> lines(DecodingRecipe recipe, StimulusSet stimuli) {
    List<Line> lines = new ArrayList<>();
    if (stimuli.all().stream().anyMatch(stimulus -> stimulus.captions().size() > 1)) {
      add(lines, "captions as targets", recipe.targets(), stimuli);
      recipe
          .encoder()
          .heads()
          .forEach((name, spec) -> add(lines, "captions as '" + name + "'", spec, stimuli));
    }
    return lines;
  }

  private static void add(List<Line> lines, String label, TargetsSpec spec, StimulusSet stimuli) {
    if (spec.ofCaptions()) {
      lines.add(new Line(label, spec.captionWords() + "; each has " + counts(stimuli)));
    }
  }

  private static String counts(StimulusSet stimuli) {
    IntSummaryStatistics counts =
        stimuli.all().stream().map(Stimulus::captions).mapToInt(List::size).summaryStatistics();
    return counts.getMin() == counts.getMax()
        ? Integer.toString(counts.getMax())
        : counts.getMin() + " to " + counts.getMax();
  }
}
