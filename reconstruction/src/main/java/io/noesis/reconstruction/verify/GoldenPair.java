package io.noesis.reconstruction.verify;

import io.noesis.reconstruction.diffusion.GoldenPicture;
import io.noesis.reconstruction.diffusion.Priors;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import java.nio.file.Files;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The inputs and outputs that a pack carries in {@code golden.safetensors}, written where it was
 * exported: a picture for generators, captions for captioners, vectors for towers. Making them
 * again proves graphs, tokenizer and everything around them on this machine.
 */
public final class GoldenPair {
  static final String FILE = "golden.safetensors";

  private GoldenPair() {}

  /**
   * Makes the outputs again.
   *
   * @param pack the pack, already checked
   * @param progress hears of every step
   * @return one sentence on how well they come out; empty when the pack carries none
   * @throws ModelException when they do not come out
   */
  public static Optional<String> check(ModelPack pack, Progress progress) {
    if (!Files.exists(pack.folder().resolve(FILE))) {
      return Optional.empty();
    }
    if (pack.kind().equals("caption")) {
      return Optional.of(GoldenCaptions.check(pack, progress));
    }
    if (Priors.registry().names().contains(pack.kind())) {
      return Optional.of(GoldenEmbedding.check(pack, progress));
    }
    OptionalInt levels = GoldenPicture.difference(pack, progress);
    if (levels.isPresent()) {
      int allowed = GoldenPicture.allowed(pack);
      if (levels.getAsInt() > allowed) {
        throw differs(
            pack,
            "the picture it carries comes out with a difference of "
                + levels.getAsInt()
                + " grey levels here, expected at most "
                + allowed);
      }
      return Optional.of("its picture comes out within " + levels.getAsInt() + " grey levels");
    }
    return pack.has("vision") || pack.has("text")
        ? Optional.of(GoldenVectors.check(pack, progress))
        : Optional.empty();
  }

  static ModelException differs(ModelPack pack, String how) {
    return new ModelException(
        "checking the model pack "
            + pack.folder()
            + ": "
            + how
            + ". Export the model again with the versions in reconstruction/export.");
  }
}
