package io.noesis.experiment;

import io.noesis.alignment.geometry.NoiseCeiling;
import io.noesis.alignment.score.Score;
import io.noesis.experiment.geometry.MeasuredGeometry;
import io.noesis.ingest.manifest.DatasetManifest;
import io.noesis.ingest.study.StudyCard;
import io.noesis.report.GeometryPanel;
import io.noesis.report.GeometryPanel.GeometryLine;
import io.noesis.report.Report;
import io.noesis.report.Report.Level;
import io.noesis.report.Report.Line;
import io.noesis.report.Report.StudyPanel;
import io.noesis.report.Report.Verdict;
import io.noesis.report.ScoreLine;
import io.noesis.run.Provenance;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The report of models' geometries, and what they come to in words. */
final class GeometryReport {
  private final GeometryRecipe recipe;
  private final MeasuredGeometry measured;
  private final List<ComparedModel> models;
  private final Optional<NoiseCeiling> ceiling;

  GeometryReport(GeometryRecipe recipe, MeasuredGeometry measured, List<ComparedModel> models) {
    this.recipe = recipe;
    this.measured = measured;
    this.models = models;
    this.ceiling =
        measured.subjects().size() < 2
            ? Optional.empty()
            : Optional.of(
                NoiseCeiling.of(
                    measured.subjects(),
                    recipe.evaluation().comparison(),
                    recipe.evaluation().ceiling()));
  }

  Report build(StudyCard card, Optional<DatasetManifest> manifest, Provenance provenance) {
    List<Line> lines = new ArrayList<>();
    provenance.entries().forEach((label, value) -> lines.add(new Line(label, value)));
    return new Report(
        Report.SCHEMA,
        recipe.title(),
        verdict(card),
        study(card, manifest),
        List.of(),
        List.of(),
        List.of(),
        panel(),
        manifest.map(DatasetManifest::traps).orElse(List.of()),
        lines,
        GeometryMethods.text(recipe, card, measured, models));
  }

  private StudyPanel study(StudyCard card, Optional<DatasetManifest> manifest) {
    List<Line> facts = new ArrayList<>();
    facts.add(new Line("licence", card.licence().isEmpty() ? "not stated" : card.licence()));
    if (!card.citation().isEmpty()) {
      facts.add(new Line("cite", card.citation()));
    }
    facts.add(new Line("measured distances", measured.source()));
    facts.add(new Line("subjects", String.join(", ", measured.labels())));
    facts.add(new Line("conditions", Integer.toString(measured.conditions().size())));
    facts.addAll(ReportBuilder.baselines(manifest));
    return new StudyPanel(card.name(), card.title(), card.origin().name(), facts);
  }

  private GeometryPanel panel() {
    GeometryEvaluationSpec spec = recipe.evaluation();
    List<Line> facts = new ArrayList<>();
    models.forEach(m -> facts.add(new Line(m.name(), m.geometry().words())));
    facts.add(
        new Line(
            "p",
            "from "
                + spec.permutations()
                + " shuffles of the conditions, not corrected for the number of models;"
                + " models.tsv has Holm's correction, which the verdict uses"));
    return new GeometryPanel(
        spec.comparison().words(),
        ceiling.map(NoiseCeiling::lower).orElse(Double.NaN),
        ceiling.map(NoiseCeiling::upper).orElse(Double.NaN),
        measured.labels(),
        facts,
        models.stream().map(GeometryReport::line).toList());
  }

  private static GeometryLine line(ComparedModel model) {
    Score s = model.score();
    return new GeometryLine(
        model.name(),
        new ScoreLine(
            s.metric(),
            "Similarity to the measured geometry",
            true,
            s.value(),
            s.low(),
            s.high(),
            s.chance(),
            s.nullLow(),
            s.nullHigh(),
            s.p(),
            s.n(),
            s.unit(),
            s.direction().name(),
            s.ceiling().isPresent() ? s.ceiling().getAsDouble() : null,
            s.protocol()),
        model.perSubject());
  }

  private Verdict verdict(StudyCard card) {
    long above = models.stream().filter(ComparedModel::aboveChance).count();
    List<String> details = new ArrayList<>();
    details.add(best(models.get(0)));
    details.add(
        ceiling
            .map(c -> place(models.get(0), c))
            .orElse("One subject was measured, so there is no noise ceiling to compare with."));
    if (models.size() > 1) {
      details.add(
          "Models are counted as above chance with Holm's correction for " + models.size() + ".");
    }
    details.add(
        "Shuffles and intervals are over conditions: nothing here speaks for other people.");
    if (card.origin() == StudyCard.Origin.SIMULATED) {
      details.add("The responses are simulated: this says nothing about brains.");
    }
    String headline =
        above == 0
            ? "No model's geometry is like the measured one above chance"
            : above
                + " of "
                + models.size()
                + (models.size() == 1 ? " model" : " models")
                + (above == 1 ? " is" : " are")
                + " like the measured geometry above chance";
    boolean agree = ceiling.isPresent() && ceiling.get().lower() > 0;
    Level level = above == 0 ? Level.NOT_SUPPORTED : agree ? Level.SUPPORTED : Level.CAUTION;
    return new Verdict(level, headline, details);
  }

  private String best(ComparedModel model) {
    Score s = model.score();
    return String.format(
        Locale.ROOT,
        "Most alike: %s, %s %.3f [%.3f, %.3f], chance %.3f, p %s, n = %d conditions.",
        model.name(),
        recipe.evaluation().comparison().words(),
        s.value(),
        s.low(),
        s.high(),
        s.chance(),
        s.p() < 0.001 ? "< 0.001" : String.format(Locale.ROOT, "= %.3f", s.p()),
        s.n());
  }

  private String place(ComparedModel best, NoiseCeiling c) {
    String range =
        String.format(
            Locale.ROOT,
            "the noise ceiling, %.3f to %.3f over %d subjects",
            c.lower(),
            c.upper(),
            c.subjects());
    if (c.lower() <= 0) {
      return "The subjects' geometries do not agree with each other ("
          + range
          + "), so no model can be judged by them.";
    }
    double value = best.score().value();
    String where =
        value < c.lower() ? "It stays below " : value <= c.upper() ? "It reaches " : "It is above ";
    return where
        + range
        + (value < c.lower()
            ? ": something that the subjects share is not in it."
            : ": as like each subject as the other subjects are.");
  }
}
