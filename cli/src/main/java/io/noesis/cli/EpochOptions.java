package io.noesis.cli;

import io.noesis.cli.SimulateCommand.Modality;
import io.noesis.ingest.simulate.EpochCodePlan;
import io.noesis.ingest.simulate.EpochSimulationSpec;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.SensorPlan;
import io.noesis.run.RecipeException;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** What only simulated EEG and MEG have, and their own defaults of what all studies have. */
final class EpochOptions {
  static final List<String> NAMES =
      List.of("--channels", "--rate", "--from", "--to", "--sources", "--epoch-code");
  private static final EpochSimulationSpec SPEC = EpochSimulationSpec.defaults();

  @Option(
      names = "--channels",
      description = "EEG, MEG: sensors (default: 32 electrodes or 64 magnetometers).")
  int channels;

  @Option(names = "--rate", description = "EEG, MEG: samples per second (default: 100).")
  double samplingRateHz;

  @Option(
      names = "--from",
      description = "EEG, MEG: beginning of an epoch in seconds (default: ${DEFAULT-VALUE}).")
  double fromSeconds = SPEC.sensors().startSeconds();

  @Option(
      names = "--to",
      description = "EEG, MEG: end of an epoch in seconds (default: ${DEFAULT-VALUE}).")
  double toSeconds = SPEC.sensors().endSeconds();

  @Option(
      names = "--sources",
      description = "EEG, MEG: sources in the head (default: ${DEFAULT-VALUE}).")
  int sources = SPEC.code().sources();

  @Option(
      names = "--epoch-code",
      description =
          "EEG, MEG: what tells about pictures: ${COMPLETION-CANDIDATES}; deflections (linear), or"
              + " the strength of oscillations (default: ${DEFAULT-VALUE}).")
  EpochCodePlan.Code code = SPEC.code().code();

  /** Options that every simulated study has, as they were parsed. */
  record Common(int subjects, PicturePlan pictures, double noiseCeiling) {}

  /** The plan; what was not given on the command line has the defaults of EEG and MEG. */
  EpochSimulationSpec plan(CommandSpec command, Modality modality, Common common) {
    ParseResult given = command.commandLine().getParseResult();
    PicturePlan usual = SPEC.pictures();
    PicturePlan pictures = common.pictures();
    SensorPlan sensors =
        SensorPlan.defaults(
            modality == Modality.EEG ? SensorPlan.Modality.EEG : SensorPlan.Modality.MEG);
    return new EpochSimulationSpec(
        given.hasMatchedOption("--subjects") ? common.subjects() : SPEC.subjects(),
        new PicturePlan(
            given.hasMatchedOption("--train") ? pictures.train() : usual.train(),
            given.hasMatchedOption("--train-repetitions")
                ? pictures.trainRepetitions()
                : usual.trainRepetitions(),
            given.hasMatchedOption("--test") ? pictures.test() : usual.test(),
            given.hasMatchedOption("--test-repetitions")
                ? pictures.testRepetitions()
                : usual.testRepetitions(),
            given.hasMatchedOption("--pixels") ? pictures.pixels() : usual.pixels(),
            pictures.captions()),
        new SensorPlan(
            sensors.modality(),
            given.hasMatchedOption("--channels") ? channels : sensors.channels(),
            given.hasMatchedOption("--rate") ? samplingRateHz : sensors.samplingRateHz(),
            fromSeconds,
            toSeconds),
        new EpochCodePlan(
            code,
            sources,
            given.hasMatchedOption("--noise-ceiling")
                ? common.noiseCeiling()
                : SPEC.code().noiseCeiling()));
  }

  /** The plan in a few lines. */
  static List<String> lines(EpochSimulationSpec plan) {
    PicturePlan pictures = plan.pictures();
    int trials =
        pictures.train() * pictures.trainRepetitions()
            + pictures.test() * pictures.testRepetitions();
    long bytes = 4L * plan.subjects() * trials * plan.sensors().channels() * samples(plan);
    return List.of(
        String.format(
            Locale.ROOT,
            "simulated %s: %d subjects, %d trials each, %d channels x %d samples at %s Hz",
            plan.sensors().modality(),
            plan.subjects(),
            trials,
            plan.sensors().channels(),
            samples(plan),
            plan.sensors().samplingRateHz()),
        String.format(
            Locale.ROOT,
            "code: %s, %d sources; %s; %d MB",
            plan.code().code().name().toLowerCase(Locale.ROOT),
            plan.code().sources(),
            plan.code().code() == EpochCodePlan.Code.EVOKED
                ? String.format(
                    Locale.ROOT,
                    "the best decoder of a trial tells %.0f %% of their variance",
                    100 * plan.code().noiseCeiling())
                : "no linear decoder reads it",
            bytes >> 20));
  }

  private static int samples(EpochSimulationSpec plan) {
    return plan.sensors().samples();
  }

  /** Refuses options that the chosen kind of study does not have. */
  static void refuse(CommandSpec command, Modality modality, List<String> names) {
    for (String name : names) {
      if (command.commandLine().getParseResult().hasMatchedOption(name)) {
        throw new RecipeException(
            "planning a simulated study: "
                + name
                + " has no meaning for --modality "
                + modality
                + ". Leave it out, or choose another modality.");
      }
    }
  }
}
