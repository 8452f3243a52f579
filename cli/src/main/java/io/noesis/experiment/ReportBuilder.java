package io.noesis.experiment;

import io.noesis.alignment.audit.Finding;
import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.score.PrimaryMetric;
import io.noesis.ingest.manifest.Baseline;
import io.noesis.ingest.manifest.DatasetManifest;
import io.noesis.ingest.study.StudyCard;
import io.noesis.report.AuditLine;
import io.noesis.report.LearningPanel;
import io.noesis.report.Report;
import io.noesis.report.Report.Level;
import io.noesis.report.Report.Line;
import io.noesis.report.Report.StudyPanel;
import io.noesis.report.Report.Verdict;
import io.noesis.report.RidgePanel;
import io.noesis.report.RidgePanel.Beside;
import io.noesis.report.RidgePanel.RidgeSubject;
import io.noesis.report.ScoreLine;
import io.noesis.report.SubjectPanel;
import io.noesis.run.Provenance;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Puts the parts of a report together and says in words what they come to. */
final class ReportBuilder {
  /** The audit that says what the headline says anyway. */
  private static final String NO_SIGNAL = "NO-SIGNAL";

  private static final double LEVEL = 0.05;

  private final DecodingRecipe recipe;
  private final StudyCard card;
  private final Optional<DatasetManifest> manifest;
  private final EmbeddingSpace space;
  private final Set<String> allowed;
  private final List<Line> furtherFacts = new ArrayList<>();

  ReportBuilder(
      DecodingRecipe recipe,
      StudyCard card,
      Optional<DatasetManifest> manifest,
      EmbeddingSpace space,
      Set<String> allowed) {
    this.recipe = recipe;
    this.card = card;
    this.manifest = manifest;
    this.space = space;
    this.allowed = allowed;
  }

  /** Adds a line to what is said of the study. */
  ReportBuilder withFact(Line fact) {
    furtherFacts.add(fact);
    return this;
  }

  Report build(
      List<SubjectPanel> subjects,
      List<Finding> findings,
      Networks networks,
      Provenance provenance,
      String methods) {
    List<AuditLine> audits = findings.stream().map(this::audit).toList();
    List<Line> lines = new ArrayList<>();
    provenance.entries().forEach((label, value) -> lines.add(new Line(label, value)));
    return new Report(
        Report.SCHEMA,
        recipe.title(),
        verdict(subjects, audits, networks.ridge()),
        study(),
        audits,
        GroupScores.of(subjects.stream().map(SubjectPanel::scores).toList()),
        subjects,
        null,
        warnings(subjects),
        lines,
        methods,
        networks.learning().orElse(null),
        networks.ridge().orElse(null),
        null,
        null,
        null,
        null);
  }

  /** What is said of networks, where there are any. */
  record Networks(Optional<LearningPanel> learning, Optional<RidgePanel> ridge) {}

  private AuditLine audit(Finding f) {
    boolean let = f.verdict() == Finding.Verdict.BLOCK && allowed.contains(f.code());
    return new AuditLine(
        f.code(), f.verdict().name(), f.subject(), f.decidedBy(), f.explanation(), f.remedy(), let);
  }

  private StudyPanel study() {
    List<Line> facts = new ArrayList<>();
    facts.add(new Line("layout", card.layout()));
    facts.add(new Line("licence", card.licence().isEmpty() ? "not stated" : card.licence()));
    if (!card.citation().isEmpty()) {
      facts.add(new Line("cite", card.citation()));
    }
    facts.add(new Line("target space", space.toString()));
    facts.add(new Line("encoder", recipe.encoder().architecture()));
    if (recipe.encoder().subjects() != EncoderSpec.Subjects.EACH) {
      facts.add(new Line("trained on", recipe.encoder().subjects().words()));
    }
    facts.add(new Line("split rule", recipe.split().rule()));
    if (recipe.control() != Control.NONE) {
      facts.add(new Line("control", recipe.control().words()));
    }
    facts.addAll(furtherFacts);
    facts.addAll(baselines(manifest));
    return new StudyPanel(card.name(), card.title(), card.origin().name(), facts);
  }

  /** What others reached, where the manifest says. */
  static List<Line> baselines(Optional<DatasetManifest> manifest) {
    List<Line> lines = new ArrayList<>();
    for (Baseline b : manifest.map(DatasetManifest::baselines).orElse(List.of())) {
      lines.add(
          new Line(
              "baseline",
              String.format(
                  Locale.ROOT,
                  "%s: %.3f (chance %.3f), %s, %s",
                  b.measure(),
                  b.value(),
                  b.chance(),
                  b.method(),
                  b.source())));
    }
    return lines;
  }

