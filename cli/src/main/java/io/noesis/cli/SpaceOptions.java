package io.noesis.cli;

import io.noesis.reconstruction.pack.ModelFolder;
import io.noesis.reconstruction.pack.StatedSpace;
import io.noesis.run.RecipeException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A user's word for the space of a pack's embeddings. */
final class SpaceOptions {
  @Option(
      names = "--space",
      paramLabel = "TOWER[:OUTPUT]",
      description =
          "State that the pack takes embeddings of this one: the pack that makes the targets, and"
              + " its output where it is not the pooled one (clip-l:image_tokens).")
  @Nullable String tower;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description =
          "In the place of --space, with --layer: the model as the run's targets name it.")
  @Nullable String model;

  @Option(names = "--layer", paramLabel = "NAME", description = "The layer, with --model.")
  @Nullable String layer;

  @Option(
      names = "--given",
      description = "Of a prior: what it is given, not what it draws for the generator.")
  boolean given;

  StatedSpace.Part part() {
    return given ? StatedSpace.Part.GIVEN : StatedSpace.Part.TAKEN;
  }

  /** What is stated; empty where nothing is. */
  Optional<StatedSpace> stated(ModelFolder models, String pack) {
    if (tower == null && model == null && layer == null && !given) {
      return Optional.empty();
    }
    if (tower != null && model == null && layer == null) {
      return Optional.of(StatedSpace.ofTower(models, tower));
    }
    if (tower == null && model != null && layer != null) {
      return Optional.of(StatedSpace.named(model, layer));
    }
    throw incomplete(pack);
  }

  static RecipeException incomplete(String pack) {
    return new RecipeException(
        "stating the space of the model pack '"
            + pack
            + "': give either --space TOWER[:OUTPUT], or --model and --layer.");
  }
}
