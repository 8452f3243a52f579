package io.noesis.experiment;

import io.noesis.ingest.study.StudyCard;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An inspection for people. */
final class InspectionText {
  private static final int LABEL = 14;

  private final List<String> lines = new ArrayList<>();

  private InspectionText() {}

  static List<String> of(Inspection inspection) {
    InspectionText text = new InspectionText();
    text.line("path", inspection.summary().path());
    text.line("format", inspection.summary().format());
    inspection.summary().facts().stream()
        .filter(fact -> !fact.value().isEmpty())
        .forEach(
            fact -> text.line(fact.label().equals("format") ? "" : fact.label(), fact.value()));
    inspection.study().ifPresent(text::study);
    inspection.run().ifPresent(text::run);
    inspection.problem().ifPresent(problem -> text.line("problem", problem));
    return text.lines;
  }

  private void line(String label, Object value) {
    lines.add(label + " ".repeat(Math.max(1, LABEL - label.length())) + value);
  }

  private void study(StudyOutline study) {
    lines.add("");
    lines.add("opened as a study (layout " + study.card().layout() + "):");
    line("origin", words(study.card().origin()));
    line("responses", study.responses());
    study
        .stimuli()
        .ifPresentOrElse(
            this::stimuli,
            () -> line("stimuli", "not counted, because a subject cannot be read (see below)"));
    for (StudyOutline.Subject subject : study.subjects()) {
      line("sub-" + subject.label(), subject.problem().orElseGet(() -> counts(subject)));
    }
  }

  private static String counts(StudyOutline.Subject subject) {
    return String.format(
        Locale.ROOT,
        "%s, %s, %s, about %.1f MB of memory",
        count(subject.runs(), "run", "runs"),
        count(subject.trials(), "trial", "trials"),
        count(subject.stimuli(), "stimulus", "stimuli"),
        subject.memoryBytes() / 1e6);
  }

  private static String count(int n, String one, String several) {
    return n + " " + (n == 1 ? one : several);
  }

  private void stimuli(StudyOutline.Stimuli stimuli) {
    line(
        "stimuli",
        stimuli.count()
            + ": "
            + stimuli.withPicture()
            + " with a picture, "
            + stimuli.withCaption()
            + " with a caption"
            + (stimuli.captions() > stimuli.withCaption()
                ? " (" + stimuli.captions() + " captions), "
                : ", ")
            + count(stimuli.categories().size(), "category", "categories"));
    line(
        "targets",
        stimuli.targets().isEmpty()
            ? "none: neither captions, nor categories, nor pictures of all stimuli"
            : String.join(", ", stimuli.targets()));
  }

  private void run(RunOutline run) {
    line("recipe", run.recipe().orElse("not written yet: the run was stopped at its start"));
    run.kind().ifPresent(kind -> line("kind", kind));
    run.study().ifPresent(title -> line("study", title));
    run.origin().ifPresent(origin -> line("origin", words(origin)));
    if (run.trains()) {
      line("trained", run.trained().isEmpty() ? "none" : String.join(", ", run.trained()));
    }
    if (!run.unfinished().isEmpty()) {
      line("unfinished", String.join(", ", run.unfinished()) + " (run again to continue)");
    }
    run.failed().forEach((subject, why) -> line("failed", subject + ": " + why));
    line("report", run.reports().isEmpty() ? "none yet" : String.join(", ", run.reports()));
  }

  private static String words(StudyCard.Origin origin) {
    return origin.name().toLowerCase(Locale.ROOT);
  }
}
