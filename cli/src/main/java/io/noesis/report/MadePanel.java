package io.noesis.report;

import io.noesis.report.Report.Line;
import io.noesis.report.Report.Picture;
import java.util.List;

/**
 * Captions and pictures made from decoded embeddings, with everything that must stand beside.
 *
 * @param kinds how captions, how pictures were made
 * @param subjects one per subject that something was made for
 */
public record MadePanel(List<MadeKind> kinds, List<MadeSubject> subjects) {
  /**
   * How one kind of thing was made.
   *
   * @param what {@code captions} or {@code pictures}
   * @param facts model, seed, settings
   */
  public record MadeKind(String what, List<Line> facts) {
    /** The fact that says what a caption was to the pictures. */
    public static final String PROMPT = "prompt";
  }

  /**
   * What was made for one subject.
   *
   * @param subject label without {@code sub-}
   * @param scores one per metric
   * @param items stimuli at percentiles and drawn by the seed, never the best only
   */
  public record MadeSubject(String subject, List<MadeScore> scores, List<MadeItem> items) {}

  /**
   * One score of what was made from the brain, and what the same metric says of the rest.
   *
   * @param what {@code captions} or {@code pictures}
   * @param score of what was decoded from the brain; its null is that of shuffled brains
   * @param others of what was made from other things
   */
  public record MadeScore(String what, ScoreLine score, List<MadeValue> others) {}

  /**
   * What a metric says of one condition.
   *
   * @param condition {@code mean}, {@code category}, {@code noise}, {@code ceiling}, {@code
   *     nearest}
   * @param value the number
   * @param low lower end of its 95 % interval
   * @param high upper end of its 95 % interval
   */
  public record MadeValue(String condition, double value, double low, double high) {}

  /**
   * One stimulus with everything that was made for it.
   *
   * @param tag why it is shown: {@code best}, {@code middle}, {@code worst}, {@code random
   *     (seeded)}
   * @param seen what was shown, with its true caption
   * @param likeness of the decoded one to what was shown, by which the tag was found; NaN when not
   *     known
   * @param cells from the brain first
   */
  public record MadeItem(String tag, Picture seen, double likeness, List<MadeCell> cells) {}

  /**
   * What was made of one condition.
   *
   * @param condition its key
   * @param label a few words
   * @param source the stimulus that it comes from, where it is another; empty otherwise
   * @param file path of the picture relative to the report; empty when there is none
   * @param caption empty when there is none
   */
  public record MadeCell(
      String condition, String label, String source, String file, String caption) {}
}
