package io.noesis.experiment;

import io.noesis.ingest.study.SubjectResponses;
import io.noesis.report.AlsoPanel;
import io.noesis.report.AlsoPanel.AlsoScore;
import io.noesis.report.AlsoPanel.AlsoTarget;
import io.noesis.report.Report;
import io.noesis.report.Report.Line;
import io.noesis.report.ReportPage;
import io.noesis.report.ScoreLine;
import io.noesis.report.SubjectPanel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Evaluates the runs of further targets, each with its own page, and says in short what came. */
final class AlsoPanels {
  private final RunFolder run;
  private final Execution execution;

  AlsoPanels(RunFolder run, Execution execution) {
    this.run = run;
    this.execution = execution;
  }

  /** The panel; nothing for a run of one target. */
  Optional<AlsoPanel> panel() {
    List<AlsoTarget> targets = new ArrayList<>();
    for (Map.Entry<String, RunFolder> one : AlsoRuns.of(run).entrySet()) {
      targets.add(target(one.getKey(), one.getValue()));
    }
    return targets.isEmpty() ? Optional.empty() : Optional.of(new AlsoPanel(targets));
  }

  private AlsoTarget target(String name, RunFolder of) {
    boolean trained =
        of.subjects().stream()
            .anyMatch(s -> of.finished(Decoded.folder(s) + "/training", of.identity()));
    if (!trained) {
      return new AlsoTarget(
          name,
          new Report.Verdict(
              Report.Level.NOT_SUPPORTED,
              "Nothing was decoded, its training did not end; run again to continue it",
              List.of()),
          List.of(),
          List.of(),
          "");
    }
    Evaluation evaluation =
        new Evaluation(of, AlsoRuns.execution(execution.withOut(run.path()), name));
    Report report = evaluation.evaluate();
    ReportPage.render(of.file(Evaluation.REPORT), ReportPage.Form.FOLDER);
    List<AlsoScore> scores = new ArrayList<>();
    report.group().stream()
        .filter(ScoreLine::headline)
        .forEach(score -> scores.add(new AlsoScore("all subjects", score)));
    for (SubjectPanel subject : report.subjects()) {
      subject.scores().stream()
          .filter(ScoreLine::headline)
          .forEach(score -> scores.add(new AlsoScore(subject.id(), score)));
    }
    List<Line> facts =
        new ArrayList<>(
            report.study().facts().stream()
                .filter(
                    fact -> List.of("target space", "encoder", "trained on").contains(fact.label()))
                .toList());
    report
        .subjects()
        .forEach(
            subject ->
                subject.facts().stream()
                    .filter(fact -> fact.label().equals(SubjectResponses.DECODED_FROM))
                    .map(f -> new Line(f.label() + ", subject " + subject.id(), f.value()))
                    .forEach(facts::add));
    return new AlsoTarget(
        name, report.verdict(), facts, scores, AlsoRuns.folder(name) + "/report.html");
  }
}
