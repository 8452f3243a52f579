package io.noesis.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.noesis.report.Report.Line;
import io.noesis.report.Report.Picture;
import io.noesis.run.Check;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One subject.
 *
 * @param id label without {@code sub-}
 * @param failure why this subject has no result; then the rest is empty
 * @param facts the data card
 * @param split where train and test trials lie
 * @param scores all scores
 * @param curve accuracy against pool size
 * @param confusion by category
 * @param gallery seen pictures and what was retrieved
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SubjectPanel(
    String id,
    @Nullable String failure,
    List<Line> facts,
    @Nullable SplitMap split,
    List<ScoreLine> scores,
    @Nullable Curve curve,
    @Nullable Confusion confusion,
    List<GalleryItem> gallery) {
  /**
   * Where train and test trials lie.
   *
   * @param name the split's name
   * @param hash its SHA-256
   * @param folds how many folds
   * @param facts counts: train and test trials, shared stimuli
   * @param runs one strip per recording, of the first fold
   */
  public record SplitMap(
      String name, String hash, int folds, List<Line> facts, List<RunStrip> runs) {}

  /**
   * The trials of one recording in order.
   *
   * @param run its label
   * @param parts one letter per trial: {@code T} train, {@code V} validation, {@code E} test
   *     (evaluated), {@code -} unused
   */
  public record RunStrip(String run, String parts) {
    /** Refuses letters that stand for nothing. */
    public RunStrip {
      Check.argument(
          parts.matches("[TVE-]*"),
          "the trials of run %s are written with T, V, E and -, not '%s'",
          run,
          parts);
    }
  }

  /**
   * Retrieval accuracy against pool size.
   *
   * @param points in order of pool size
   */
  public record Curve(List<CurvePoint> points) {}

  /**
   * One pool size.
   *
   * @param pool how many candidates
   * @param top1 expected top-1 accuracy over random pools of that size
   * @param top1Low lower end of its 95 % interval
   * @param top1High upper end of its 95 % interval
   * @param top5 expected top-5 accuracy; 1 when the pool has at most five
   * @param chanceTop1 1 / pool
   * @param chanceLow lower end of the 95 % chance band of top-1
   * @param chanceHigh upper end of the 95 % chance band of top-1
   * @param chanceTop5 min(1, 5 / pool)
   */
  public record CurvePoint(
      int pool,
      double top1,
      double top1Low,
      double top1High,
      double top5,
      double chanceTop1,
      double chanceLow,
      double chanceHigh,
      double chanceTop5) {}

  /**
   * Which category was decoded for which was shown.
   *
   * @param labels the categories
   * @param counts {@code [shown][decoded]}
   */
  public record Confusion(List<String> labels, List<List<Integer>> counts) {
    /** Refuses counts that are not {@code [labels, labels]}. */
    public Confusion {
      int n = labels.size();
      Check.size("rows of a confusion table", n, counts.size());
      counts.forEach(row -> Check.size("columns of a confusion table", n, row.size()));
    }
  }

  /**
   * One decoded stimulus.
   *
   * @param tag why it is shown: {@code best 10 %}, {@code median}, {@code worst 10 %}, {@code
   *     random (seeded)}
   * @param seen what was shown
   * @param rank where the true one came, 1 is first
   * @param pool of how many
   * @param retrieved the best candidates in order
   */
  public record GalleryItem(
      String tag, Picture seen, int rank, int pool, List<Retrieved> retrieved) {}

  /**
   * One retrieved candidate.
   *
   * @param picture the candidate
   * @param similarity cosine with the decoded embedding
   * @param match {@code same} stimulus, same {@code category}, or {@code other}
   */
  public record Retrieved(Picture picture, double similarity, String match) {}
}
