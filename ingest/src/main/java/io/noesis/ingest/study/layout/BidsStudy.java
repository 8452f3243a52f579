package io.noesis.ingest.study.layout;

import io.noesis.ingest.format.bids.BidsDataset;
import io.noesis.ingest.format.bids.DatasetDescription;
import io.noesis.ingest.format.nifti.NiftiFile;
import io.noesis.ingest.study.ResponseKind;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.ingest.study.Study;
import io.noesis.ingest.study.StudyCard;
import io.noesis.ingest.study.SubjectResponses;
import io.noesis.ingest.study.Trial;
import io.noesis.ingest.study.TrialTable;
import io.noesis.ingest.volume.VolumeSource;
import io.noesis.run.DataException;
import io.noesis.run.Progress;
import io.noesis.run.Suggest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The layout {@code bids}: BOLD runs with events, turned into single-trial betas or windows of
 * volumes.
 *
 * <p>Tables and headers are read when first asked for and then kept; recordings never are.
 */
final class BidsStudy implements Study {
  private final BidsDataset dataset;
  private final BidsSettings settings;
  private final StudyCard card;
  private final Optional<StimulusTable> table;
  private final List<String> subjects;
  private final SubjectsOnce<List<BidsRunTrials>> runs;

  private BidsStudy(BidsDataset dataset, BidsSettings settings, StudyCard card) {
    this.dataset = dataset;
    this.settings = settings;
    this.card = card;
    Path stimuli = dataset.root().resolve(settings.stimuli());
    boolean wanted = !settings.stimuli().equals(BidsSettings.defaults().stimuli());
    this.table =
        wanted || Files.exists(stimuli)
            ? Optional.of(StimulusTable.read(stimuli, dataset.root().resolve("stimuli")))
            : Optional.empty();
    this.subjects = chosen(dataset, settings);
    this.runs = new SubjectsOnce<>(dataset.root(), subjects, this::read);
  }

  static Study open(Path root, BidsSettings settings, Optional<StudyCard> card) {
    BidsDataset dataset = BidsDataset.open(root);
    DatasetDescription says = dataset.description();
    boolean simulated =
        says.origin() == DatasetDescription.Origin.SIMULATED
            || card.map(c -> c.origin() == StudyCard.Origin.SIMULATED).orElse(false);
    String name = StudyFiles.name(root);
    StudyCard own =
        new StudyCard(
            card.map(StudyCard::name).orElse(name),
            card.map(StudyCard::title).orElse(says.name().isEmpty() ? name : says.name()),
            "bids",
            simulated ? StudyCard.Origin.SIMULATED : StudyCard.Origin.RECORDED,
            card.map(StudyCard::licence).orElse(says.licence()),
            card.map(StudyCard::citation).orElse(says.citation()));
    return new BidsStudy(dataset, settings, own);
  }

  private static List<String> chosen(BidsDataset dataset, BidsSettings settings) {
    List<String> there = dataset.subjects();
    if (there.isEmpty()) {
      throw new DataException(
          "opening the BIDS dataset "
              + dataset.root()
              + ": it has no subject folder, expected sub-01, sub-02, ... Check the path.");
    }
    for (String subject : settings.subjects()) {
      if (!there.contains(subject)) {
        throw new DataException(
            "opening the BIDS dataset "
                + dataset.root()
                + ": it has no folder sub-"
                + subject
                + ". "
                + Suggest.sentence(subject, there));
      }
    }
    return settings.subjects().isEmpty() ? there : settings.subjects().stream().sorted().toList();
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
    return ShownStimuli.of(subjects, this::trials, this::picture);
  }

  private Optional<Path> picture(String id) {
    Path picture = dataset.root().resolve("stimuli").resolve(id);
    return Files.isRegularFile(picture) ? Optional.of(picture) : Optional.empty();
  }

  @Override
  public TrialTable trials(String subject) {
    List<Trial> all = new ArrayList<>();
    runs(subject).forEach(run -> all.addAll(run.trials()));
    return TrialRows.counted(all);
  }

  @Override
  public ResponseKind kind() {
    return settings.windows().isPresent() ? ResponseKind.SAMPLES : ResponseKind.BETAS;
  }

  @Override
  public SubjectResponses responses(String subject, Progress progress) {
    return new BidsResponses(subject, dataset.root(), runs(subject), settings)
        .read(trials(subject), progress);
  }

  @Override
  public long memoryBytes(String subject) {
    long matrix = 0;
    long rows = 0;
    for (BidsRunTrials run : runs(subject)) {
      VolumeSource source = NiftiFile.source(run.run().bold().path());
      long voxels = maskVoxels(subject, run.run(), source);
      matrix = Math.max(matrix, 4L * source.volumes() * voxels + source.bufferBytes());
      long each = settings.windows().map(w -> rowsOf(w, run)).orElse(1L);
      rows += 4L * run.trials().size() * each * voxels;
    }
    // The rows of all runs, once per run and once together, beside the run being read.
    return (settings.windows().isPresent() ? 2 : 1) * matrix + 2 * rows;
  }

  @Override
  public boolean ofEpochs(String subject) {
    return settings.windows().isPresent();
  }

  /** Means of parcels take next to nothing. */
  private static long rowsOf(BidsSettings.Windows windows, BidsRunTrials run) {
    return windows.parcels().isPresent() ? 0 : windows.count(run.timing());
  }

  private long maskVoxels(String subject, BidsRun run, VolumeSource source) {
    return BidsMask.given(subject, dataset.root(), settings)
        .or(run::mask)
        .map(file -> (long) NiftiFile.readMask(file).voxels())
        .orElse((long) source.grid().voxels());
  }

  @Override
  public Optional<Path> folder() {
    return Optional.of(dataset.root());
  }

  @Override
  public String fingerprint() {
    List<Path> files = new ArrayList<>();
    table.ifPresent(t -> files.addAll(t.files()));
    for (String subject : subjects) {
      BidsMask.given(subject, dataset.root(), settings).ifPresent(files::add);
      settings
          .windows()
          .flatMap(BidsSettings.Windows::parcels)
          .map(file -> dataset.root().resolve(file.replace("{subject}", subject)))
          .ifPresent(file -> files.add(StudyFiles.require(file, "the atlas of parcels")));
      for (BidsRunTrials run : runs(subject)) {
        files.add(run.run().bold().path());
        files.add(run.run().events());
        run.run().mask().ifPresent(files::add);
        run.run().confounds().ifPresent(files::add);
      }
    }
    return StudyFiles.fingerprint(dataset.root(), files);
  }

  private List<BidsRunTrials> runs(String subject) {
    return runs.get(subject);
  }

  private List<BidsRunTrials> read(String subject) {
    return new BidsRuns(dataset, settings)
        .of(subject).stream()
            .map(run -> BidsRunTrials.read(subject, run, settings, table))
            .toList();
  }
}
