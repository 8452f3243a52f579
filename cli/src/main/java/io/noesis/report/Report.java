package io.noesis.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.noesis.run.Check;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything a report says, in the order in which the page shows it. {@code report.json} is this
 * value as JSON; the HTML page is rendered from that file alone.
 *
 * @param schema {@value #SCHEMA}
 * @param title one line
 * @param verdict the result in words
 * @param study what was recorded
 * @param audits what the audits found
 * @param group scores over all subjects; empty with fewer than two
 * @param subjects one panel per subject
 * @param geometry representational similarity, where the experiment measured it
 * @param warnings what the reader must be told, in sentences
 * @param provenance label and value of everything needed to run it again
 * @param methods a text to paste into a methods section
 * @param learning how networks learned, where there are any
 * @param ridge ridge beside another decoder, where one decoded
 * @param made captions and pictures made from what was decoded, where there are any
 * @param also further targets that were decoded of the same responses, where there are any
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Report(
    String schema,
    String title,
    Verdict verdict,
    StudyPanel study,
    List<AuditLine> audits,
    List<ScoreLine> group,
    List<SubjectPanel> subjects,
    @Nullable GeometryPanel geometry,
    List<String> warnings,
    List<Line> provenance,
    String methods,
    @Nullable LearningPanel learning,
    @Nullable RidgePanel ridge,
    @Nullable MadePanel made,
    @Nullable AlsoPanel also) {
  /** The version of this layout; a change of meaning changes it. */
  public static final String SCHEMA = "noesis-report-1";

  /** A report on what does not learn step by step. */
  public Report(
      String schema,
      String title,
      Verdict verdict,
      StudyPanel study,
      List<AuditLine> audits,
      List<ScoreLine> group,
      List<SubjectPanel> subjects,
      @Nullable GeometryPanel geometry,
      List<String> warnings,
      List<Line> provenance,
      String methods) {
    this(
        schema,
        title,
        verdict,
        study,
        audits,
        group,
        subjects,
        geometry,
        warnings,
        provenance,
        methods,
        null,
        null,
        null,
        null);
  }

  /**
   * The same with what was made from decoded embeddings.
   *
   * @param panel captions and pictures
   * @param sentences what the verdict says of them
   * @return a new report
   */
  public Report with(MadePanel panel, List<String> sentences) {
    List<String> details = new java.util.ArrayList<>(verdict.details());
    details.addAll(sentences);
    return new Report(
        schema,
        title,
        new Verdict(verdict.level(), verdict.headline(), details),
        study,
        audits,
        group,
        subjects,
        geometry,
        warnings,
        provenance,
        methods,
        learning,
        ridge,
        panel,
        also);
  }

  /**
   * The same with further targets.
   *
   * @param panel what was decoded of them
   * @return a new report
   */
  public Report with(AlsoPanel panel) {
    return new Report(
        schema,
        title,
        verdict,
        study,
        audits,
        group,
        subjects,
        geometry,
        warnings,
        provenance,
        methods,
        learning,
        ridge,
        made,
        panel);
  }

  /**
   * Whether a trained decoder is reported on: a report that only compares geometries, or only shows
   * what was made of new responses, has no subjects' panels, so that split, retrieval and the like
   * have no place in it.
   */
  boolean decodes() {
    return (geometry == null && made == null) || !subjects.isEmpty() || !group.isEmpty();
  }

  /** How the result is to be taken. */
  public enum Level {
    /** Above chance, nothing found against it. */
    SUPPORTED,
    /** Something must be kept in mind. */
    CAUTION,
    /** Not above chance, or an audit blocks it. */
    NOT_SUPPORTED
  }

  /**
   * The result in words.
   *
   * @param level how it is to be taken
   * @param headline one sentence
   * @param details further sentences
   */
  public record Verdict(Level level, String headline, List<String> details) {}

  /**
   * A label and its value.
   *
   * @param label what
   * @param value the value in words
   */
  public record Line(String label, String value) {}

  /**
   * What was recorded.
   *
   * @param name short name
   * @param title one line
   * @param origin {@code SIMULATED} or {@code RECORDED}; the page says SIMULATED loudly
   * @param facts licence, citation, layout, target space, ...
   */
  public record StudyPanel(String name, String title, String origin, List<Line> facts) {
    private static final Set<String> ORIGINS = Set.of("SIMULATED", "RECORDED");

    /** Refuses an unknown origin. */
    public StudyPanel {
      Check.argument(
          ORIGINS.contains(origin),
          "the origin of a study is one of %s, not '%s'",
          ORIGINS,
          origin);
    }

    /** Whether no brain was recorded. */
    public boolean simulated() {
      return "SIMULATED".equals(origin);
    }
  }

  /**
   * One finding.
   *
   * @param code stable code
   * @param verdict {@code PASS}, {@code WARN}, {@code BLOCK} or {@code NOT_JUDGED}
   * @param subject the subject, empty for the whole study
   * @param decidedBy the number that decided
   * @param explanation what it means
   * @param remedy what to do
   * @param allowed whether a BLOCK was let through by {@code --allow}
   */
  public record AuditLine(
      String code,
      String verdict,
      String subject,
      String decidedBy,
      String explanation,
      String remedy,
      boolean allowed) {
    /** The verdicts in the order in which the page shows them. */
    static final List<String> VERDICTS = List.of("BLOCK", "WARN", "NOT_JUDGED", "PASS");

    /** Refuses an unknown verdict. */
    public AuditLine {
      Check.argument(
          VERDICTS.contains(verdict),
          "the verdict of audit %s is one of %s, not '%s'",
          code,
          VERDICTS,
          verdict);
    }
  }

  /**
   * One score with what is needed to judge it.
   *
   * @param metric stable name with the pool size in it
   * @param label the name in words
   * @param headline whether it belongs into the short table
   * @param value the number
   * @param low lower end of the 95 % interval
   * @param high upper end of the 95 % interval
   * @param chance expected without signal
   * @param nullLow lower end of the 95 % permutation band
   * @param nullHigh upper end of that band
   * @param p permutation p
   * @param n how many units
   * @param unit what was resampled
   * @param direction {@code HIGHER} or {@code LOWER} is better
   * @param ceiling the best that noise allows, where known
   * @param protocol what two labs must share to compare
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ScoreLine(
      String metric,
      String label,
      boolean headline,
      double value,
      double low,
      double high,
      double chance,
      double nullLow,
      double nullHigh,
      double p,
      int n,
      String unit,
      String direction,
      @Nullable Double ceiling,
      String protocol) {
    /** The level below which a permutation p counts. */
    static final double LEVEL = 0.05;

    private static final Set<String> DIRECTIONS = Set.of("HIGHER", "LOWER");

    /** Refuses an unknown direction. */
    public ScoreLine {
      Check.argument(
          DIRECTIONS.contains(direction),
          "the direction of score %s is one of %s, not '%s'",
          metric,
          DIRECTIONS,
          direction);
    }

    /**
     * Where the value stands against its own null: better when it lies outside the band on the
     * better side and p is below 0.05.
     *
     * @return {@link Standing#NOT_JUDGED} when value, band or p is missing
     */
    public Standing standing() {
      if (Double.isNaN(value + nullLow + nullHigh + p)) {
        return Standing.NOT_JUDGED;
      }
      boolean higher = "HIGHER".equals(direction);
      if (higher ? value > nullHigh : value < nullLow) {
        return p < LEVEL ? Standing.BETTER : Standing.AT_CHANCE;
      }
      return (higher ? value < nullLow : value > nullHigh) ? Standing.WORSE : Standing.AT_CHANCE;
    }
  }

  /** Where a score stands against its null. */
  public enum Standing {
    /** Outside the null band on the better side, with p below 0.05. */
    BETTER("better than chance"),
    /** Inside the null band, or not certain enough. */
    AT_CHANCE("at chance"),
    /** Outside the null band on the worse side: suspicious. */
    WORSE("worse than chance"),
    /** There is no null to compare with. */
    NOT_JUDGED("no null to compare");

    private final String words;

    Standing(String words) {
      this.words = words;
    }

    /** The standing in words. */
    public String words() {
      return words;
    }
  }

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
      List<GalleryItem> gallery) {}

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
   * A stimulus as the page shows it.
   *
   * @param id stimulus id
   * @param caption its caption; may be empty
   * @param file path of its thumbnail, relative to the report; empty when there is no picture
   */
  public record Picture(String id, String caption, String file) {}

  /**
   * One retrieved candidate.
   *
   * @param picture the candidate
   * @param similarity cosine with the decoded embedding
   * @param match {@code same} stimulus, same {@code category}, or {@code other}
   */
  public record Retrieved(Picture picture, double similarity, String match) {}

  /**
   * Representational similarity of models to measured dissimilarities.
   *
   * @param comparison how two matrices are compared: {@code spearman}
   * @param ceilingLow lower bound of the noise ceiling
   * @param ceilingHigh upper bound of the noise ceiling
   * @param subjects who was measured
   * @param facts conditions, ...
   * @param models one line per model, best first
   */
  public record GeometryPanel(
      String comparison,
      double ceilingLow,
      double ceilingHigh,
      List<String> subjects,
      List<Line> facts,
      List<GeometryLine> models) {}

  /**
   * One model's similarity to the measured geometry.
   *
   * @param model its name
   * @param score mean over subjects with interval over conditions, chance and null
   * @param perSubject the value of each subject, in the order of the panel's {@code subjects}
   */
  public record GeometryLine(String model, ScoreLine score, List<Double> perSubject) {}

  /**
   * How networks learned.
   *
   * @param networks one per network
   * @param newSubjects what was reached with more and more trials of subjects that a trained
   *     network was adapted to
   */
  public record LearningPanel(List<TrainingCurve> networks, List<NewSubject> newSubjects) {}

  /**
   * The losses of one network.
   *
   * @param network which: {@code subject 01, fold 1}
   * @param epochs in their order
   */
  public record TrainingCurve(String network, List<EpochLine> epochs) {}

  /**
   * One epoch.
   *
   * @param epoch from 1
   * @param loss of training rows, mean over its batches
   * @param validation loss of validation rows; NaN without such rows
   */
  public record EpochLine(int epoch, double loss, double validation) {}

  /**
   * The learning curve of one subject.
   *
   * @param subject label without {@code sub-}
   * @param points by model and number of trials
   */
  public record NewSubject(String subject, List<LearningLine> points) {}

  /**
   * One model after so many trials of the new subject.
   *
   * @param model {@code adapted}, {@code scratch} or {@code ridge}
   * @param trials how many training trials it saw of the subject
   * @param score one of its headline scores
   */
  public record LearningLine(String model, int trials, ScoreLine score) {}

  /**
   * Ridge beside another decoder: fitted on the same training trials, prepared alike, and applied
   * to the same test trials.
   *
   * @param group scores of ridge over all subjects; empty where the decoder has none
   * @param subjects one per subject with a result
   */
  public record RidgePanel(List<ScoreLine> group, List<RidgeSubject> subjects) {}

  /**
   * One subject's decoder against ridge.
   *
   * @param subject label without {@code sub-}
   * @param standing what it comes to
   * @param verdict the same in a sentence
   * @param facts what was chosen while ridge was fitted
   * @param scores all scores of ridge
   * @param contrasts the decoder's headline scores minus those of ridge
   */
  public record RidgeSubject(
      String subject,
      Beside standing,
      String verdict,
      List<Line> facts,
      List<ScoreLine> scores,
      List<ContrastLine> contrasts) {}

  /**
   * The decoder's score minus that of ridge, of the same rows.
   *
   * @param metric stable name with the pool size in it
   * @param label the name in words
   * @param value the difference
   * @param low lower end of its 95 % interval
   * @param high upper end of that interval
   * @param p two-sided p of exchanging which of the two decoded a unit
   * @param n how many units
   * @param unit what was exchanged and resampled
   * @param direction {@code HIGHER} or {@code LOWER} scores are better
   * @param protocol how it was drawn
   */
  public record ContrastLine(
      String metric,
      String label,
      double value,
      double low,
      double high,
      double p,
      int n,
      String unit,
      String direction,
      String protocol) {
    /** Where the decoder stands against ridge by this score alone. */
    public Beside standing() {
      if (!(p < ScoreLine.LEVEL) || value == 0) {
        return Beside.EVEN;
      }
      return value > 0 == "HIGHER".equals(direction) ? Beside.BETTER : Beside.BELOW;
    }
  }

  /**
   * Further targets that were decoded of the same responses, each in a run of its own.
   *
   * @param targets one per target
   */
  public record AlsoPanel(List<AlsoTarget> targets) {}

  /**
   * One further target.
   *
   * @param name its name in the recipe
   * @param verdict its own result in words
   * @param facts target space, encoder, ...
   * @param scores headline scores of all subjects and of each
   * @param page of its own report, relative to this one; empty where nothing was decoded
   */
  public record AlsoTarget(
      String name, Verdict verdict, List<Line> facts, List<AlsoScore> scores, String page) {}

  /**
   * A score of a further target.
   *
   * @param who subject label, or all subjects
   * @param score the score
   */
  public record AlsoScore(String who, ScoreLine score) {}

  /** Where a decoder stands against ridge. */
  public enum Beside {
    /** Better, with p below 0.05. */
    BETTER("better than ridge"),
    /** No difference that is certain enough. */
    EVEN("no difference seen"),
    /** Worse, with p below 0.05. */
    BELOW("below ridge"),
    /** Ridge could not be fitted. */
    MISSING("ridge was not fitted");

    private final String words;

    Beside(String words) {
      this.words = words;
    }

    /** The standing in words. */
    public String words() {
      return words;
    }
  }

  /**
   * Captions and pictures made from decoded embeddings, with everything that must stand beside.
   *
   * @param kinds how captions, how pictures were made
   * @param subjects one per subject that something was made for
   */
  public record MadePanel(List<MadeKind> kinds, List<MadeSubject> subjects) {}

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
