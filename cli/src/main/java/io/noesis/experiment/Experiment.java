package io.noesis.experiment;

import io.noesis.alignment.audit.AuditPanel;
import io.noesis.alignment.audit.StimulusTwins;
import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.ingest.study.Split;
import io.noesis.report.Report;
import io.noesis.report.ReportPage;
import io.noesis.run.CancelledException;
import io.noesis.run.MemoryException;
import io.noesis.run.ModelException;
import io.noesis.run.NoesisException;
import io.noesis.run.OutputException;
import io.noesis.run.Parallel;
import io.noesis.run.PartialException;
import io.noesis.run.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A decoding experiment, from recipe to report: the Java API of what the command line does. Not
 * thread-safe; make one per run.
 *
 * <pre>{@code
 * DecodingRecipe recipe = DecodingRecipe.of(Recipes.tree("haxby2001-vt", List.of()));
 * Execution execution = Execution.in(Path.of("out")).withRoot(Path.of("haxby2001-vt"));
 * Report report = new Experiment(recipe, execution).run();
 * }</pre>
 */
public final class Experiment {
  private final DecodingRecipe recipe;
  private final Execution execution;
  private final MakingModels models;

  /**
   * An experiment that has not begun.
   *
   * @param recipe what may change a result
   * @param execution what may not
   */
  public Experiment(DecodingRecipe recipe, Execution execution) {
    this(recipe, execution, PackModels.of(execution));
  }

  Experiment(DecodingRecipe recipe, Execution execution, MakingModels models) {
    this.recipe = recipe;
    this.execution = execution;
    this.models = models;
  }

  /**
   * Audits the plan: opens the study and splits it, reads no recording, loads no model and writes
   * nothing. A plan that no audit blocks is refused for what {@link #run} would refuse it for
   * before anything is trained: memory, and files, columns and packs that are missing or do not
   * fit.
   *
   * @return what the audits say; nothing is thrown for a BLOCK
   */
  public AuditPanel check() {
    return Parallel.with(
        execution.threads(),
        () -> {
          Plan plan = Plan.of(recipe, execution);
          List<Plan> all = new ArrayList<>(List.of(plan));
          recipe.also().keySet().forEach(name -> all.add(plan.also(name, execution)));
          AuditPanel panel = plan.audit(plan.twins(execution.progress()), execution.allowed());
          if (panel.blocking().isEmpty()) {
            all.forEach(this::requireMemory);
            all.forEach(each -> PlanCheck.requireTargets(each, execution.places()));
          }
          return panel;
        });
  }

  /**
   * Checks, trains every subject, decodes its test trials, does the same for further targets in
   * folders of their own, and makes the captions and pictures that the recipe asks for. Subjects
   * that an earlier, interrupted run has finished are not done again.
   *
   * @return the run folder
   * @throws io.noesis.run.AuditException when an audit blocks the plan; nothing is then written
   * @throws PartialException when some subjects failed; the others are done
   */
  public RunFolder train() {
    return Parallel.with(execution.threads(), this::trainAll);
  }

  /**
   * Trains as {@link #train} and evaluates.
   *
   * @return the report, as written to the run folder
   * @throws io.noesis.run.AuditException when an audit blocks plan or result; the report of a
   *     blocked result is written first
   * @throws PartialException when some subjects failed; the report is written first
   */
  public Report run() {
    return Parallel.with(
        execution.threads(),
        () -> {
          PartialException failed = null;
          try {
            trainAll();
          } catch (PartialException e) {
            failed = e;
          }
          Evaluation evaluation = new Evaluation(RunFolder.open(execution.out()), execution);
          Report report = evaluation.evaluate();
          ReportPage.render(execution.out().resolve(Evaluation.REPORT), ReportPage.Form.FOLDER);
          if (failed != null) {
            throw failed;
          }
          evaluation.panel().requireNoBlock("evaluating " + recipe.name());
          return report;
        });
  }

  /** What every subject's training needs. */
  private record Work(
      Plan plan, RunFolder run, TargetTable targets, StimulusTwins twins, Progress progress) {
    EmbeddingSpace space() {
      return targets.embeddings().space();
    }

    Lineages lineages() {
      return new Lineages(run.identity(), plan.study().card().name(), twins, plan.others());
    }
  }

