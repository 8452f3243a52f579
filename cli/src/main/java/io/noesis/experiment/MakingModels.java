package io.noesis.experiment;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.reconstruction.caption.Captioner;
import io.noesis.reconstruction.diffusion.ImageGenerator;
import io.noesis.reconstruction.diffusion.LatentPictures;
import java.util.Map;
import java.util.Optional;

/** Opens the models that captions and pictures are made with. */
interface MakingModels {
  /** The generator of a section; the caller closes it. */
  ImageGenerator generator(PicturesSpec spec);

  /**
   * The autoencoder of low-level targets; the caller closes it.
   *
   * @param targets of the kind {@code latent}
   * @param spec where it runs
   */
  LatentPictures latents(TargetsSpec targets, PicturesSpec spec);

  /** The image tower that judges pictures, where there is one; the caller closes it. */
  Optional<PictureTower> tower(PicturesSpec spec, TargetsSpec targets);

  /**
   * The command that states that a pack takes embeddings of a space.
   *
   * @param pack the pack
   * @param targets what the embeddings are decoded into, where a recipe says so
   * @param decoded their space
   * @return what a user can copy into a terminal
   */
  default String stating(String pack, Optional<TargetsSpec> targets, EmbeddingSpace decoded) {
    Optional<String> tower =
        targets
            .filter(spec -> !spec.embedded() && !spec.latent())
            .flatMap(spec -> spec.pack().map(p -> p + spec.output().map(o -> ":" + o).orElse("")));
    return "noesis models set-space "
        + quoted(pack)
        + tower
            .map(name -> " --space " + quoted(name))
            .orElseGet(
                () ->
                    " --model " + quoted(decoded.model()) + " --layer " + quoted(decoded.layer()));
  }

  /** A word as a shell takes it. */
  static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:=@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /**
   * The captioner of a section; the caller closes it.
   *
   * @param spec the section
   * @param training targets of training stimuli, for captioners that copy
   * @param captions their captions by id
   */
  Captioner captioner(CaptionsSpec spec, Embeddings training, Map<String, String> captions);
}
