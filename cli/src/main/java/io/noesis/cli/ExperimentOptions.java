package io.noesis.cli;

import io.noesis.encoders.torch.Device;
import io.noesis.encoders.torch.Libtorch;
import io.noesis.experiment.Execution;
import io.noesis.run.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every command takes that carries an experiment out. */
final class ExperimentOptions {
  @Option(
      names = "--root",
      paramLabel = "DIR",
      description = "The study's folder, where the recipe does not say or says it otherwise.")
  @Nullable Path root;

  @Option(
      names = {"--participant-label", "--participant_label"},
      paramLabel = "LABEL",
      arity = "1..*",
      description = "Only these subjects, without 'sub-'; all when absent.")
  List<String> participants = new ArrayList<>();

  @Option(
      names = "--nprocs",
      paramLabel = "N",
      converter = AtLeast.One.class,
      description =
          "How many threads compute (default: all processors). Never changes a number, but the last"
              + " bits of networks that are too large for one thread.")
  int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--mem-mb",
      paramLabel = "MB",
      converter = AtLeast.Zero.class,
      description =
          "Refuse work that is estimated to need more memory (default: the JVM's limit; for models"
              + " that make captions and pictures the machine's).")
  long memoryMb;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Override a key of the recipe, for example --set evaluation.permutations=9999.")
  List<String> overrides = new ArrayList<>();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Root of all randomness; the same as --set seed=N.")
  @Nullable Long seed;

  @Option(
      names = "--force",
      description = "Remove an earlier run in the output folder and begin anew.")
  boolean force;

  @Option(
      names = "--allow",
      paramLabel = "CODE",
      description = "Let the BLOCK of this audit through; the report shows that it was.")
  Set<String> allowed = new LinkedHashSet<>();

  @Option(
      names = "--checkpoint-seconds",
      paramLabel = "S",
      description =
          "Time between the checkpoints of a network's training (default: ${DEFAULT-VALUE}). Never"
              + " changes a number.")
  double checkpointSeconds = 30;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description =
          "Where networks are trained: cpu, cuda, cuda:1 for the second card, or auto, which says"
              + " what it chose (default: ${DEFAULT-VALUE}).")
  String device = "cpu";

  @Mixin PacksOption packs;

  @Option(
      names = "--no-cache",
      description =
          "Embed the stimuli anew, and do not keep the embeddings in ~/.cache/noesis/embeddings"
              + " for later runs.")
  boolean withoutCache;

  List<String> allOverrides() {
    List<String> all = new ArrayList<>(overrides);
    if (seed != null) {
      all.add("seed=" + seed);
    }
    return all;
  }

  Execution execution(Path out, Progress progress) {
    choose(progress);
    return new Execution(
        out,
        Optional.ofNullable(root),
        participants.stream().map(p -> p.startsWith("sub-") ? p.substring(4) : p).toList(),
        threads,
        memoryMb,
        force ? Execution.Existing.REPLACE : Execution.Existing.RESUME,
        allowed,
        Duration.ofMillis(Math.round(1000 * checkpointSeconds)),
        Interrupt.OF_PROCESS,
        progress,
        withoutCache ? packs.places().withoutCache() : packs.places());
  }

  /** The processor is what libtorch uses anyway; it need not be loaded for that. */
  private void choose(Progress progress) {
    Device chosen = Device.of(device);
    if (!device.equals("cpu")) {
      progress.begin("device", 0);
      Libtorch.use(chosen);
      progress.done(chosen.toString());
    }
  }
}
