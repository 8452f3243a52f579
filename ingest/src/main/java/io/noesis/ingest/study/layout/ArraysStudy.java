package io.noesis.ingest.study.layout;

import io.noesis.ingest.study.GivenEmbeddings;
import io.noesis.ingest.study.ResponseKind;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.ingest.study.Study;
import io.noesis.ingest.study.StudyCard;
import io.noesis.ingest.study.SubjectResponses;
import io.noesis.ingest.study.TrialTable;
import io.noesis.run.DataException;
import io.noesis.run.Failure;
import io.noesis.run.Progress;
import io.noesis.run.Suggest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The layout {@code arrays}: responses, trials and stimuli or embeddings that a lab made itself.
 */
final class ArraysStudy implements Study {
  private final Path root;
  private final ArraysSettings settings;
  private final StudyCard card;
  private final List<String> subjects;
  private final Optional<StimulusTable> table;
  private final SubjectsOnce<ArraysSubject> opened;

  private ArraysStudy(Path root, ArraysSettings settings, StudyCard card) {
    this.root = root;
    this.settings = settings;
    this.card = card;
    this.subjects = chosen(root, settings);
    Path usual = root.resolve("stimuli").resolve("stimuli.tsv");
    Optional<Path> file =
        settings
            .stimuli()
            .map(root::resolve)
            .or(() -> Files.exists(usual) ? Optional.of(usual) : Optional.empty());
    this.table = file.map(f -> StimulusTable.read(f, StudyFiles.folder(f)));
    this.opened =
        new SubjectsOnce<>(
            root, subjects, label -> ArraysSubject.open(root, label, settings, table));
  }

  static Study open(Path root, ArraysSettings settings, Optional<StudyCard> card) {
    return new ArraysStudy(
        root, settings.withFound(root), card.orElse(StudyFiles.card(root, "arrays")));
  }

  private static List<String> chosen(Path root, ArraysSettings settings) {
    List<String> there = new ArrayList<>();
    try (Stream<Path> entries = Files.list(root)) {
      entries
          .filter(Files::isDirectory)
          .map(p -> String.valueOf(p.getFileName()))
          .filter(n -> n.startsWith("sub-"))
          .map(n -> n.substring(4))
          .sorted()
          .forEach(there::add);
    } catch (IOException e) {
      throw new DataException("listing " + root + ": " + Failure.reason(e) + ".", e);
    }
    List<String> known = there.isEmpty() ? List.of("01") : there;
    for (String subject : settings.subjects()) {
      boolean named =
          settings.responses().contains("{subject}") || settings.trials().contains("{subject}");
      if (!known.contains(subject) && !named && !there.isEmpty()) {
        throw new DataException(
            "opening "
                + root
                + ": it has no folder sub-"
                + subject
                + ". "
                + Suggest.sentence(subject, known));
      }
    }
    return settings.subjects().isEmpty() ? known : settings.subjects().stream().sorted().toList();
  }

  @Override
  public StudyCard card() {
    return card;
  }

  @Override
  public List<String> subjects() {
    return subjects;
  }

  @Override
  public StimulusSet stimuli() {
    if (table.isPresent()) {
      return table.get().stimuli();
    }
    Map<String, Path> pictures = pictures();
    return ShownStimuli.of(subjects, this::trials, id -> Optional.ofNullable(pictures.get(id)));
  }

  /** Pictures in {@code stimuli/} by their name without its ending. */
  private Map<String, Path> pictures() {
    Path folder = root.resolve("stimuli");
    Map<String, Path> out = new LinkedHashMap<>();
    if (!Files.isDirectory(folder)) {
      return out;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        if (name.matches("(?i).+\\.(png|jpe?g|gif|bmp)")) {
          out.putIfAbsent(name.substring(0, name.lastIndexOf('.')), file);
          out.putIfAbsent(name, file);
        }
      }
      return out;
    } catch (IOException e) {
      throw new DataException("listing " + folder + ": " + Failure.reason(e) + ".", e);
    }
  }

  @Override
  public TrialTable trials(String subject) {
    return subject(subject).trials();
  }

  @Override
  public ResponseKind kind() {
    return ResponseKind.GIVEN;
  }

  @Override
  public SubjectResponses responses(String subject, Progress progress) {
    return subject(subject).read(root, settings, progress);
  }

  @Override
  public long memoryBytes(String subject) {
    long[] shape = MatrixFile.shape(subject(subject).responses());
    // Leaving columns out needs a second matrix for a moment.
    return 4L * shape[1] * subject(subject).trials().size() * 2;
  }

  @Override
  public boolean ofEpochs(String subject) {
    return EpochFiles.axes(root, subject(subject).responses(), settings).isPresent();
  }

  @Override
  public Optional<GivenEmbeddings> embeddings() {
    return settings
        .embeddings()
        .map(file -> EmbeddingFile.read(root, file, settings, stimuli().ids()));
  }

  @Override
  public Optional<Path> folder() {
    return Optional.of(root);
  }

  @Override
  public String fingerprint() {
    List<Path> files = new ArrayList<>();
    table.ifPresent(t -> files.add(t.file()));
    stimuli().all().forEach(s -> s.image().ifPresent(files::add));
    settings.embeddings().ifPresent(f -> files.add(root.resolve(f)));
    settings.embeddingIds().ifPresent(f -> files.add(root.resolve(f)));
    for (String subject : subjects) {
      files.add(subject(subject).responses());
      files.add(subject(subject).table());
      files.addAll(EpochFiles.of(root, subject(subject).responses(), settings));
    }
    return StudyFiles.fingerprint(root, files);
  }

  private ArraysSubject subject(String subject) {
    return opened.get(subject);
  }
}