  private RunFolder trainAll() {
    Progress checking = execution.progress();
    checking.begin("checking the plan", 0);
    Plan plan = Plan.of(recipe, execution);
    StimulusTwins twins = plan.twins(Progress.NONE);
    plan.audit(twins, execution.allowed()).requireNoBlock("checking " + recipe.name());
    checking.done(
        plan.folds().size()
            + (plan.folds().size() == 1 ? " subject, " : " subjects, ")
            + plan.study().stimuli().size()
            + " stimuli");
    requireMemory(plan);
    Map<String, Plan> plans = new LinkedHashMap<>();
    recipe.also().keySet().forEach(name -> plans.put(name, plan.also(name, execution)));
    Work own = begin(plan, twins);
    Map<String, Experiment> others = new LinkedHashMap<>();
    Map<String, Work> further = new LinkedHashMap<>();
    plans.forEach(
        (name, beside) -> {
          Experiment other =
              new Experiment(beside.recipe(), AlsoRuns.execution(execution, name), models);
          others.put(name, other);
          further.put(name, other.beginBeside(beside, twins));
        });
    Making.requireFit(recipe, own.space(), spaces(further), models);
    List<PartialException> failed = new ArrayList<>();
    partly(failed, () -> trainSubjects(own));
    others.forEach(
        (name, other) ->
            partly(
                failed,
                () -> other.trainSubjects(Objects.requireNonNull(further.get(name), name))));
    new Making(own.run(), execution, models).make(plan.study().stimuli());
    if (!failed.isEmpty()) {
      throw failed.get(0);
    }
    return own.run();
  }

  private static Map<String, EmbeddingSpace> spaces(Map<String, Work> works) {
    Map<String, EmbeddingSpace> spaces = new LinkedHashMap<>();
    works.forEach((name, work) -> spaces.put(name, work.space()));
    return spaces;
  }

  private static void partly(List<PartialException> failed, Runnable training) {
    try {
      training.run();
    } catch (PartialException e) {
      failed.add(e);
    }
  }

  /** Of a recipe's further target: its study is open and audited. */
  private Work beginBeside(Plan plan, StimulusTwins twins) {
    plan.audit(twins, execution.allowed()).requireNoBlock("checking " + recipe.name());
    requireMemory(plan);
    return begin(plan, twins);
  }

  private Work begin(Plan plan, StimulusTwins twins) {
    RunFolder run = RunFolder.create(execution.out(), plan.identity(), execution.existing());
    Progress progress = new RunLog(run, execution.progress());
    RunFiles.writeDescription(
        run, recipe, plan.study().card(), plan.study().fingerprint(), plan.opened().manifest());
    return new Work(plan, run, targets(run, plan, progress), twins, progress);
  }

  private void trainSubjects(Work work) {
    if (work.plan().together()) {
      trainTogether(work);
    } else {
      trainEach(work);
    }
  }

  private void trainEach(Work work) {
    RunFolder run = work.run();
    Plan plan = work.plan();
    PortableText text =
        PortableText.near(
            List.of(OpenedStudy.folder(recipe.study(), execution.root()), execution.out()));
    Map<String, String> failures = RunFiles.failures(run);
    List<String> failed = new ArrayList<>();
    for (Map.Entry<String, List<Split>> planned : plan.folds().entrySet()) {
      String subject = planned.getKey();
      try {
        train(work, subject, planned.getValue());
        failures.remove(subject);
      } catch (NoesisException e) {
        if (plan.folds().size() == 1 || !oneSubjectsOwn(e)) {
          throw e;
        }
        work.progress().warn("subject " + subject + " failed: " + e.getMessage());
        failures.put(subject, text.of(String.valueOf(e.getMessage())));
        failed.add(subject);
      }
    }
    RunFiles.writeFailures(run, failures);
    if (!failed.isEmpty()) {
      throw partial(plan, failed, failures);
    }
  }

  /** A subject that cannot be read stops all: without it the others' decoders would be others. */
  private void trainTogether(Work work) {
    RunFolder run = work.run();
    Map<String, List<Split>> folds = work.plan().folds();
    if (folds.keySet().stream().allMatch(subject -> run.finished(stage(subject), run.identity()))) {
      work.progress().begin("training together", 0);
      work.progress().done("already trained by an earlier run");
      return;
    }
    List<SubjectWork> subjects = new ArrayList<>();
    folds.forEach((subject, splits) -> subjects.add(read(work, subject, splits)));
    new JointTraining(recipe, run, execution, work.progress(), work.lineages())
        .train(subjects)
        .forEach(decoded -> finish(work, decoded));
    RunFiles.writeFailures(run, Map.of());
  }

