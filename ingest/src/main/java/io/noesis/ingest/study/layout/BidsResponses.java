package io.noesis.ingest.study.layout;

import io.noesis.ingest.format.nifti.NiftiFile;
import io.noesis.ingest.glm.Nuisance;
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
import io.noesis.run.Progress;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads the runs of a subject one after another: a row for each trial, one beta per voxel or a
 * window of volumes.
 */
final class BidsResponses {
  private final String subject;
  private final List<BidsRunTrials> runs;
  private final BidsSettings settings;
  private final BidsMask mask;
  private final Optional<BidsWindows> windows;

  BidsResponses(String subject, Path root, List<BidsRunTrials> runs, BidsSettings settings) {
    this.subject = subject;
    this.runs = runs;
    this.settings = settings;
    List<BidsRun> files = runs.stream().map(BidsRunTrials::run).toList();
    this.mask = BidsMask.of(subject, root, files, settings);
    this.windows = settings.windows().map(w -> new BidsWindows(w, root, subject, runs));
  }

  SubjectResponses read(TrialTable trials, Progress progress) {
    progress.begin((windows.isPresent() ? "volumes" : "betas") + " of sub-" + subject, runs.size());
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
      BitSet kept = KeptColumns.keptOf(mask.mask(), bold.mask());
      if (windows.isPresent()) {
        addWindows(together, run, bold.values(), kept);
      } else {
        together.add(scaled(new BidsBetas(settings).of(run, bold.values())), kept);
      }
      progress.step(1);
    }
    if (windows.isPresent()) {
      progress.done(trials.size() + " windows");
      return ofWindows(windows.get(), trials, together, dropped, constant);
    }
    Tensor all = together.rows();
    progress.done(all.dim(0) + " trials x " + all.dim(1) + " voxels");
    return new SubjectResponses(
        subject,
        trials,
        all,
        ResponseKind.BETAS,
        fits("betas", trials),
        notes(all.dim(1), dropped, constant),
        ResponseColumns.ofVoxels(
            Optional.of(together.fingerprint(mask.mask())),
            mask.mask().positionsMm(together.common().stream())));
  }

  private SubjectResponses ofWindows(
      BidsWindows cut, TrialTable trials, KeptColumns together, int dropped, int constant) {
    BitSet voxels = together.common();
    if (cut.averages()) {
      voxels.set(0, mask.mask().voxels());
    }
    List<Note> notes = notes(voxels.cardinality(), dropped, constant);
    notes.addAll(cut.notes());
    return new SubjectResponses(
        subject,
        trials,
        cut.responses(together.rows()),
        ResponseKind.SAMPLES,
        fits("volumes", trials),
        notes,
        ResponseColumns.of(Optional.of(cut.axes(mask.mask().positionsMm(voxels.stream())))));
  }

  private List<FitRecord> fits(String what, TrialTable trials) {
    return settings.scaling() == Scaling.NONE
        ? List.of()
        : TrialRows.fittedPerRun("z-score of " + what + " within run", trials);
  }

  /** A row for each volume of each trial's window. */
  private void addWindows(KeptColumns together, BidsRunTrials run, Tensor bold, BitSet kept) {
    BidsWindows cut = windows.orElseThrow();
    BidsBetas glm = new BidsBetas(settings);
    Tensor channels = cut.channels(bold, mask.mask().positionsMm(kept.stream()));
    Tensor rest = Nuisance.without(run.timing(), glm.confounds(run), glm.drift(), channels);
    together.add(cut.rows(run, scaled(rest)), cut.kept(channels, kept));
  }

  private Tensor scaled(Tensor rows) {
    if (settings.scaling() != Scaling.NONE) {
      TimeSeries.cleanInPlace(rows.array(), rows.dim(1), Trend.NONE, settings.scaling());
    }
    return rows;
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
    if (windows.isEmpty()) {
      notes.add(
          new Note(
              "GLM",
              glm.model().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                  + ", "
                  + glm.noise().name().toLowerCase(Locale.ROOT)
                  + " noise, HRF "
                  + glm.hrf()));
    }
    notes.add(new Note("drift", "cosines up to " + glm.highPassHz() + " Hz"));
    notes.add(
        new Note("start of the first volume", distinct(r -> seconds(r.timing().startSeconds()))));
    notes.add(
        new Note(
            "confounds",
            settings.confounds().isEmpty() ? "none" : String.join(", ", settings.confounds())));
    notes.add(
        new Note(
            "scaling of " + (windows.isPresent() ? "volumes" : "betas"),
            TrialRows.words(settings.scaling())));
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
