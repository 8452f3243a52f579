package io.noesis.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.alignment.audit.Audit;
import io.noesis.alignment.audit.AuditCase;
import io.noesis.alignment.audit.AuditPanel;
import io.noesis.alignment.audit.Audits;
import io.noesis.alignment.audit.Finding;
import io.noesis.alignment.audit.StimulusTwins;
import io.noesis.alignment.score.Condition;
import io.noesis.alignment.score.Score;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.manifest.DatasetManifest;
import io.noesis.ingest.manifest.Manifests;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.ingest.study.SubjectResponses;
import io.noesis.report.Report;
import io.noesis.report.Report.Line;
import io.noesis.report.ReportJson;
import io.noesis.report.ScoreLine;
import io.noesis.report.SubjectPanel;
import io.noesis.run.Progress;
import io.noesis.run.Provenance;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Scores a trained run from its folder alone, audits the result and writes its report. */
public final class Evaluation {
  /** The report as data, in the run folder. */
  public static final String REPORT = "report.json";

  private final RunFolder run;
  private final Execution execution;
  private final DecodingRecipe recipe;
  private final TargetTable targets;
  private final StimulusSet stimuli;
  private final List<AuditCase> cases = new ArrayList<>();
  private final List<Decoded> done = new ArrayList<>();
  private final List<List<String>> scoreRows = new ArrayList<>();
  private final List<List<String>> differenceRows = new ArrayList<>();
  private final LearningPanels learning;
  private final MadePanels made;
  private final RidgePanels ridge = new RidgePanels();
  private final AblationPanels ablation = new AblationPanels();
  private final SlotPanels slots = new SlotPanels();
  private AuditPanel panel;

  /**
   * Opens a trained run.
   *
   * @param run its folder
   * @param execution threads, allowed audits, progress; nothing that changes a number
   */
  public Evaluation(RunFolder run, Execution execution) {
    this.run = run;
    this.execution = execution;
    this.recipe = RunFiles.recipe(run);
    this.targets = TargetTable.read(run);
    this.stimuli = StimulusFile.read(run);
    this.learning = new LearningPanels(run);
    this.made =
        new MadePanels(
            stimuli, recipe.evaluation().gallery(), Seed.of(recipe.seed()).child("made gallery"));
    this.panel = new AuditPanel(List.of(), execution.allowed());
  }

  /** What the audits said of plan and result; known after {@link #evaluate}. */
  public AuditPanel panel() {
    return panel;
  }

  /**
   * Scores every trained subject and writes {@code report.json}, {@code scores.tsv} and, where
   * decoders other than ridge, {@code differences.tsv} of them and ridge, and {@code ablation.tsv}
   * where regions were left out; the runs of further targets are scored too, with pages of their
   * own.
   *
   * @return the report
   */
  public Report evaluate() {
    Map<String, String> failures = RunFiles.failures(run);
    List<SubjectPanel> panels = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    try (MadeScoring making = new MadeScoring(run, stimuli)) {
      for (String subject : run.subjects()) {
        if (run.finished(Decoded.folder(subject) + "/training", run.identity())) {
          findings.addAll(RunFiles.findings(run, subject));
          panels.add(subject(Decoded.read(run, subject), making));
        } else if (!failures.containsKey(subject)) {
          failures.put(subject, "its training was interrupted; run again to continue it");
        }
      }
    }
    if (panels.isEmpty()) {
      throw new RecipeException(
          "evaluating " + run.path() + ": no subject is trained in it. Train first: noesis train.");
    }
    failures.forEach((subject, why) -> panels.add(failed(subject, why)));
    List<String> order = List.copyOf(Audits.registry().names());
    findings.sort(Comparator.comparingInt(f -> order.indexOf(f.code())));
    panel =
        new AuditPanel(findings, execution.allowed())
            .and(AuditPanel.inspect(Audit.Phase.RESULT, cases, execution.allowed()));
    Report report = report(panels);
    Tsv.write(run.file("scores.tsv"), SCORE_COLUMNS, scoreRows);
    List<List<String>> differences = new ArrayList<>(ridge.rows());
    differences.addAll(differenceRows);
    if (!differences.isEmpty()) {
      Tsv.write(run.file("differences.tsv"), RidgePanels.COLUMNS, differences);
    }
    if (!ablation.rows().isEmpty()) {
      Tsv.write(run.file("ablation.tsv"), AblationPanels.COLUMNS, ablation.rows());
    }
    ReportJson.write(run.file(REPORT), report);
    return report;
  }

