package io.noesis.experiment;

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
   * The captioner of a section; the caller closes it.
   *
   * @param spec the section
   * @param training targets of training stimuli, for captioners that copy
   * @param captions their captions by id
   */
  Captioner captioner(CaptionsSpec spec, Embeddings training, Map<String, String> captions);
}
