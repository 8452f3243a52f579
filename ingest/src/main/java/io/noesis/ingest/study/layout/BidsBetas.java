package io.noesis.ingest.study.layout;

import io.noesis.ingest.format.nifti.NiftiFile;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.ingest.glm.BetaSpec;
import io.noesis.ingest.glm.Confounds;
import io.noesis.ingest.glm.DesignMatrix;
import io.noesis.ingest.glm.DesignSpec;
import io.noesis.ingest.glm.Drift;
import io.noesis.ingest.glm.Hrfs;
import io.noesis.ingest.glm.SingleTrialBetas;
import io.noesis.ingest.glm.TrialTiming;
import io.noesis.ingest.signal.Scaling;
import io.noesis.ingest.signal.TimeSeries;
import io.noesis.ingest.signal.Trend;
import io.noesis.ingest.study.FitRecord;
import io.noesis.ingest.study.ResponseColumns;
import io.noesis.ingest.study.ResponseKind;
import io.noesis.ingest.study.SubjectResponses;
import io.noesis.ingest.study.SubjectResponses.Note;
import io.noesis.ingest.study.TrialTable;
import io.noesis.ingest.volume.MaskedRun;
import io.noesis.ingest.volume.Masker;
import io.noesis.ingest.volume.MaskerOptions;
import io.noesis.run.DataException;
import io.noesis.run.Progress;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Reads the runs of a subject one after another and estimates one beta per trial and voxel. */
final class BidsBetas {
  private final String subject;
  private final List<BidsRunTrials> runs;
  private final BidsSettings settings;
  private final BidsMask mask;

  BidsBetas(String subject, Path root, List<BidsRunTrials> runs, BidsSettings settings) {
    this.subject = subject;
    this.runs = runs;
    this.settings = settings;
    List<BidsRun> files = runs.stream().map(BidsRunTrials::run).toList();
    this.mask = BidsMask.of(subject, root, files, settings);
  }

  SubjectResponses estimate(TrialTable trials, Progress progress) {
    progress.begin("betas of sub-" + subject, runs.size());
    KeptColumns together = new KeptColumns();
    int dropped = 0;
    int constant = 0;
    for (BidsRunTrials run : runs) {
      Masker masker =
          new Masker(
              mask.mask(), new MaskerOptions(Trend.NONE, Scaling.NONE, settings.nonFinite()));
      MaskedRun bold = masker.mask(NiftiFile.source(run.run().bold().path()));
      dropped = Math.max(dropped, bold.nonFiniteVoxels());
      constant = Math.max(constant, constantColumns(bold.values()));
      together.add(scaled(betas(run, bold.values())), KeptColumns.keptOf(mask.mask(), bold.mask()));
      progress.step(1);
    }
    Tensor all = together.rows();
    progress.done(all.dim(0) + " trials x " + all.dim(1) + " voxels");
    List<FitRecord> fits =
        settings.scaling() == Scaling.NONE
            ? List.of()
            : TrialRows.fittedPerRun("z-score of betas within run", trials);
    return new SubjectResponses(
        subject,
        trials,
        all,
        ResponseKind.BETAS,
        fits,
        notes(all.dim(1), dropped, constant),
        ResponseColumns.ofVoxels(
            Optional.of(together.fingerprint(mask.mask())),
            mask.mask().positionsMm(together.common().stream())));
  }