  private SubjectPanel subject(Decoded decoded, MadeScoring making) {
    Progress progress = new RunLog(run, execution.progress());
    progress.begin("sub-" + decoded.subject() + ": scoring", 0);
    Scoring scoring = new Scoring(recipe, targets, stimuli);
    List<Tensor> exchanged =
        ExchangedResponses.read(ExchangedResponses.file(run, Decoded.folder(decoded.subject())));
    Scoring.Result result = scoring.score(decoded, exchanged);
    List<MadeScoring.Result> outputs =
        making.of(decoded.subject(), MadeScoring.plans(recipe, decoded));
    made.add(decoded.subject(), outputs);
    Optional<AloneScores> alone = AloneScores.of(run, decoded, exchanged, scoring);
    List<Score> scores = new ArrayList<>();
    result.scores().forEach(entry -> scores.add(entry.score()));
    outputs.forEach(o -> scores.addAll(o.scores().getOrDefault(Condition.DECODED, List.of())));
    cases.add(
        new AuditCase(
            decoded.subject(),
            decoded.trials(),
            stimuli,
            StimulusTwins.NONE,
            decoded.folds(),
            decoded.kind(),
            decoded.fits(),
            targets.unit(),
            Optional.of(targets.embeddings()),
            Optional.of(
                new AuditCase.Outcome(
                    Optional.of(scoring.decodedTrials(decoded)),
                    scores,
                    outputs.stream().flatMap(o -> o.forAudits().stream()).toList(),
                    alone.map(AloneScores::found)))));
    done.add(decoded);
    learning.add(decoded, scoring);
    result.scores().forEach(entry -> scoreRows.add(row(decoded.subject(), network(), entry)));
    outputs.forEach(o -> addRows(decoded.subject(), o));
    if (RidgeBeside.belongs(recipe.encoder())) {
      RidgeBeside.Rows rows = RidgeBeside.read(run, decoded);
      ridge
          .add(decoded, result.scores(), rows, scoring, network())
          .forEach(entry -> scoreRows.add(row(decoded.subject(), "ridge", entry)));
    }
    ablation.add(decoded, result.scores(), Ablating.read(run, decoded), scoring);
    List<Line> facts = new ArrayList<>();
    decoded.notes().forEach(note -> facts.add(new Line(note.label(), note.value())));
    alone.ifPresent(a -> facts.addAll(alone(decoded.subject(), a)));
    facts.addAll(heads(decoded));
    control(facts, scoring, Scoring.asMean(decoded), "mean of training targets");
    if (!exchanged.isEmpty()) {
      control(facts, scoring, Scoring.asTold(decoded, exchanged), "mean over exchanged responses");
      facts.add(ExchangedResponses.line(recipe.encoder(), exchanged.size()));
    }
    outputs.stream()
        .filter(output -> output.request().what().equals(MadeRequest.CAPTIONS))
        .forEach(output -> facts.addAll(CaptionVariety.lines(output.table(), stimuli)));
    RetrievalFile.write(run, decoded.subject(), result.queries());
    Seed seed = Seed.of(recipe.seed()).child("gallery").child("sub-" + decoded.subject());
    SubjectPanel shown =
        new SubjectPanel(
            decoded.subject(),
            null,
            facts,
            SubjectPanels.split(decoded.trials(), decoded.folds()),
            scoreLines(result, outputs),
            SubjectPanels.curve(result.curves()).orElse(null),
            result.confusion().map(SubjectPanels::confusion).orElse(null),
            new Gallery(stimuli).of(result.queries(), recipe.evaluation().gallery(), seed));
    progress.done(scores.size() + " scores");
    return shown;
  }

  /** Scores further outputs; what the data card says of them, as slots have a panel. */
  private List<Line> heads(Decoded decoded) {
    HeadScores.All heads = HeadScores.of(run, recipe, network(), decoded, stimuli);
    SlotScores ofSlots = SlotScores.of(run, recipe, network(), decoded, stimuli);
    slots.add(decoded.subject(), ofSlots);
    List<HeadScores> all = new ArrayList<>(heads.scores());
    all.addAll(ofSlots.scores());
    for (HeadScores head : all) {
      head.entries().forEach(e -> scoreRows.add(row(decoded.subject(), head.name(), e)));
    }
    for (SlotScores.Pair pair : ofSlots.differences()) {
      differenceRows.add(
          RidgePanels.row(decoded.subject(), pair.first(), pair.second(), pair.contrast()));
    }
    List<Line> facts = new ArrayList<>();
    heads.scores().forEach(head -> facts.add(head.line()));
    facts.addAll(heads.unscored());
    return facts;
  }

  /** Tells the scores of trials alone; what the data card says of them. */
  private List<Line> alone(String subject, AloneScores alone) {
    String name = network() + AloneScores.NAME;
    alone.entries().forEach(e -> scoreRows.add(row(subject, name, e)));
    alone
        .contrasts()
        .forEach(c -> differenceRows.add(RidgePanels.row(subject, network(), name, c)));
    return alone.line().stream().toList();
  }

