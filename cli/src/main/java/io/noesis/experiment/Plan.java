package io.noesis.experiment;

import io.noesis.alignment.audit.Audit;
import io.noesis.alignment.audit.AuditCase;
import io.noesis.alignment.audit.AuditPanel;
import io.noesis.alignment.audit.Background;
import io.noesis.alignment.audit.StimulusTwins;
import io.noesis.alignment.embedding.TargetUnit;
import io.noesis.alignment.train.Lineage;
import io.noesis.ingest.study.FitRecord;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.SplitRules;
import io.noesis.ingest.study.Study;
import io.noesis.ingest.study.SubjectResponses;
import io.noesis.ingest.study.TrialTable;
import io.noesis.run.Fingerprint;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.run.Version;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What is known before any recording is read: the opened study, the subjects and their folds.
 *
 * @param recipe what may change a result
 * @param opened the study
 * @param folds the splits of each subject
 * @param parent the run whose networks are adapted, where there is one
 * @param others on whose responses networks are pretrained, where these are other people's
 * @param voxels those that are decoded from; empty for all
 * @param ablation the regions without which is decoded once more; empty for none
 */
record Plan(
    DecodingRecipe recipe,
    OpenedStudy opened,
    Map<String, List<Split>> folds,
    Optional<Parent> parent,
    Optional<PretrainingSource> others,
    Optional<ChosenVoxels> voxels,
    Optional<Regions.OfAll> ablation) {
  static Plan of(DecodingRecipe recipe, Execution execution) {
    return of(recipe, execution, OpenedStudy.open(recipe.study(), execution.root()));
  }

  /** The same of a study that is open. */
  static Plan of(DecodingRecipe recipe, Execution execution, OpenedStudy opened) {
    Map<String, List<Split>> folds = new LinkedHashMap<>();
    boolean together = recipe.encoder().subjects() != EncoderSpec.Subjects.EACH;
    if (together && !execution.subjects().isEmpty()) {
      throw new RecipeException(
          "choosing subjects: those of encoder.subjects: "
              + recipe.encoder().subjects().name().toLowerCase(Locale.ROOT)
              + " are trained together, so who they are belongs to the recipe. Give --set"
              + " 'study.subjects=[\""
              + String.join("\",\"", execution.subjects())
              + "\"]' instead of --participant-label.");
    }
    recipe.encoder().requireFiles();
    List<String> subjects = opened.subjects(recipe.study().subjects(), execution.subjects());
    PlanCheck.requireTime(recipe, opened.study(), subjects);
    if (together && subjects.size() < 2) {
      throw new RecipeException(
          "planning: encoder.subjects trains several subjects together, the study has "
              + subjects
              + ". Choose at least two, or set encoder.subjects to each.");
    }
    for (String subject : subjects) {
      TrialTable trials = opened.study().trials(subject);
      Seed seed = Seed.of(recipe.seed());
      folds.put(subject, SplitRules.split(trials, opened.study().stimuli(), recipe.split(), seed));
    }
    if (folds.isEmpty()) {
      throw new RecipeException(
          "planning: the study " + opened.study().card().name() + " has no subjects");
    }
    if (together) {
      JointTraining.requireEqualFolds(folds);
    }
    CaptionedHead.requireOneFold(recipe, folds);
    Path root = OpenedStudy.folder(recipe.study(), execution.root());
    List<String> named = opened.subjects(recipe.study().subjects(), List.of());
    Optional<ChosenVoxels> voxels = ChosenVoxels.of(recipe.responses().voxels(), root, named);
    return new Plan(
        recipe,
        opened,
        folds,
        recipe.adaptation().map(spec -> Parent.open(spec.parent())),
        PretrainingSource.of(recipe, opened.study(), folds, root, voxels),
        voxels,
        Regions.OfAll.of(recipe.evaluation().ablation(), root, named));
  }

  /** Of a further target of the recipe, in the same study. */
  Plan also(String name, Execution execution) {
    return of(recipe.also(name), execution, opened);
  }

  /**
   * What is read of a subject.
   *
   * @param responses of the voxels that are decoded from
   * @param regions of these that are left out in turn
   */
  record Read(SubjectResponses responses, Regions regions) {}

  /** Reads a subject's responses. */
  Read read(String subject, Progress progress) {
    SubjectResponses all = study().responses(subject, progress);
    SubjectResponses chosen = voxels.map(v -> v.of(all)).orElse(all);
    return new Read(
        chosen, ablation.map(a -> a.of(all, chosen.columns().choice())).orElse(Regions.NONE));
  }

  Study study() {
    return opened.study();
  }

  /** Whether decoders see trials of several subjects. */
  boolean together() {
    return recipe.encoder().subjects() != EncoderSpec.Subjects.EACH;
  }

  /** What a subject's decoders learn from besides its own training trials. */
  private Background background(String subject, StimulusTwins twins) {
    String name = study().card().name() + "/" + subject;
    List<Lineage> parents = lineagesOfParents(subject, twins);
    Optional<String> unknown = published().map(w -> w.file().getFileName().toString());
    if (!together()) {
      return new Background(List.of(), name, parents, unknown);
    }
    List<Set<String>> companions = new ArrayList<>();
    int count = folds.values().iterator().next().size();
    for (int f = 0; f < count; f++) {
      companions.add(seenByOthers(subject, f));
    }
    return new Background(companions, name, parents, unknown);
  }

  private List<Lineage> lineagesOfParents(String subject, StimulusTwins twins) {
    IntStream own = IntStream.range(0, Objects.requireNonNull(folds.get(subject)).size());
    if (parent.isPresent()) {
      return own.mapToObj(parent.get()::lineage).toList();
    }
    return others
        .map(o -> own.mapToObj(fold -> o.lineage(identity(), subject, fold, twins)).toList())
        .orElse(List.of());
  }

  private Set<String> seenByOthers(String subject, int fold) {
    Set<String> seen = new LinkedHashSet<>();
    folds.forEach(
        (other, splits) -> {
          if (!other.equals(subject)) {
            TrialTable trials = study().trials(other);
            Split split = splits.get(fold);
            for (Split.Part part : List.of(Split.Part.TRAIN, Split.Part.VALIDATION)) {
              Arrays.stream(split.rows(part)).forEach(row -> seen.add(trials.get(row).stimulus()));
            }
          }
        });
    return seen;
  }

  TargetUnit unit() {
    return recipe.targets().unit();
  }

  /** SHA-256 of recipe, data and program: what a run folder belongs to. */
  String identity() {
    return Fingerprint.ofText(
        "noesis-run-1\n"
            + recipe.hash()
            + "\n"
            + study().fingerprint()
            + "\n"
            + parent.map(p -> "parent " + p.run().identity() + "\n").orElse("")
            + others.map(PretrainingSource::identity).orElse("")
            + published().map(w -> "published " + w.identity() + "\n").orElse("")
            + voxels.map(ChosenVoxels::identity).orElse("")
            + recipe.encoder().lossFiles()
            + files()
            + ablation.map(Regions.OfAll::identity).orElse("")
            + Version.current());
  }

  private Optional<PretrainingSpec.PublishedWeights> published() {
    return recipe.encoder().pretraining().flatMap(PretrainingSpec::weights);
  }

  /** The files of numbers of stimuli that targets, heads and inputs name. */
  private String files() {
    List<TargetsSpec> specs = new ArrayList<>(List.of(recipe.targets()));
    specs.addAll(recipe.encoder().heads().values());
    specs.addAll(recipe.encoder().inputs().values());
    return TargetsSpec.files(specs, study());
  }

  /** Ids of all stimuli that any subject is tested on. */
  Set<String> testedStimuli() {
    Set<String> tested = new LinkedHashSet<>();
    folds.forEach(
        (subject, splits) -> {
          TrialTable trials = study().trials(subject);
          for (Split split : splits) {
            Arrays.stream(split.rows(Split.Part.TEST))
                .forEach(row -> tested.add(trials.get(row).stimulus()));
          }
        });
    return tested;
  }

  /** Which stimuli are the same picture under two ids. */
  StimulusTwins twins(Progress progress) {
    return StimulusTwins.find(study().stimuli(), progress);
  }

  /** Asks every audit that needs no result, before anything is read or trained. */
  AuditPanel audit(StimulusTwins twins, Set<String> allowed) {
    List<AuditCase> cases = new ArrayList<>();
    folds.forEach((subject, splits) -> cases.add(auditCase(subject, splits, twins)));
    return AuditPanel.inspect(Audit.Phase.PLAN, cases, allowed);
  }

  /** Asks them again of one subject, with what was really fitted and the targets at hand. */
  AuditPanel audit(Decoded decoded, TargetTable targets, StimulusTwins twins, Set<String> allowed) {
    AuditCase subject =
        new AuditCase(
            decoded.subject(),
            decoded.trials(),
            study().stimuli(),
            twins,
            decoded.folds(),
            decoded.kind(),
            decoded.fits(),
            targets.unit(),
            Optional.of(targets.embeddings()),
            Optional.empty(),
            background(decoded.subject(), twins));
    return AuditPanel.inspect(Audit.Phase.PLAN, List.of(subject), allowed);
  }

  private AuditCase auditCase(String subject, List<Split> splits, StimulusTwins twins) {
    TrialTable trials = study().trials(subject);
    return new AuditCase(
        subject,
        trials,
        study().stimuli(),
        twins,
        splits,
        study().kind(),
        plannedFits(splits),
        unit(),
        Optional.empty(),
        Optional.empty(),
        background(subject, twins));
  }

  /** What the recipe says will be fitted; what reading fits is known after reading. */
  private List<FitRecord> plannedFits(List<Split> splits) {
    List<FitRecord> fits = new ArrayList<>();
    splits.forEach(split -> PretrainedStart.fit(recipe, split).ifPresent(fits::add));
    if (recipe.responses().standardize() == ResponseSpec.Standardize.NONE) {
      return fits;
    }
    for (Split split : splits) {
      List<Integer> train = Arrays.stream(split.rows(Split.Part.TRAIN)).boxed().toList();
      List<Integer> both =
          IntStream.range(0, split.parts().size())
              .filter(
                  i ->
                      split.parts().get(i) == Split.Part.TRAIN
                          || split.parts().get(i) == Split.Part.TEST)
              .boxed()
              .toList();
      boolean all = recipe.responses().standardize() == ResponseSpec.Standardize.ALL_TRIALS;
      fits.add(
          new FitRecord(
              recipe.responses().transform(ResponseSpec.Epochs.UNKNOWN),
              all ? "all trials" : "training trials",
              all ? both : train,
              both,
              split.name()));
    }
    return fits;
  }
}
