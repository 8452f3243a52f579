package io.noesis.experiment;

import io.noesis.alignment.audit.Audit;
import io.noesis.alignment.audit.AuditCase;
import io.noesis.alignment.audit.AuditPanel;
import io.noesis.alignment.audit.Background;
import io.noesis.alignment.audit.StimulusTwins;
import io.noesis.alignment.encoding.FalseDiscovery;
import io.noesis.alignment.encoding.MeanCorrelation;
import io.noesis.alignment.encoding.VariancePartition;
import io.noesis.alignment.encoding.VoxelScores;
import io.noesis.ingest.glm.NoiseCeiling;
import io.noesis.ingest.study.FitRecord;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.SplitRules;
import io.noesis.ingest.study.SubjectResponses;
import io.noesis.report.Report;
import io.noesis.report.ReportJson;
import io.noesis.report.ReportPage;
import io.noesis.run.Fingerprint;
import io.noesis.run.Parallel;
import io.noesis.run.Progress;
import io.noesis.run.Provenance;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.run.Version;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Predicts every voxel's response from features of stimuli, from recipe to report. Not thread-safe;
 * make one per run.
 */
public final class EncodingExperiment {
  private final EncodingRecipe recipe;
  private final Execution execution;

  /**
   * An experiment that has not begun.
   *
   * @param recipe what may change a result
   * @param execution what may not
   */
  public EncodingExperiment(EncodingRecipe recipe, Execution execution) {
    this.recipe = recipe;
    this.execution = execution;
  }

  /**
   * Fits, predicts and scores every subject and writes the run folder.
   *
   * @return the report, as written to the run folder
   * @throws io.noesis.run.AuditException when an audit blocks the plan
   * @throws io.noesis.run.DataException when the study cannot be read
   */
  public Report run() {
    return Parallel.with(execution.threads(), this::all);
  }

  private Report all() {
    OpenedStudy opened = OpenedStudy.open(recipe.study(), execution.root());
    List<String> subjects = opened.subjects(recipe.study().subjects(), execution.subjects());
    Map<String, List<Split>> folds = new LinkedHashMap<>();
    for (String subject : subjects) {
      folds.put(
          subject,
          SplitRules.split(
              opened.study().trials(subject),
              opened.study().stimuli(),
              recipe.split(),
              Seed.of(recipe.seed())));
    }
    StimulusTwins twins = StimulusTwins.find(opened.study().stimuli(), Progress.NONE);
    AuditPanel audits = audits(opened, folds, twins);
    audits.requireNoBlock("checking " + recipe.name());
    RunFolder run =
        RunFolder.create(execution.out(), identity(opened, subjects), execution.existing());
    Progress progress = new RunLog(run, execution.progress());
    RunFiles.writeDescription(
        run, recipe, opened.study().card(), opened.study().fingerprint(), opened.manifest());
    Map<String, TargetTable> features = new LinkedHashMap<>();
    recipe
        .features()
        .forEach(
            (name, spec) ->
                features.put(
                    name, TargetTable.make(spec, opened.study(), execution.places(), progress)));
    Lineages lineages =
        new Lineages(run.identity(), opened.study().card().name(), twins, Optional.empty());
    List<EncodedSubject> done = new ArrayList<>();
    for (String subject : subjects) {
      execution.requireNotCancelled("reading subject " + subject);
      SubjectResponses responses = opened.study().responses(subject, progress);
      List<Split> own = folds.getOrDefault(subject, List.of());
      FoldProgress stage = new FoldProgress(progress, "sub-" + subject + ": encoding", own.size());
      FoldTraining training = new FoldTraining(run, execution, stage);
      EncodingFolds fit = new EncodingFolds(recipe, features, responses, training, lineages);
      done.add(encoded(responses, own, fit, stage));
      done.get(done.size() - 1).write(run);
    }
    Provenance provenance = provenance(opened, run, features);
    RunFiles.writeProvenance(run, provenance);
    Report report =
        new EncodingReport(recipe, execution.allowed())
            .build(opened, done, audits.findings(), provenance);
    ReportJson.write(run.file(Evaluation.REPORT), report);
    ReportPage.render(run.file(Evaluation.REPORT), ReportPage.Form.FOLDER);
    return report;
  }

  private EncodedSubject encoded(
      SubjectResponses subject, List<Split> folds, EncodingFolds fit, FoldProgress stage) {
    if (subject.epochs().isPresent()) {
      throw new RecipeException(
          "encoding subject "
              + subject.subject()
              + ": its responses are epochs [trials, channels, samples], and encoding models"
              + " predict rows [trials, voxels]. Give a study of betas or volumes.");
    }
    ResponsePreparation preparation = new ResponsePreparation(recipe.responses(), subject);
    List<EncodingFolds.Predicted> parts = new ArrayList<>();
    for (int f = 0; f < folds.size(); f++) {
      execution.requireNotCancelled("fitting subject " + subject.subject());
      Split fold = folds.get(f);
      ResponsePreparation.Prepared rows = preparation.of(fold, fold.rows(Split.Part.TRAIN));
      parts.add(fit.predict(rows, fold, f));
      if (recipe.model().network().isEmpty()) {
        stage.foldDone();
      }
    }
    Tensor predicted = joined(parts, EncodingFolds.Predicted::predicted);
    Tensor measured = joined(parts, EncodingFolds.Predicted::measured);
    EncodingEvaluationSpec spec = recipe.evaluation();
    Seed seed = Seed.of(recipe.seed()).child("scores").child("sub-" + subject.subject());
    VoxelScores scores = VoxelScores.of(predicted, measured, spec.permutations(), seed);
    MeanCorrelation mean =
        MeanCorrelation.of(
            predicted, measured, spec.permutations(), spec.bootstraps(), seed.child("mean"));
    stage.done(
        String.format(
            Locale.ROOT,
            "%d rows of %d voxels, mean r %.3f",
            predicted.dim(0),
            predicted.dim(1),
            mean.value()));
    return new EncodedSubject(
        subject,
        folds,
        scores,
        FalseDiscovery.adjusted(scores.p()),
        mean,
        List.copyOf(recipe.features().keySet()),
        split(parts, measured),
        ceiling(subject, folds));
  }

