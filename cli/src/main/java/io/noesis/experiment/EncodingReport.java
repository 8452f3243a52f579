package io.noesis.experiment;

import io.noesis.alignment.audit.Finding;
import io.noesis.alignment.encoding.MeanCorrelation;
import io.noesis.ingest.study.StudyCard;
import io.noesis.report.AuditLine;
import io.noesis.report.Report;
import io.noesis.report.Report.Level;
import io.noesis.report.Report.Line;
import io.noesis.report.Report.StudyPanel;
import io.noesis.report.Report.Verdict;
import io.noesis.report.ScoreLine;
import io.noesis.report.SubjectPanel;
import io.noesis.run.Provenance;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The report of an encoding model, and what it comes to in words. */
final class EncodingReport {
  private static final double LEVEL = 0.05;

  /** Below so many percent of signal a voxel has nothing to predict. */
  private static final double LEAST_CEILING = 1;

  private final EncodingRecipe recipe;
  private final Set<String> allowed;

  EncodingReport(EncodingRecipe recipe, Set<String> allowed) {
    this.recipe = recipe;
    this.allowed = allowed;
  }

  Report build(
      OpenedStudy opened,
      List<EncodedSubject> subjects,
      List<Finding> findings,
      Provenance provenance) {
    StudyCard card = opened.study().card();
    List<Line> lines = new ArrayList<>();
    provenance.entries().forEach((label, value) -> lines.add(new Line(label, value)));
    List<SubjectPanel> panels = subjects.stream().map(this::panel).toList();
    return new Report(
        Report.SCHEMA,
        recipe.title(),
        verdict(card, subjects),
        study(opened, card),
        findings.stream().map(this::audit).toList(),
        List.of(),
        panels,
        null,
        List.of(),
        lines,
        methods(card));
  }

  private AuditLine audit(Finding f) {
    boolean let = f.verdict() == Finding.Verdict.BLOCK && allowed.contains(f.code());
    return new AuditLine(
        f.code(), f.verdict().name(), f.subject(), f.decidedBy(), f.explanation(), f.remedy(), let);
  }

  private StudyPanel study(OpenedStudy opened, StudyCard card) {
    List<Line> facts = new ArrayList<>();
    facts.add(new Line("layout", card.layout()));
    facts.add(new Line("licence", card.licence().isEmpty() ? "not stated" : card.licence()));
    if (!card.citation().isEmpty()) {
      facts.add(new Line("cite", card.citation()));
    }
    facts.add(new Line("direction", "from features of stimuli to responses"));
    facts.add(new Line("feature spaces", String.join(", ", recipe.features().keySet())));
    facts.add(new Line("predicted by", recipe.model().method().words()));
    facts.add(new Line("split rule", recipe.split().rule()));
    facts.addAll(ReportBuilder.baselines(opened.manifest()));
    return new StudyPanel(card.name(), card.title(), card.origin().name(), facts);
  }

  private SubjectPanel panel(EncodedSubject s) {
    double share = recipe.evaluation().falseDiscovery();
    List<Line> facts = new ArrayList<>();
    s.subject().notes().forEach(note -> facts.add(new Line(note.label(), note.value())));
    facts.add(
        new Line(
            "voxels predicted",
            String.format(
                Locale.ROOT,
                "%d of %d at a share of false discoveries of %s; median r of these %.3f",
                s.predicted(share),
                s.voxels(),
                share,
                s.medianOfPredicted(share))));
    facts.add(
        new Line(
            "voxels above the best by chance",
            String.format(
                Locale.ROOT,
                "%d have an r above %.3f, which the best of all voxels exceeds in 5 %% of"
                    + " exchanges",
                s.scores().significantVoxels(),
                s.scores().threshold())));
    facts.add(new Line("mean R²", number(mean(s.scores().r2().array()))));
    s.ceiling().ifPresent(c -> facts.add(ceiling(s, c)));
    s.parts().ifPresent(parts -> facts.addAll(parts(s, parts)));
    facts.add(new Line("maps", "voxels.tsv, and *_stat-*.nii.gz where voxels lie on a grid"));
    return new SubjectPanel(
        s.subject().subject(),
        null,
        facts,
        SubjectPanels.split(s.subject().trials(), s.folds()),
        List.of(line(s.mean(), s)),
        null,
        null,
        List.of());
  }

