package io.noesis.ingest.study.layout;

import io.noesis.ingest.format.nifti.NiftiFile;
import io.noesis.ingest.study.ResponseKind;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.ingest.study.Study;
import io.noesis.ingest.study.StudyCard;
import io.noesis.ingest.study.SubjectResponses;
import io.noesis.ingest.study.TrialTable;
import io.noesis.ingest.volume.VolumeSource;
import io.noesis.run.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The layout {@code table}: an image or matrix, a mask, and a table of labels. */
final class TableStudy implements Study {
  private final Path root;
  private final TableSettings settings;
  private final StudyCard card;
  private final Optional<StimulusTable> stimuli;
  private final SubjectsOnce<TableSubject> opened;

  private TableStudy(Path root, TableSettings settings, StudyCard card) {
    this.root = root;
    this.settings = settings;
    this.card = card;
    this.stimuli =
        settings
            .stimuli()
            .map(root::resolve)
            .map(file -> StimulusTable.read(file, StudyFiles.folder(file)));
    this.opened =
        new SubjectsOnce<>(
            root, settings.subjects(), label -> TableSubject.open(root, settings, label, stimuli));
  }

  static Study open(Path root, TableSettings settings, Optional<StudyCard> card) {
    return new TableStudy(root, settings, card.orElse(StudyFiles.card(root, "table")));
  }

  @Override
  public StudyCard card() {
    return card;
  }

  @Override
  public List<String> subjects() {
    return settings.subjects().stream().sorted().toList();
  }

  @Override
  public StimulusSet stimuli() {
    if (stimuli.isPresent()) {
      return stimuli.get().stimuli();
    }
    return ShownStimuli.of(subjects(), this::trials, id -> Optional.empty());
  }

  @Override
  public TrialTable trials(String subject) {
    return subject(subject).trials();
  }

  @Override
  public ResponseKind kind() {
    return ResponseKind.SAMPLES;
  }

  @Override
  public SubjectResponses responses(String subject, Progress progress) {
    return new TableResponses(root, settings, subject(subject)).read(progress);
  }

  @Override
  public long memoryBytes(String subject) {
    long largest = 0;
    long columns = 0;
    for (Path file : subject(subject).files().keySet()) {
      long rows;
      if (isMatrix(file)) {
        long[] shape = MatrixFile.shape(file);
        rows = shape[0];
        columns = shape[1];
      } else {
        VolumeSource source = NiftiFile.source(file);
        rows = source.volumes();
        columns = TableResponses.mask(root, settings, subject, source).voxels();
      }
      largest = Math.max(largest, rows * columns);
    }
    // The file's matrix, its cleaned copy, and the trials cut from it.
    return 4L * (2 * largest + 2L * subject(subject).trials().size() * columns);
  }

  @Override
  public boolean ofEpochs(String subject) {
    return false;
  }

  static boolean isMatrix(Path file) {
    return String.valueOf(file.getFileName()).endsWith(".npy");
  }

  @Override
  public Optional<Path> folder() {
    return Optional.of(root);
  }

  @Override
  public String fingerprint() {
    List<Path> files = new ArrayList<>();
    stimuli.ifPresent(table -> files.addAll(table.files()));
    for (String subject : subjects()) {
      TableSubject one = subject(subject);
      files.add(one.table());
      files.addAll(one.files().keySet());
      settings.mask().ifPresent(m -> files.add(root.resolve(m.replace("{subject}", subject))));
    }
    return StudyFiles.fingerprint(root, files);
  }

  private TableSubject subject(String subject) {
    return opened.get(subject);
  }
}
