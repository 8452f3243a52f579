package io.noesis.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.alignment.geometry.Rdm;
import io.noesis.alignment.geometry.Rsa;
import io.noesis.alignment.score.Exchange;
import io.noesis.alignment.score.Resampling;
import io.noesis.alignment.score.Score;
import io.noesis.experiment.geometry.MeasuredGeometry;
import io.noesis.experiment.geometry.ModelGeometry;
import io.noesis.experiment.geometry.ModelKinds;
import io.noesis.ingest.manifest.DatasetManifest;
import io.noesis.ingest.manifest.Manifests;
import io.noesis.ingest.study.StudyCard;
import io.noesis.report.Report;
import io.noesis.report.ReportJson;
import io.noesis.report.ReportPage;
import io.noesis.run.Fingerprint;
import io.noesis.run.Parallel;
import io.noesis.run.Progress;
import io.noesis.run.Provenance;
import io.noesis.run.Seed;
import io.noesis.run.Version;
import io.noesis.run.YamlTree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Representational similarity of models to measured geometries, from recipe to report. Nothing is
 * trained; every run computes all of it, so an interrupted one leaves nothing to continue. Not
 * thread-safe; make one per run.
 */
public final class GeometryExperiment {
  private final GeometryRecipe recipe;
  private final Execution execution;

  /**
   * An experiment that has not begun.
   *
   * @param recipe what may change a result
   * @param execution what may not
   */
  public GeometryExperiment(GeometryRecipe recipe, Execution execution) {
    this.recipe = recipe;
    this.execution = execution;
  }

  /**
   * Compares every model with the measured geometries and writes the run folder.
   *
   * @return the report, as written to the run folder
   * @throws io.noesis.run.DataException when the study or a model's pictures, words or distances
   *     cannot be read
   */
  public Report run() {
    return Parallel.with(execution.threads(), this::compare);
  }

  private Report compare() {
    Progress reading = execution.progress();
    reading.begin("reading the measured geometry", 0);
    Path root = OpenedStudy.folder(recipe.study(), execution.root());
    Optional<DatasetManifest> manifest = recipe.study().manifest().map(Manifests::dataset);
    manifest.ifPresent(m -> Manifests.require(m.name(), m.files(), root));
    MeasuredGeometry measured =
        MeasuredGeometry.read(root, settings(manifest))
            .of(execution.subjects().isEmpty() ? recipe.study().subjects() : execution.subjects());
    reading.done(
        measured.subjects().size()
            + (measured.subjects().size() == 1 ? " subject, " : " subjects, ")
            + measured.conditions().size()
            + " conditions");
    RunFolder run = RunFolder.create(execution.out(), identity(measured), execution.existing());
    Progress progress = new RunLog(run, execution.progress());
    StudyCard card = manifest.map(DatasetManifest::card).orElseGet(this::ownCard);
    RunFiles.writeDescription(run, recipe, card, measured.fingerprint(), manifest);
    List<ModelGeometry> geometries = new ArrayList<>();
    for (ModelSpec spec : recipe.models()) {
      geometries.add(
          ModelKinds.registry()
              .get(spec.of())
              .make(spec.name(), spec.tree(), measured.conditions(), progress));
    }
    List<ComparedModel> models = scored(measured.subjects(), geometries, progress);
    GeometryFiles.write(run, measured, models);
    return report(run, measured, models, card, manifest);
  }

  private Report report(
      RunFolder run,
      MeasuredGeometry measured,
      List<ComparedModel> models,
      StudyCard card,
      Optional<DatasetManifest> manifest) {
    Provenance provenance = provenance(run, measured, models);
    RunFiles.writeProvenance(run, provenance);
    Report report = new GeometryReport(recipe, measured, models).build(card, manifest, provenance);
    Path json = run.file(Evaluation.REPORT);
    ReportJson.write(json, report);
    ReportPage.render(json, ReportPage.Form.FOLDER);
    return report;
  }

  /** Best first. */
  private List<ComparedModel> scored(
      List<Rdm> subjects, List<ModelGeometry> geometries, Progress progress) {
    progress.begin("comparing geometries", 0);
    GeometryEvaluationSpec spec = recipe.evaluation();
    Resampling plan =
        new Resampling(
            spec.permutations(),
            spec.bootstraps(),
            Exchange.ANY_UNIT,
            Seed.of(recipe.seed()).child("geometry"));
    List<Score> scores =
        Rsa.scores(
            subjects,
            geometries.stream().map(ModelGeometry::rdm).toList(),
            new Rsa.Settings(spec.comparison(), spec.ceiling()),
            plan);
    List<ComparedModel> models = new ArrayList<>();
    for (int m = 0; m < scores.size(); m++) {
      ModelGeometry geometry = geometries.get(m);
      models.add(
          new ComparedModel(
              geometry, scores.get(m), Rsa.bySubject(subjects, geometry.rdm(), spec.comparison())));
    }
    models.sort(
        Comparator.comparingDouble((ComparedModel m) -> -m.score().value())
            .thenComparing(ComparedModel::name));
    progress.done(models.size() + (models.size() == 1 ? " model" : " models"));
    return ComparedModel.corrected(models);
  }

  private JsonNode settings(Optional<DatasetManifest> manifest) {
    return YamlTree.merged(
        manifest.map(DatasetManifest::settings).orElseGet(DatasetManifest::noSettings),
        recipe.study().settings());
  }

  private StudyCard ownCard() {
    return new StudyCard(recipe.name(), recipe.title(), "", StudyCard.Origin.RECORDED, "", "");
  }

  /** The subjects are part of it: the ceiling and every mean are over them. */
  private String identity(MeasuredGeometry measured) {
    return Fingerprint.ofText(
        String.join(
            "\n",
            RunFolder.SCHEMA,
            recipe.hash(),
            measured.fingerprint(),
            String.join(",", measured.labels()),
            Version.current().toString()));
  }

  private Provenance provenance(
      RunFolder run, MeasuredGeometry measured, List<ComparedModel> models) {
    Provenance provenance =
        Provenance.ofThisProgram()
            .with("recipe", recipe.name())
            .with("recipe SHA-256", recipe.hash())
            .with("data SHA-256", measured.fingerprint())
            .with("run identity", run.identity())
            .with("seed", Long.toString(recipe.seed()));
    for (ComparedModel model : models) {
      provenance =
          provenance.with("model " + model.name() + " SHA-256", model.geometry().fingerprint());
    }
    return provenance;
  }
}
