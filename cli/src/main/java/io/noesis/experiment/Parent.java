package io.noesis.experiment;

import io.noesis.alignment.train.Lineage;
import io.noesis.encoders.architecture.AdapterStart;
import io.noesis.encoders.architecture.SharedNetwork;
import io.noesis.run.ModelException;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Safetensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The run whose networks are adapted.
 *
 * @param run its folder
 * @param recipe what it was made by
 * @param decoders folder of its decoders, below the run's
 */
record Parent(RunFolder run, DecodingRecipe recipe, String decoders) {
  static Parent open(Path folder) {
    RunFolder run = RunFolder.open(folder);
    DecodingRecipe recipe = RunFiles.recipe(run);
    List<String> places =
        Stream.concat(Stream.of(""), run.subjects().stream().map(Decoded::folder))
            .filter(place -> Files.isRegularFile(file(run, place, 0)))
            .toList();
    if (places.isEmpty()) {
      throw new RecipeException(
          "adapting the run " + folder + ": nothing is trained in it. Train it first.");
    }
    if (places.size() > 1) {
      throw new RecipeException(
          "adapting the run "
              + folder
              + ": it has a network for each of "
              + places.size()
              + " subjects and none that they share. Train them together (encoder.subjects:"
              + " together).");
    }
    return new Parent(run, recipe, places.get(0));
  }

  private static Path file(RunFolder run, String place, int fold) {
    return run.file(Decoded.decoderPlace(place, fold) + ".safetensors");
  }

  private Path file(int fold) {
    Path file = file(run, decoders, fold);
    if (!Files.isRegularFile(file)) {
      throw new RecipeException(
          "adapting the run "
              + run.path()
              + ": it has no decoder of fold "
              + (fold + 1)
              + ". Use the parent's split.");
    }
    return file;
  }

  SharedNetwork network(int fold) {
    return SharedNetwork.read(file(fold), recipe.encoder().architecture());
  }

  /** How the maps of new subjects start, where the network has such maps. */
  Optional<AdapterStart> start(int fold) {
    Path template = run.file(Decoded.templateFile(decoders, fold));
    return Files.isRegularFile(template)
        ? Optional.of(AdapterStart.read(template, network(fold)))
        : Optional.empty();
  }

  Lineage lineage(int fold) {
    Path file = file(fold);
    try (Safetensors in = Safetensors.open(file)) {
      return Lineage.read(in.metadata(), file)
          .orElseThrow(
              () ->
                  new ModelException(
                      "adapting "
                          + file
                          + ": it does not say whom and what it was trained on, so a leak could"
                          + " not be seen. Train it again with this version."));
    }
  }

  /** The child must decode into the parent's space with the parent's network. */
  void requireSame(DecodingRecipe child, TargetTable targets) {
    EncoderSpec own = child.encoder();
    if (!own.architecture().equals(recipe.encoder().architecture())
        || !own.settings().equals(recipe.encoder().settings())) {
      throw new RecipeException(
          "adapting the run "
              + run.path()
              + ": its network is "
              + recipe.encoder().architecture()
              + " "
              + recipe.encoder().settings()
              + ", the recipe's "
              + own.architecture()
              + " "
              + own.settings()
              + ". An adapted network keeps architecture and settings; leave encoder as it was.");
    }
    TargetTable before = TargetTable.read(run);
    if (!before.embeddings().space().equals(targets.embeddings().space())) {
      throw new RecipeException(
          "adapting the run "
              + run.path()
              + ": it decodes into the space "
              + before.embeddings().space()
              + ", the targets are in "
              + targets.embeddings().space()
              + ". Two spaces never mix; use the targets of the parent.");
    }
    if (!child.targets().broughtAlong() && !before.fingerprint().equals(targets.fingerprint())) {
      throw new RecipeException(
          "adapting the run "
              + run.path()
              + ": its targets are in the same space, but were made otherwise (of: "
              + recipe.targets().of()
              + ") than those here (of: "
              + child.targets().of()
              + "): other prompts, texts or settings. Leave targets as they were in the parent.");
    }
  }

  /** The child must be trained to, and told, what the parent was. */
  void requireSameFeatures(DecodingRecipe child, RunFolder childs) {
    EncoderSpec own = child.encoder();
    HeadTargets.read(own, childs)
        .requireSame(own.heads(), HeadTargets.FOLDER, HeadTargets.read(recipe.encoder(), run));
    HeadTargets.told(own, childs)
        .requireSame(own.inputs(), HeadTargets.INPUTS, HeadTargets.told(recipe.encoder(), run));
  }
}
