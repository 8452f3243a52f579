package io.noesis.cli;

import io.noesis.reconstruction.pack.ModelFolder;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.reconstruction.pack.StatedSpace;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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

  @Mixin SpaceOptions space;

  @Override
  public Integer call() {
    ModelFolder models = place.models();
    ModelPack stated =
        space
            .stated(models, pack)
            .orElseThrow(() -> SpaceOptions.incomplete(pack))
            .write(models.open(pack), space.part());
    var out = spec.commandLine().getOut();
    StatedSpace.facts(stated).forEach((label, value) -> out.println(label + ": " + value));
    out.flush();
    return 0;
  }
}
