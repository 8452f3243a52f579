package io.noesis.cli;

import io.noesis.reconstruction.pack.ModelFolder;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.reconstruction.pack.StatedSpace;
import io.noesis.run.RecipeException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code noesis models set-space PACK}. */
@Command(
    name = "set-space",
    description = {
      "State that a pack takes embeddings of the space of a tower, because it was trained with that"
          + " very encoder, whatever its exporter called it. Only the names are stated: numbers and"
          + " tokens are compared here, the scaling of vectors in every run.",
      "The statement is kept in the pack's manifest and shown in every report. Ends with 6 when the"
          + " sizes differ."
    })
final class ModelsSpaceCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin CommonOptions common;
  @Mixin PacksOption place;

  @Parameters(paramLabel = "PACK", description = "A pack's name, or a folder.")
  String pack;

  @Option(
      names = "--space",
      paramLabel = "TOWER[:OUTPUT]",
      description =
          "The pack that makes the targets, and its output where it is not the pooled one"
              + " (clip-l:image_tokens).")
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

  @Override
  public Integer call() {
    ModelFolder models = place.models();
    ModelPack stated =
        space(models)
            .write(models.open(pack), given ? StatedSpace.Part.GIVEN : StatedSpace.Part.TAKEN);
    var out = spec.commandLine().getOut();
    StatedSpace.facts(stated).forEach((label, value) -> out.println(label + ": " + value));
    out.flush();
    return 0;
  }

  private StatedSpace space(ModelFolder models) {
    if (tower != null && model == null && layer == null) {
      return StatedSpace.ofTower(models, tower);
    }
    if (tower == null && model != null && layer != null) {
      return StatedSpace.named(model, layer);
    }
    throw new RecipeException(
        "stating the space of the model pack '"
            + pack
            + "': give either --space TOWER[:OUTPUT], or --model and --layer.");
  }
}
