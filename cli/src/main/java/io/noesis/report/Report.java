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
 * @param ablation what was decoded without one region after another, where it was
 * @param slots what slots say, and the triples that they make, where there are any
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
    @Nullable AlsoPanel also,
    @Nullable AblationPanel ablation,
    @Nullable SlotsPanel slots) {
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
    return with(
        new Verdict(verdict.level(), verdict.headline(), details), panel, also, ablation, slots);
  }

  /** The same with further targets. */
  public Report with(AlsoPanel panel) {
    return with(verdict, made, panel, ablation, slots);
  }

  /** The same with what regions are worth. */
  public Report with(AblationPanel panel) {
    return with(verdict, made, also, panel, slots);
  }

  /** The same with what slots say. */
  public Report with(SlotsPanel panel) {
    return with(verdict, made, also, ablation, panel);
  }

  private Report with(
      Verdict words,
      @Nullable MadePanel ofMade,
      @Nullable AlsoPanel ofOthers,
      @Nullable AblationPanel ofRegions,
      @Nullable SlotsPanel ofSlots) {
    return new Report(
        schema,
        title,
        words,
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
        ofMade,
        ofOthers,
        ofRegions,
        ofSlots);
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
   * A stimulus as the page shows it.
   *
   * @param id stimulus id
   * @param caption its caption; may be empty
   * @param file path of its thumbnail, relative to the report; empty when there is no picture
   */
  public record Picture(String id, String caption, String file) {}
}