  private static Line ceiling(EncodedSubject s, io.noesis.tensor.Tensor ceiling) {
    float[] normalised = s.scores().normalisedCorrelation(ceiling, LEAST_CEILING).array();
    double sum = 0;
    int count = 0;
    for (float value : normalised) {
      if (Float.isFinite(value)) {
        sum += value;
        count++;
      }
    }
    return new Line(
        "noise ceiling",
        String.format(
            Locale.ROOT,
            "mean %.1f %% of the variance; mean r over what it allows %.3f (%d voxels with at least"
                + " %.0f %%)",
            mean(ceiling.array()),
            count == 0 ? Double.NaN : sum / count,
            count,
            LEAST_CEILING));
  }

  private static List<Line> parts(EncodedSubject s, io.noesis.tensor.Tensor parts) {
    List<Line> lines = new ArrayList<>();
    for (int space = 0; space < s.spaces().size(); space++) {
      double sum = 0;
      for (int v = 0; v < s.voxels(); v++) {
        sum += parts.array()[space * s.voxels() + v];
      }
      lines.add(new Line("R² of " + s.spaces().get(space), "mean " + number(sum / s.voxels())));
    }
    return lines;
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static ScoreLine line(MeanCorrelation mean, EncodedSubject s) {
    return new ScoreLine(
        "encoding_correlation",
        "Mean correlation of predicted and measured voxels",
        true,
        mean.value(),
        mean.low(),
        mean.high(),
        mean.chance(),
        mean.nullLow(),
        mean.nullHigh(),
        mean.p(),
        s.scores().stimuli(),
        "stimulus",
        "HIGHER",
        null,
        "Pearson's r over test rows, mean over all voxels; stimuli exchanged");
  }

  private Verdict verdict(StudyCard card, List<EncodedSubject> subjects) {
    long above =
        subjects.stream()
            .filter(s -> s.mean().value() > s.mean().nullHigh() && s.mean().p() < LEVEL)
            .count();
    List<String> details = new ArrayList<>();
    for (EncodedSubject s : subjects) {
      details.add(
          String.format(
              Locale.ROOT,
              "Subject %s: mean r %.3f [%.3f, %.3f] over %d voxels, chance %.3f, p %s; %d voxels"
                  + " predicted.",
              s.subject().subject(),
              s.mean().value(),
              s.mean().low(),
              s.mean().high(),
              s.voxels(),
              s.mean().chance(),
              s.mean().p() < 0.001 ? "< 0.001" : String.format(Locale.ROOT, "= %.3f", s.mean().p()),
              s.predicted(recipe.evaluation().falseDiscovery())));
    }
    if (card.origin() == StudyCard.Origin.SIMULATED) {
      details.add("The responses are simulated: this says nothing about brains.");
    }
    String headline =
        above == 0
            ? "No responses are predicted above chance"
            : "Responses are predicted above chance in "
                + above
                + " of "
                + subjects.size()
                + (subjects.size() == 1 ? " subject" : " subjects");
    Level level =
        above == 0
            ? Level.NOT_SUPPORTED
            : above == subjects.size() ? Level.SUPPORTED : Level.CAUTION;
    return new Verdict(level, headline, details);
  }

  private String methods(StudyCard card) {
    return "The responses of every voxel of "
        + card.title()
        + " were predicted from "
        + String.join(" and ", recipe.features().keySet())
        + " by "
        + recipe.model().method().words()
        + ". "
        + recipe.responses().inWords(ResponseSpec.Epochs.NO)
        + "Trials were split by the rule "
        + recipe.split().rule()
        + ". Predictions were correlated with test responses voxel by voxel; stimuli were exchanged"
        + " at random "
        + recipe.evaluation().permutations()
        + " times, and voxels were called predicted at a share of false discoveries of "
        + recipe.evaluation().falseDiscovery()
        + " (Benjamini and Hochberg).";
  }
}
