package io.noesis.ingest.study.layout;

import io.noesis.ingest.format.nifti.NiftiFile;
import io.noesis.ingest.signal.Scaling;
import io.noesis.ingest.signal.TimeSeries;
import io.noesis.ingest.signal.Trend;
import io.noesis.ingest.study.FitRecord;
import io.noesis.ingest.study.ResponseColumns;
import io.noesis.ingest.study.ResponseKind;
import io.noesis.ingest.study.SubjectResponses;
import io.noesis.ingest.study.SubjectResponses.Note;
import io.noesis.ingest.volume.BrainMask;
import io.noesis.ingest.volume.MaskedRun;
import io.noesis.ingest.volume.Masker;
import io.noesis.ingest.volume.MaskerOptions;
import io.noesis.ingest.volume.VolumeSource;
import io.noesis.run.DataException;
import io.noesis.run.Progress;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads the files of a subject of the layout {@code table} and cuts its trials. */
final class TableResponses {
  private final Path root;
  private final TableSettings settings;
  private final TableSubject subject;
  private final List<Optional<BrainMask>> masks = new ArrayList<>();
  private int nonFinite;
  private int columns;
  private int constant;
  private String space = "";

  TableResponses(Path root, TableSettings settings, TableSubject subject) {
    this.root = root;
    this.settings = settings;
    this.subject = subject;
  }

  SubjectResponses read(Progress progress) {
    progress.begin("responses of sub-" + subject.label(), subject.files().size());
    KeptColumns together = new KeptColumns();
    for (Map.Entry<Path, List<LabelledRun>> entry : subject.files().entrySet()) {
      MatrixFile.Read file = matrix(entry.getKey());
      nonFinite = Math.max(nonFinite, file.nonFinite());
      columns = file.columns();
      together.add(trials(file.values(), entry.getValue()), file.kept());
      progress.step(1);
    }
    Tensor rows = together.rows();
    progress.done(rows.dim(0) + " trials x " + rows.dim(1) + " voxels");
    return new SubjectResponses(
        subject.label(),
        subject.trials(),
        rows,
        ResponseKind.SAMPLES,
        fits(),
        notes(rows.dim(1)),
        columns(together));
  }

  /** Known where every file is an image and all have the same mask. */
  private ResponseColumns columns(KeptColumns together) {
    if (masks.size() != 1 || masks.get(0).isEmpty()) {
      return ResponseColumns.UNKNOWN;
    }
    BrainMask mask = masks.get(0).get();
    return ResponseColumns.ofVoxels(
        Optional.of(together.fingerprint(mask)), mask.positionsMm(together.common().stream()));
  }

  private List<FitRecord> fits() {
    if (settings.trend() == Trend.NONE && settings.scaling() == Scaling.NONE) {
      return List.of();
    }
    return TrialRows.fittedPerRun(
        "trend " + settings.trend() + " and scaling " + settings.scaling() + " within run",
        subject.trials());
  }

  private MatrixFile.Read matrix(Path file) {
    if (TableStudy.isMatrix(file)) {
      space = "columns of the matrix";
      met(Optional.empty());
      return MatrixFile.read(file, settings.nonFinite());
    }
    VolumeSource source = NiftiFile.source(file);
    BrainMask mask = mask(root, settings, subject.label(), source);
    space = "of " + mask.grid().voxels();
    met(Optional.of(mask));
    MaskedRun run =
        new Masker(mask, new MaskerOptions(Trend.NONE, Scaling.NONE, settings.nonFinite()))
            .mask(source);
    return new MatrixFile.Read(
        run.values(), KeptColumns.keptOf(mask, run.mask()), mask.voxels(), run.nonFiniteVoxels());
  }

  private void met(Optional<BrainMask> mask) {
    if (!masks.contains(mask)) {
      masks.add(mask);
    }
  }

  static BrainMask mask(Path root, TableSettings settings, String subject, VolumeSource source) {
    String name =
        settings
            .mask()
            .orElseThrow(
                () ->
                    new DataException(
                        "reading "
                            + source.name()
                            + ": an image needs a mask. Give the setting 'mask'."));
    Path file = StudyFiles.require(root.resolve(name.replace("{subject}", subject)), "the mask");
    return NiftiFile.readMask(file).in(settings.voxelOrder());
  }

  /** Cleans every recording of a file by itself and takes the mean of each trial's volumes. */
  private Tensor trials(Tensor matrix, List<LabelledRun> runs) {
    int width = matrix.dim(1);
    int count = runs.stream().mapToInt(run -> run.trials().size()).sum();
    float[] out = new float[Math.multiplyExact(count, width)];
    int trial = 0;
    for (LabelledRun run : runs) {
      float[] values = matrix.rows(run.rows().stream().mapToInt(r -> r).toArray()).array();
      constant =
          Math.max(
              constant,
              TimeSeries.cleanInPlace(values, width, settings.trend(), settings.scaling()));
      for (LabelledRun.Cut cut : run.trials()) {
        mean(values, width, cut.volumes(), out, trial * width);
        trial++;
      }
    }
    return Tensor.wrap(out, count, width);
  }

  private static void mean(float[] in, int width, List<Integer> rows, float[] out, int at) {
    for (int c = 0; c < width; c++) {
      double sum = 0;
      for (int row : rows) {
        sum += in[row * width + c];
      }
      out[at + c] = (float) (sum / rows.size());
    }
  }

  private List<Note> notes(int kept) {
    List<LabelledRun> runs = subject.files().values().stream().flatMap(List::stream).toList();
    int volumes = runs.stream().mapToInt(run -> run.rows().size()).sum();
    int lost = runs.stream().mapToInt(LabelledRun::lost).sum();
    List<Note> notes = new ArrayList<>();
    notes.add(new Note("runs", runs.size() + " runs, " + volumes + " volumes"));
    notes.add(new Note("TR", String.format(Locale.ROOT, "%s s", subject.trSeconds())));
    notes.add(new Note("voxels", kept + " " + space));
    settings.mask().ifPresent(mask -> notes.add(new Note("mask", mask)));
    if (nonFinite > 0) {
      notes.add(
          new Note("NaN voxels", nonFinite + " of " + columns + " (" + settings.nonFinite() + ")"));
    }
    if (constant > 0) {
      notes.add(new Note("constant voxels", "up to " + constant + " per run; set to 0"));
    }
    notes.add(
        new Note(
            "trials",
            subject.trials().size()
                + (settings.average() == TableSettings.Average.BLOCK
                    ? " block means"
                    : " single volumes")));
    notes.add(
        new Note(
            "stimulus identity",
            settings.columns().stimulus().isPresent()
                ? "by the table"
                : "unknown; only the category is known, every block counts as its own stimulus"));
    notes.add(
        new Note("trend", settings.trend().name().toLowerCase(Locale.ROOT) + ", removed per run"));
    notes.add(new Note("scaling", TrialRows.words(settings.scaling())));
    notes.add(
        new Note(
            "haemodynamic shift",
            settings.shiftVolumes()
                + " volumes"
                + (lost > 0 ? " (" + lost + " volumes at the ends of runs lost)" : "")));
    return notes;
  }
}