  private Tensor betas(BidsRunTrials run, Tensor bold) {
    List<TrialTiming> timings = new ArrayList<>();
    for (BidsEvents.Event event : run.events().events()) {
      timings.add(
          new TrialTiming(
              "line " + event.line() + " (" + event.stimulus() + ")",
              event.onset(),
              event.duration()));
    }
    BidsSettings.Glm glm = settings.glm();
    DesignSpec spec =
        DesignSpec.DEFAULT
            .withHrf(Hrfs.registry().get(glm.hrf()))
            .withDrift(
                glm.highPassHz() == 0 ? new Drift.None() : new Drift.Cosine(glm.highPassHz()));
    try {
      DesignMatrix design = DesignMatrix.of(run.timing(), timings, spec, confounds(run));
      BetaSpec betaSpec = new BetaSpec(glm.model(), glm.noise(), glm.unit());
      return SingleTrialBetas.estimate(design, bold, betaSpec).betas();
    } catch (DataException e) {
      throw new DataException(
          "estimating the betas of "
              + run.run().bold().path()
              + " with "
              + run.run().events()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private Confounds confounds(BidsRunTrials run) {
    int volumes = run.timing().volumes();
    if (settings.confounds().isEmpty()) {
      return Confounds.none(volumes);
    }
    TsvTable table = Tsv.read(run.run().confounds().orElseThrow());
    if (table.rows() != volumes) {
      throw new DataException(
          "reading the confounds "
              + table.name()
              + ": it has "
              + table.rows()
              + " rows, the run has "
              + volumes
              + " volumes. Check that both are of the same run.");
    }
    int columns = settings.confounds().size();
    double[] values = new double[volumes * columns];
    for (int c = 0; c < columns; c++) {
      String name = settings.confounds().get(c);
      for (int row = 0; row < volumes; row++) {
        double value = table.numberOrNaN(row, name);
        // fMRIPrep leaves derivatives undefined at the first volume; 0 there is its own advice.
        values[row * columns + c] = row == 0 && Double.isNaN(value) ? 0 : value;
      }
    }
    return new Confounds(settings.confounds(), Matrix.wrap(volumes, columns, values));
  }

  private Tensor scaled(Tensor betas) {
    if (settings.scaling() == Scaling.NONE) {
      return betas;
    }
    TimeSeries.cleanInPlace(betas.array(), betas.dim(1), Trend.NONE, settings.scaling());
    return betas;
  }

  private static int constantColumns(Tensor bold) {
    int columns = bold.dim(1);
    boolean[] varies = new boolean[columns];
    float[] values = bold.array();
    for (int i = columns; i < values.length; i++) {
      varies[i % columns] |= values[i] != values[i % columns];
    }
    int constant = 0;
    for (boolean b : varies) {
      constant += b ? 0 : 1;
    }
    return constant;
  }

  private List<Note> notes(int kept, int dropped, int constant) {
    BidsSettings.Glm glm = settings.glm();
    int volumes = runs.stream().mapToInt(r -> r.timing().volumes()).sum();
    int skipped = runs.stream().mapToInt(r -> r.events().skipped()).sum();
    int impulses = runs.stream().mapToInt(r -> r.events().impulses()).sum();
    List<Note> notes = new ArrayList<>();
    notes.add(new Note("runs", runs.size() + " runs, " + volumes + " volumes"));
    notes.add(new Note("TR", distinct(r -> seconds(r.timing().trSeconds()))));
    notes.add(new Note("voxels", kept + " of " + mask.mask().grid().voxels()));
    notes.add(new Note("mask", mask.source()));
    if (dropped > 0) {
      notes.add(
          new Note("NaN voxels", "up to " + dropped + " per run (" + settings.nonFinite() + ")"));
    }
    if (constant > 0) {
      notes.add(new Note("constant voxels", "up to " + constant + " per run; their betas are 0"));
    }
    notes.add(
        new Note(
            "trials",
            runs.stream().mapToInt(r -> r.trials().size()).sum()
                + " ("
                + skipped
                + " events are no trials"
                + (impulses > 0 ? ", " + impulses + " durations n/a taken as 0" : "")
                + ")"));
    notes.add(new Note("stimulus identity", distinct(r -> words(r.events().binding()))));
    notes.add(
        new Note(
            "GLM",
            glm.model().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + ", "
                + glm.noise().name().toLowerCase(Locale.ROOT)
                + " noise, HRF "
                + glm.hrf()));
    notes.add(new Note("drift", "cosines up to " + glm.highPassHz() + " Hz"));
    notes.add(
        new Note("start of the first volume", distinct(r -> seconds(r.timing().startSeconds()))));
    notes.add(
        new Note(
            "confounds",
            settings.confounds().isEmpty() ? "none" : String.join(", ", settings.confounds())));
    notes.add(new Note("scaling of betas", TrialRows.words(settings.scaling())));
    return notes;
  }

  private static String words(BidsEvents.Binding binding) {
    return switch (binding) {
      case ID -> "by id in the events";
      case FILE -> "by file in the events";
      case NONE -> "unknown; only the category is known, every event counts as its own stimulus";
    };
  }

  private String distinct(Function<BidsRunTrials, String> value) {
    return String.join(", ", runs.stream().map(value).distinct().toList());
  }

  private static String seconds(double value) {
    return String.format(Locale.ROOT, "%.6g s", value).replaceAll("\\.?0+ s$", " s");
  }
}
