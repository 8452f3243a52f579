package io.noesis.cli;

import io.noesis.ingest.simulate.EpochSimulationSpec;
import io.noesis.ingest.simulate.Existing;
import io.noesis.ingest.simulate.Leak;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.PowerPlan;
import io.noesis.ingest.simulate.SignalPlan;
import io.noesis.ingest.simulate.SimulatedEpochStudy;
import io.noesis.ingest.simulate.SimulatedStudy;
import io.noesis.ingest.simulate.SimulationSpec;
import io.noesis.ingest.simulate.StimulusCode;
import io.noesis.ingest.simulate.TimingPlan;
import io.noesis.run.Parallel;
import io.noesis.run.Seed;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code noesis simulate OUT}: a simulated study, or with {@code --dry-run} its power. */
@Command(
    name = "simulate",
    description =
        "Write a simulated fMRI study (a BIDS folder) or EEG or MEG study (arrays), marked as"
            + " simulated everywhere, with a known signal; with --dry-run only say what such a study"
            + " would cost and could measure.")
final class SimulateCommand implements Callable<Integer> {
  private static final List<String> FMRI_ONLY =
      List.of(
          "--voxels",
          "--sessions",
          "--trials-per-run",
          "--tr",
          "--spacing",
          "--leak",
          "--code",
          "--motion");
  private static final SimulationSpec SPEC = SimulationSpec.defaults();
  private static final PicturePlan PICTURES = SPEC.pictures();
  private static final TimingPlan TIMING = SPEC.timing();
  private static final SignalPlan SIGNAL = SPEC.signal();

  @Spec CommandSpec spec;
  @Mixin CommonOptions common;

  @Parameters(paramLabel = "OUT", description = "The folder to write; it must be new or empty.")
  Path out;

  @Option(
      names = "--modality",
      description = "What is recorded: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  Modality modality = Modality.FMRI;

  /** What is recorded. */
  enum Modality {
    FMRI,
    EEG,
    MEG
  }

  @Mixin EpochOptions epochs;

  @Option(names = "--subjects", description = "How many people (default: ${DEFAULT-VALUE}).")
  int subjects = SPEC.subjects();

  @Option(names = "--voxels", description = "Voxels of each (default: ${DEFAULT-VALUE}).")
  int voxels = SPEC.voxels();

  @Option(names = "--train", description = "Training pictures (default: ${DEFAULT-VALUE}).")
  int train = PICTURES.train();

  @Option(
      names = "--train-repetitions",
      description = "How often each is seen (default: ${DEFAULT-VALUE}).")
  int trainRepetitions = PICTURES.trainRepetitions();

  @Option(names = "--test", description = "Test pictures (default: ${DEFAULT-VALUE}).")
  int test = PICTURES.test();

  @Option(
      names = "--test-repetitions",
      description = "How often each is seen (default: ${DEFAULT-VALUE}).")
  int testRepetitions = PICTURES.testRepetitions();

  @Option(names = "--pixels", description = "Side of a picture (default: ${DEFAULT-VALUE}).")
  int pixels = PICTURES.pixels();

  @Option(
      names = "--captions",
      description =
          "Captions of each picture, different wordings of the same (default: ${DEFAULT-VALUE}).")
  int captions = PICTURES.captions();

  @Option(names = "--sessions", description = "Sessions (default: ${DEFAULT-VALUE}).")
  int sessions = TIMING.sessions();

  @Option(names = "--trials-per-run", description = "At most (default: ${DEFAULT-VALUE}).")
  int trialsPerRun = TIMING.trialsPerRun();

  @Option(names = "--tr", description = "Seconds between volumes (default: ${DEFAULT-VALUE}).")
  double trSeconds = TIMING.trSeconds();

  @Option(
      names = "--spacing",
      description = "Seconds from one trial slot to the next (default: ${DEFAULT-VALUE}).")
  double spacingSeconds = TIMING.spacingSeconds();

  @Option(
      names = "--noise-ceiling",
      description =
          "Share of single-trial variance that is signal, 0 for none (default: ${DEFAULT-VALUE}).")
  double noiseCeiling = SIGNAL.noiseCeiling();

  @Option(
      names = "--code",
      description =
          "How attributes of pictures become responses: ${COMPLETION-CANDIDATES} (default:"
              + " ${DEFAULT-VALUE}).")
  StimulusCode code = SIGNAL.code();

  @Option(
      names = "--smooth",
      description =
          "fMRI: over how many mm (FWHM) neighbouring voxels prefer alike, as in cortex; 0: each"
              + " voxel has its own preferences (default: ${DEFAULT-VALUE}).")
  double smoothMm = SIGNAL.smoothMm();

  @Option(
      names = "--motion",
      paramLabel = "N",
      description =
          "fMRI: what pictures show begins to move, which responses tell; flow and features of the"
              + " first frame at N x N places; 0: nothing moves (default: ${DEFAULT-VALUE}).")
  int motion = SPEC.motion();

  @Option(
      names = "--leak",
      description = "Plant a fault that audits must find: ${COMPLETION-CANDIDATES}.")
  Leak leak = Leak.NONE;

  @Option(names = "--seed", description = "Root of all randomness (default: ${DEFAULT-VALUE}).")
  long seed = 0;

  @Option(
      names = "--nprocs",
      paramLabel = "N",
      converter = AtLeast.One.class,
      description = "Threads (default: all processors).")
  int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--force", description = "Replace a simulated study in OUT.")
  boolean force;

  @Option(names = "--dry-run", description = "Only the plan's cost and power; writes nothing.")
  boolean dryRun;

  @Override
  public Integer call() {
    return modality == Modality.FMRI ? fmri() : epochs();
  }

  private Integer epochs() {
    EpochOptions.refuse(spec, modality, FMRI_ONLY);
    EpochSimulationSpec plan =
        epochs.plan(spec, modality, new EpochOptions.Common(subjects, pictures(), noiseCeiling));
    EpochOptions.lines(plan).forEach(spec.commandLine().getOut()::println);
    if (!dryRun) {
      write(
          () ->
              SimulatedEpochStudy.of(plan, Seed.of(seed))
                  .write(out, existing(), common.progress(spec)));
    }
    return 0;
  }

  private PicturePlan pictures() {
    return new PicturePlan(train, trainRepetitions, test, testRepetitions, pixels, captions);
  }

  private Existing existing() {
    return force ? Existing.REPLACE : Existing.KEEP;
  }

  private void write(Runnable work) {
    Parallel.with(
        threads,
        () -> {
          work.run();
          return out;
        });
    spec.commandLine().getOut().println("wrote the simulated study " + out);
  }

  private Integer fmri() {
    EpochOptions.refuse(spec, modality, EpochOptions.NAMES);
    SimulationSpec plan =
        new SimulationSpec(
            subjects,
            voxels,
            pictures(),
            new TimingPlan(
                sessions,
                trialsPerRun,
                trSeconds,
                spacingSeconds,
                TIMING.jitterSeconds(),
                TIMING.stimulusSeconds(),
                TIMING.blankShare(),
                TIMING.startSeconds()),
            new SignalPlan(
                noiseCeiling,
                SIGNAL.noiseVoxels(),
                SIGNAL.rho(),
                SIGNAL.driftPercent(),
                code,
                smoothMm),
            leak,
            motion);
    PowerPlan.of(plan, Seed.of(seed)).lines().forEach(spec.commandLine().getOut()::println);
    if (!dryRun) {
      write(
          () ->
              SimulatedStudy.of(plan, Seed.of(seed)).write(out, existing(), common.progress(spec)));
    }
    return 0;
  }
}
