package io.noesis.experiment;

import io.noesis.alignment.train.EpochRecord;
import io.noesis.alignment.train.TrainingRun;
import io.noesis.report.LearningPanel;
import io.noesis.report.LearningPanel.EpochLine;
import io.noesis.report.LearningPanel.LearningLine;
import io.noesis.report.LearningPanel.NewSubject;
import io.noesis.report.LearningPanel.TrainingCurve;
import io.noesis.report.ScoreLine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a report shows of how networks learned, from the run folder. */
final class LearningPanels {
  private final RunFolder run;
  private final List<NewSubject> newSubjects = new ArrayList<>();

  LearningPanels(RunFolder run) {
    this.run = run;
  }

  /** Scores the learning curve of a subject, where it has one. */
  void add(Decoded decoded, Scoring scoring) {
    List<LearningLine> lines = new ArrayList<>();
    for (LearningPoint point : LearningPoint.readAll(run, decoded.subject())) {
      Scoring.Result result =
          scoring.score(decoded.with(point.values(), point.means()), point.exchanged());
      for (ScoreLine score : SubjectPanels.scores(result.scores())) {
        if (score.headline()) {
          lines.add(new LearningLine(point.model(), point.trials(), score));
        }
      }
    }
    if (!lines.isEmpty()) {
      newSubjects.add(new NewSubject(decoded.subject(), lines));
    }
  }

  /** Everything; empty where nothing learned step by step. */
  Optional<LearningPanel> panel(List<Decoded> subjects) {
    List<TrainingCurve> networks = new ArrayList<>();
    int most = subjects.stream().mapToInt(d -> d.folds().size()).max().orElse(0);
    curves("all subjects", "", most, networks);
    subjects.forEach(
        d ->
            curves(
                "subject " + d.subject(), Decoded.folder(d.subject()), d.folds().size(), networks));
    return networks.isEmpty() && newSubjects.isEmpty()
        ? Optional.empty()
        : Optional.of(new LearningPanel(networks, newSubjects));
  }

  private void curves(String whose, String folder, int folds, List<TrainingCurve> into) {
    for (int f = 0; f < folds; f++) {
      Path file = run.file(Decoded.decoderPlace(folder, f)).resolve(TrainingRun.METRICS);
      if (Files.isRegularFile(file)) {
        into.add(
            new TrainingCurve(
                whose + (folds == 1 ? "" : ", fold " + (f + 1)),
                EpochRecord.read(file).stream()
                    .map(e -> new EpochLine(e.epoch(), e.loss(), e.validation().orElse(Double.NaN)))
                    .toList()));
      }
    }
  }
}