  private Verdict verdict(
      List<SubjectPanel> subjects, List<AuditLine> audits, Optional<RidgePanel> ridge) {
    List<SubjectPanel> done = subjects.stream().filter(s -> s.failure() == null).toList();
    List<String> details = new ArrayList<>();
    long above =
        done.stream().filter(s -> primary(s).filter(this::aboveChance).isPresent()).count();
    String by =
        done.stream()
            .flatMap(s -> primary(s).stream())
            .findFirst()
            .map(ReportBuilder::by)
            .orElse("");
    List<AuditLine> blocking =
        audits.stream()
            .filter(a -> a.verdict().equals("BLOCK") && !a.code().equals(NO_SIGNAL))
            .toList();
    boolean warned = audits.stream().anyMatch(a -> a.verdict().equals("WARN"));
    done.forEach(
        s ->
            Stream.concat(primary(s).stream(), headline(s).stream())
                .distinct()
                .forEach(score -> details.add(sentence(s.id(), score))));
    List<RidgeSubject> besides = ridge.map(RidgePanel::subjects).orElse(List.of());
    besides.forEach(b -> details.add("Subject " + b.subject() + ": " + b.verdict()));
    if (subjects.size() > done.size()) {
      details.add(
          (subjects.size() - done.size())
              + " of "
              + subjects.size()
              + " subjects failed; see their panels.");
    }
    if (card.origin() == StudyCard.Origin.SIMULATED) {
      details.add("The responses are simulated: this says nothing about brains.");
    }
    String what =
        "Decoding above chance in "
            + above
            + " of "
            + subjects.size()
            + (subjects.size() == 1 ? " subject" : " subjects");
    if (recipe.control() != Control.NONE) {
      details.add("Control: " + recipe.control().words() + ".");
      return new Verdict(Level.NOT_SUPPORTED, control(what, above, by), details);
    }
    if (!blocking.isEmpty()) {
      details.add("An audit found what makes the numbers untrustworthy; see the audit panel.");
      return new Verdict(Level.NOT_SUPPORTED, untrusted(blocking), details);
    }
    if (above == 0) {
      return new Verdict(Level.NOT_SUPPORTED, "No decoding above chance" + by, details);
    }
    boolean all = above == subjects.size();
    boolean below =
        besides.stream()
            .anyMatch(b -> b.standing() == Beside.BELOW || b.standing() == Beside.MISSING);
    return new Verdict(all && !warned && !below ? Level.SUPPORTED : Level.CAUTION, what, details);
  }

  /** With the codes; one that was let through is no less true. */
  private static String untrusted(List<AuditLine> blocking) {
    String codes =
        blocking.stream().map(AuditLine::code).distinct().collect(Collectors.joining(", "));
    boolean allowed = blocking.stream().allMatch(AuditLine::allowed);
    return "Not to be trusted: " + (allowed ? codes + " was let through" : "blocked by " + codes);
  }

  /** At chance is what a control is for; one subject in twenty is above it by accident. */
  private String control(String what, long above, String by) {
    return "Control, "
        + recipe.control().label()
        + ": "
        + (above == 0
            ? "no decoding above chance" + by + ", as it must be"
            : what + ", where none is possible");
  }

  /** Other scores may leave their null by accident, so the words say which one judges. */
  private static String by(ScoreLine score) {
    return " by the primary score (" + score.label() + ")";
  }

  /**
   * The score that judges, declared before any study is scored, as the audit {@code NO-SIGNAL} has
   * it; the first headline score where none of the declared ones is there.
   */
  private static Optional<ScoreLine> primary(SubjectPanel subject) {
    return PrimaryMetric.names().stream()
        .flatMap(name -> subject.scores().stream().filter(s -> PrimaryMetric.is(name, s.metric())))
        .findFirst()
        .or(() -> headline(subject));
  }

  private static Optional<ScoreLine> headline(SubjectPanel subject) {
    return subject.scores().stream().filter(ScoreLine::headline).findFirst();
  }

  private boolean aboveChance(ScoreLine s) {
    boolean better =
        s.direction().equals("HIGHER") ? s.value() > s.nullHigh() : s.value() < s.nullLow();
    return better && s.p() < LEVEL;
  }

  private static String sentence(String subject, ScoreLine s) {
    return String.format(
        Locale.ROOT,
        "Subject %s: %s %.3f [%.3f, %.3f], chance %.3f, p %s, n = %d.",
        subject,
        s.label(),
        s.value(),
        s.low(),
        s.high(),
        s.chance(),
        s.p() < 0.001 ? "< 0.001" : String.format(Locale.ROOT, "= %.3f", s.p()),
        s.n());
  }

  private static List<String> warnings(List<SubjectPanel> subjects) {
    List<String> warnings = new ArrayList<>();
    for (SubjectPanel s : subjects) {
      if (s.failure() != null) {
        warnings.add("Subject " + s.id() + " failed: " + s.failure());
      }
    }
    return warnings;
  }
}