  private Optional<Tensor> split(List<EncodingFolds.Predicted> folds, Tensor measured) {
    int spaces = folds.get(0).parts().size();
    if (spaces == 0) {
      return Optional.empty();
    }
    List<Tensor> parts = new ArrayList<>();
    for (int s = 0; s < spaces; s++) {
      int space = s;
      parts.add(joined(folds, fold -> fold.parts().get(space)));
    }
    return Optional.of(VariancePartition.of(parts, measured));
  }

  private static Tensor joined(
      List<EncodingFolds.Predicted> folds,
      java.util.function.Function<EncodingFolds.Predicted, Tensor> what) {
    return Tensor.concatenate(folds.stream().map(what).toArray(Tensor[]::new));
  }

  /** From test trials of stimuli that were shown again, for as many repetitions as are averaged. */
  private Optional<Tensor> ceiling(SubjectResponses subject, List<Split> folds) {
    int[] test = folds.get(0).rows(Split.Part.TEST);
    List<String> ids =
        java.util.Arrays.stream(test)
            .mapToObj(row -> subject.trials().get(row).stimulus())
            .toList();
    Map<String, Long> counts =
        ids.stream().collect(Collectors.groupingBy(id -> id, Collectors.counting()));
    long repeated = counts.values().stream().filter(count -> count > 1).count();
    if (repeated == 0) {
      return Optional.empty();
    }
    int all = (int) Math.round(ids.size() / (double) counts.size());
    int averaged = recipe.responses().average().test();
    int repetitions = averaged == 0 ? Math.max(1, all) : Math.min(averaged, Math.max(1, all));
    return Optional.of(
        NoiseCeiling.measure(subject.responses().rows(test), ids).percent(repetitions));
  }

  private AuditPanel audits(
      OpenedStudy opened, Map<String, List<Split>> folds, StimulusTwins twins) {
    List<AuditCase> cases = new ArrayList<>();
    folds.forEach(
        (subject, splits) ->
            cases.add(
                new AuditCase(
                    subject,
                    opened.study().trials(subject),
                    opened.study().stimuli(),
                    twins,
                    splits,
                    opened.study().kind(),
                    fits(splits),
                    recipe.features().values().iterator().next().unit(),
                    Optional.empty(),
                    Optional.empty(),
                    new Background(
                        List.of(), opened.study().card().name() + "/" + subject, List.of()))));
    return AuditPanel.inspect(Audit.Phase.PLAN, cases, Set.copyOf(execution.allowed()));
  }

  private List<FitRecord> fits(List<Split> splits) {
    List<FitRecord> fits = new ArrayList<>();
    for (Split split : splits) {
      List<Integer> train = java.util.Arrays.stream(split.rows(Split.Part.TRAIN)).boxed().toList();
      List<Integer> both = new ArrayList<>(train);
      java.util.Arrays.stream(split.rows(Split.Part.TEST)).forEach(both::add);
      boolean all = recipe.responses().standardize() == ResponseSpec.Standardize.ALL_TRIALS;
      if (recipe.responses().standardize() != ResponseSpec.Standardize.NONE) {
        fits.add(
            new FitRecord(
                recipe.responses().transform(ResponseSpec.Epochs.NO),
                all ? "all trials" : "training trials",
                all ? both : train,
                both,
                split.name()));
      }
    }
    return fits;
  }

  private String identity(OpenedStudy opened, List<String> subjects) {
    return Fingerprint.ofText(
        String.join(
            "\n",
            RunFolder.SCHEMA,
            recipe.hash(),
            opened.study().fingerprint()
                + TargetsSpec.files(recipe.features().values(), opened.study()),
            String.join(",", subjects),
            Version.current().toString()));
  }

  private Provenance provenance(
      OpenedStudy opened, RunFolder run, Map<String, TargetTable> features) {
    Provenance provenance =
        Provenance.ofThisProgram()
            .with("recipe", recipe.name())
            .with("recipe SHA-256", recipe.hash())
            .with("data SHA-256", opened.study().fingerprint())
            .with("run identity", run.identity())
            .with("seed", Long.toString(recipe.seed()));
    for (Map.Entry<String, TargetTable> space : features.entrySet()) {
      provenance =
          provenance.with(
              "features " + space.getKey() + " SHA-256", space.getValue().fingerprint());
    }
    return provenance;
  }
}
