package io.noesis.experiment;

import io.noesis.reconstruction.diffusion.Blended;
import java.util.Optional;

/**
 * A further target of the same responses, decoded in a run of its own beside the recipe's.
 *
 * @param targets what is decoded
 * @param encoder what turns responses into it; ridge where absent
 * @param stretch what is done to its length before pictures are made of it; nothing where absent:
 *     published systems take low-level latents and text tokens as they are decoded
 * @param voxels the ROIs that it is decoded from; those of {@code responses.voxels} where absent
 */
public record AlsoSpec(
    TargetsSpec targets,
    Optional<EncoderSpec> encoder,
    Optional<Stretch> stretch,
    Optional<VoxelsSpec> voxels) {
  /** Low-level latents, which pictures start from or are blended with. */
  static final String LOW_LEVEL = Blended.LOW_LEVEL;

  /** Writes out what is absent. */
  public AlsoSpec {
    encoder = Optional.of(encoder.orElseGet(EncoderSpec::defaults));
    stretch = Optional.of(stretch.orElse(Stretch.NONE));
  }
}