  /** A full disk, a missing model or the user's wish to stop are no fault of the subject. */
  private static boolean oneSubjectsOwn(NoesisException e) {
    return !(e instanceof OutputException
        || e instanceof MemoryException
        || e instanceof ModelException
        || e instanceof CancelledException);
  }

  private static NoesisException partial(
      Plan plan, List<String> failed, Map<String, String> failures) {
    String first = failures.getOrDefault(failed.get(0), "");
    String message =
        failed.size()
            + " of "
            + plan.folds().size()
            + " subjects failed ("
            + String.join(", ", failed)
            + "). First: "
            + first;
    return failed.size() == plan.folds().size()
        ? new io.noesis.run.DataException("training: " + message)
        : new PartialException("training: " + message + " The others are done.");
  }

  private TargetTable targets(RunFolder run, Plan plan, Progress progress) {
    if (run.finished("targets", run.identity())) {
      return TargetTable.read(run);
    }
    TargetTable targets =
        TargetTable.make(recipe.targets(), plan.study(), execution.places(), progress);
    targets.write(run);
    HeadTargets.make(recipe.encoder(), run, plan.study(), execution.places(), progress);
    StimulusFile.write(run, plan.study().stimuli(), plan.testedStimuli(), progress);
    run.finish("targets", run.identity());
    return targets;
  }

  private void train(Work work, String subject, List<Split> folds) {
    RunFolder run = work.run();
    if (run.finished(stage(subject), run.identity())) {
      work.progress().begin("sub-" + subject, 0);
      work.progress().done("already trained by an earlier run");
      return;
    }
    SubjectWork own = read(work, subject, folds);
    finish(
        work,
        work.plan()
            .parent()
            .map(parent -> adapting(work, parent).train(own))
            .orElseGet(
                () ->
                    new Training(recipe, run, execution, work.progress(), work.lineages())
                        .train(own)));
  }

  private AdaptationTraining adapting(Work work, Parent parent) {
    parent.requireSame(recipe, work.targets());
    parent.requireSameFeatures(recipe, work.run());
    return new AdaptationTraining(
        parent,
        work.run(),
        execution,
        new AdaptationTraining.Work(recipe, work.progress(), work.lineages()));
  }

  private static String stage(String subject) {
    return Decoded.folder(subject) + "/training";
  }

  private SubjectWork read(Work work, String subject, List<Split> folds) {
    execution.requireNotCancelled("reading subject " + subject);
    return new SubjectWork(
        work.plan().read(subject, work.progress()),
        folds,
        new SubjectWork.Aims(
            work.targets(),
            HeadTargets.read(recipe.encoder(), work.run()),
            HeadTargets.told(recipe.encoder(), work.run())),
        recipe);
  }

  private void finish(Work work, Decoded trained) {
    RunFolder run = work.run();
    Decoded decoded = trained.with(Stretching.fits(recipe, trained));
    decoded.write(run);
    AuditPanel audits =
        work.plan().audit(decoded, work.targets(), work.twins(), execution.allowed());
    RunFiles.writeFindings(run, decoded.subject(), audits.findings());
    run.finish(stage(decoded.subject()), run.identity());
  }

  /** Refuses before reading what would not fit into memory. */
  private void requireMemory(Plan plan) {
    long limit = execution.memoryLimit();
    Map<String, Long> needs = new LinkedHashMap<>();
    for (String subject : plan.folds().keySet()) {
      needs.put("subject " + subject, plan.study().memoryBytes(subject));
    }
    if (plan.together()) {
      // All are in memory at once, and again joined.
      long all = needs.values().stream().mapToLong(Long::longValue).sum();
      needs.put(plan.folds().size() + " subjects together", 2 * all);
    }
    plan.others().ifPresent(o -> needs.put("those it is pretrained on", 2 * o.memoryBytes()));
    needs.forEach((what, needed) -> requireMemory(what, needed, limit));
  }

  private static void requireMemory(String what, long needed, long limit) {
    if (needed > limit) {
      throw new MemoryException(
          "planning "
              + what
              + ": about "
              + (needed >> 20)
              + " MB of memory are needed, the limit is "
              + (limit >> 20)
              + " MB. Use a smaller mask, or raise the limit (--mem-mb, and NOESIS_JAVA_OPTS=-Xmx"
              + "...).");
    }
  }

  /** Where an experiment's report is, in its run folder. */
  public Path page() {
    return execution.out().resolve("report.html");
  }
}
