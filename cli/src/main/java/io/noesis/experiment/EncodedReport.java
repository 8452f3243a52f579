package io.noesis.experiment;

import io.noesis.alignment.audit.Finding;
import io.noesis.alignment.score.Condition;
import io.noesis.alignment.score.Exchange;
import io.noesis.alignment.score.Resampling;
import io.noesis.alignment.score.Score;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.ingest.study.StudyCard;
import io.noesis.report.AuditLine;
import io.noesis.report.Report;
import io.noesis.report.Report.Level;
import io.noesis.report.Report.Line;
import io.noesis.report.Report.StudyPanel;
import io.noesis.report.Report.Verdict;
import io.noesis.run.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The page on what was made of new responses: scored against what was seen, where that was told and
 * no decoder learnt from it; else it says that no score is possible.
 */
final class EncodedReport {
  private static final double LEVEL = 0.05;

  private final EncodingFolder.Kept kept;

  EncodedReport(EncodingFolder.Kept kept) {
    this.kept = kept;
  }

  /** Why nothing can be scored; empty where it can. */
  static Optional<String> unscored(EncodingFolder.Kept kept) {
    if (EncodedSources.scores(kept)) {
      return Optional.empty();
    }
    return Optional.of(
        kept.seen()
            .map(
                seen ->
                    "not scored: of "
                        + seen.stimuli().size()
                        + " stimuli seen, the decoder was trained on "
                        + seen.trained().size()
                        + "; what it learnt from is no test, and it takes two others to tell apart")
            .orElse(EncodedMakes.UNSCORED));
  }

  /** Scores what is there, and writes {@code scores.tsv} where there are any. */
  Report build() {
    String subject = kept.training().subject();
    StimulusSet stimuli = stimuli();
    List<MadeScoring.Result> results;
    try (MadeScoring scoring = new MadeScoring(kept.made(), stimuli)) {
      results = scoring.of(subject, this::plan);
    }
    MadePanels panels =
        new MadePanels(
            stimuli, EvaluationSpec.defaults().gallery(), Seed.of(0).child("made gallery"));
    panels.add(subject, results);
    List<List<String>> rows = rows(subject, results);
    if (!rows.isEmpty()) {
      Tsv.write(kept.made().file("scores.tsv"), Evaluation.SCORE_COLUMNS, rows);
    }
    StudyCard card = kept.training().study();
    List<Line> provenance = new ArrayList<>();
    kept.provenance().entries().forEach((label, value) -> provenance.add(new Line(label, value)));
    Report report =
        new Report(
            Report.SCHEMA,
            "Captions and pictures of new responses",
            verdict(results),
            new StudyPanel(card.name(), card.title(), card.origin().name(), facts(card)),
            kept.seen().map(SeenStimuli::findings).orElse(List.of()).stream()
                .map(EncodedReport::line)
                .toList(),
            List.of(),
            List.of(),
            null,
            List.of(),
            provenance,
            methods());
    return panels.panel().map(panel -> report.with(panel, panels.sentences())).orElse(report);
  }

  private Resampling plan(String what) {
    EvaluationSpec usual = EvaluationSpec.defaults();
    return new Resampling(
        usual.permutations(),
        usual.bootstraps(),
        Exchange.ANY_UNIT,
        Seed.of(0).child("score").child(what).child("sub-" + kept.training().subject()));
  }

  /** What was seen; else each row under its own name. */
  private StimulusSet stimuli() {
    if (EncodedSources.scores(kept)) {
      return StimulusFile.read(kept.made());
    }
    return StimulusSet.of(
        IntStream.range(0, kept.sources().size())
            .mapToObj(
                row ->
                    new Stimulus(
                        EncodedSources.id(row),
                        "",
                        Optional.of("not known: " + kept.sources().get(row)),
                        Optional.empty(),
                        java.util.Map.of()))
            .toList());
  }

  private static List<List<String>> rows(String subject, List<MadeScoring.Result> results) {
    List<List<String>> rows = new ArrayList<>();
    for (MadeScoring.Result result : results) {
      for (Condition condition : Condition.values()) {
        for (Score score : result.scores().getOrDefault(condition, List.of())) {
          rows.add(
              Evaluation.row(
                  subject,
                  "new responses",
                  new Scoring.Entry(result.request().what() + ": " + condition.key(), score)));
        }
      }
    }
    return rows;
  }

  private static AuditLine line(Finding f) {
    return new AuditLine(
        f.code(),
        f.verdict().name(),
        f.subject(),
        f.decidedBy(),
        f.explanation() + (f.verdict() == Finding.Verdict.BLOCK ? " They are left out here." : ""),
        f.remedy(),
        false);
  }

  private Verdict verdict(List<MadeScoring.Result> results) {
    List<String> details = new ArrayList<>();
    if (kept.training().study().origin() == StudyCard.Origin.SIMULATED) {
      details.add("The responses are simulated: this says nothing about brains.");
    }
    Optional<String> why = unscored(kept);
    if (why.isPresent()) {
      details.add("It is " + why.get() + ".");
      return new Verdict(Level.CAUTION, "No score is possible", details);
    }
    kept.seen()
        .filter(seen -> !seen.trained().isEmpty())
        .ifPresent(
            seen ->
                details.add(
                    seen.trained().size()
                        + " of "
                        + seen.stimuli().size()
                        + " stimuli seen trained the decoder and are left out."));
    List<Score> primaries =
        results.stream()
            .flatMap(
                r ->
                    r.scores().getOrDefault(Condition.DECODED, List.of()).stream()
                        .filter(s -> s.metric().startsWith(r.primary() + "@")))
            .toList();
    if (primaries.isEmpty()) {
      return new Verdict(Level.CAUTION, "Nothing is scored: what was seen is not at hand", details);
    }
    boolean above = primaries.stream().allMatch(s -> s.aboveChance(LEVEL));
    return new Verdict(
        above ? Level.SUPPORTED : Level.NOT_SUPPORTED,
        above
            ? "What was made is nearer to what was seen than that of shuffled responses"
            : "What was made is not surely nearer to what was seen than that of shuffled responses",
        details);
  }

  private List<Line> facts(StudyCard card) {
    List<Line> facts = new ArrayList<>();
    facts.add(new Line("licence", card.licence().isEmpty() ? "not stated" : card.licence()));
    facts.add(new Line("target space", kept.space().toString()));
    facts.add(new Line("new responses", Encoding.count(kept.values().dim(0), "row")));
    facts.add(
        new Line(
            "what was seen",
            kept.seen()
                .map(
                    seen ->
                        Encoding.count(seen.stimuli().size(), "stimulus")
                            + ", of which "
                            + seen.heldOut().size()
                            + " are new to the decoder")
                .orElse("not told")));
    return facts;
  }

  private String methods() {
    return "Responses of subject "
        + kept.training().subject()
        + " that came after training were decoded into "
        + kept.space()
        + (EncodedSources.scores(kept)
            ? "; rows of one stimulus were averaged. Stimuli that a decoder learnt from, by its own"
                + " record of their pixels, were left out. Nulls are of the pairs of response and"
                + " stimulus exchanged at random."
            : ". Nothing was scored.");
  }
}
