package io.noesis.cli;

import io.noesis.experiment.ModelPlaces;
import io.noesis.reconstruction.pack.ModelFolder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where model packs lie. */
final class PacksOption {
  @Option(
      names = "--models-dir",
      paramLabel = "DIR",
      description = "The folder of the model packs (default: $NOESIS_MODELS, else the user's).")
  @Nullable Path folder;

  ModelPlaces places() {
    ModelPlaces usual = ModelPlaces.usual();
    return folder == null ? usual : usual.withPacks(folder);
  }

  ModelFolder models() {
    return places().packs();
  }
}