  /** What can be said of flow without the response, or without anything. */
  private void control(List<Line> facts, Scoring scoring, Decoded said, String what) {
    scoring
        .endPointError(said)
        .ifPresent(
            entry -> {
              scoreRows.add(row(said.subject(), what, entry));
              facts.add(
                  new Line(
                      MetricNames.label(entry.score().metric()) + ", " + what,
                      String.format(Locale.ROOT, "%.4g", entry.score().value())));
            });
  }

  private static List<ScoreLine> scoreLines(
      Scoring.Result result, List<MadeScoring.Result> outputs) {
    List<ScoreLine> lines = new ArrayList<>(SubjectPanels.scores(result.scores()));
    for (MadeScoring.Result output : outputs) {
      output
          .scores()
          .getOrDefault(Condition.DECODED, List.of())
          .forEach(s -> lines.add(SubjectPanels.made(s, output.request().what())));
    }
    return lines;
  }

  private void addRows(String subject, MadeScoring.Result output) {
    for (Condition condition : Condition.values()) {
      for (Score score : output.scores().getOrDefault(condition, List.of())) {
        scoreRows.add(
            row(
                subject,
                network(),
                new Scoring.Entry(output.request().what() + ": " + condition.key(), score)));
      }
    }
  }

  private String network() {
    EncoderSpec encoder = recipe.encoder();
    return encoder.architecture() + (encoder.prior().isPresent() ? " and prior" : "");
  }

  private static SubjectPanel failed(String subject, String why) {
    return new SubjectPanel(subject, why, List.of(), null, List.of(), null, null, List.of());
  }

  private Report report(List<SubjectPanel> panels) {
    JsonNode study = RunFiles.study(run);
    Optional<DatasetManifest> manifest =
        study.has("manifest")
            ? Optional.of(Manifests.dataset(study.path("manifest").asText()))
            : Optional.empty();
    Provenance provenance =
        Provenance.ofThisProgram()
            .with("recipe", recipe.name())
            .with("recipe SHA-256", recipe.hash())
            .with("data SHA-256", study.path("fingerprint").asText())
            .with("targets SHA-256", targets.fingerprint())
            .with("run identity", run.identity())
            .with("seed", Long.toString(recipe.seed()));
    if (recipe.control() != Control.NONE) {
      provenance = provenance.with("control", recipe.control().label());
    }
    for (Decoded decoded : done) {
      for (SubjectResponses.Note note : decoded.notes()) {
        if (note.label().equals(SubjectResponses.DECODED_FROM)) {
          provenance = provenance.with(note.label() + ", sub-" + decoded.subject(), note.value());
        }
      }
    }
    RunFiles.writeProvenance(run, provenance);
    ReportBuilder builder =
        new ReportBuilder(
            recipe,
            RunFiles.card(run),
            manifest,
            targets.embeddings().space(),
            execution.allowed());
    TargetCaptions.lines(recipe, stimuli).forEach(builder::withFact);
    if (recipe.encoder().subjects() != EncoderSpec.Subjects.EACH) {
      SubjectTraces.line(done, recipe.evaluation().permutations(), Seed.of(recipe.seed()))
          .ifPresent(builder::withFact);
    }
    Report report =
        builder.build(
            panels,
            panel.findings(),
            new ReportBuilder.Networks(learning.panel(done), ridge.panel()),
            provenance,
            Methods.text(
                recipe, RunFiles.card(run), targets.embeddings().space(), targets.unit(), done));
    Report slotted = slots.panel().map(report::with).orElse(report);
    Report asked = ablation.panel().map(slotted::with).orElse(slotted);
    Report whole = made.panel().map(p -> asked.with(p, made.sentences())).orElse(asked);
    return new AlsoPanels(run, execution).panel().map(whole::with).orElse(whole);
  }

  static final List<String> SCORE_COLUMNS =
      List.of(
          "subject",
          "metric",
          "variant",
          "value",
          "low",
          "high",
          "chance",
          "null_low",
          "null_high",
          "p",
          "n",
          "unit",
          "ceiling",
          "protocol",
          "encoder");

  static List<String> row(String subject, String encoder, Scoring.Entry entry) {
    Score s = entry.score();
    return List.of(
        subject,
        s.metric(),
        entry.variant(),
        Double.toString(s.value()),
        Double.toString(s.low()),
        Double.toString(s.high()),
        Double.toString(s.chance()),
        Double.toString(s.nullLow()),
        Double.toString(s.nullHigh()),
        Double.toString(s.p()),
        Integer.toString(s.n()),
        s.unit(),
        s.ceiling().isPresent() ? Double.toString(s.ceiling().getAsDouble()) : "",
        s.protocol(),
        encoder);
  }
}
