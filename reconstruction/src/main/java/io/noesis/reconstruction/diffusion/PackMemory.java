package io.noesis.reconstruction.diffusion;

import io.noesis.reconstruction.pack.MemoryNeed;
import io.noesis.reconstruction.pack.ModelPack;
import java.util.List;

/**
 * What a generator takes when it runs, before any of it is loaded: its weights as they lie on disk,
 * and an upper estimate of what lies between the layers of the network for the pictures that go
 * through it at once, or of the autoencoder's decoder where that is more.
 */
final class PackMemory {
  /** Maps of the widest resolution that are held at once: skips of the way down and workspace. */
  private static final long MAPS = 40;

  /** The same in a decoder, which has no skips. */
  private static final long DECODED_MAPS = 8;

  private static final long HEADS = 8;

  private PackMemory() {}

  /** The estimate for a pack. */
  static MemoryNeed need(ModelPack pack) {
    UnetConfig config = UnetConfig.read(pack);
    int pictures = DiffusionPipeline.atOnce(config);
    long sampling = 2L * pictures * activations(config.side(), config.firstWidth());
    long decoding = pack.has("vae_decoder") ? decoding(pack, pixels(pack)) : 0;
    return new MemoryNeed(
        "the model pack " + pack.folder(),
        MemoryNeed.weights(pack),
        Math.max(sampling, decoding),
        sampling >= decoding
            ? "feature maps and attention of "
                + pictures
                + " pictures at once, with and without condition"
            : "feature maps of the decoder for one picture of " + pixels(pack) + " pixels");
  }

  /** The estimate for the autoencoder of a pack alone. */
  static MemoryNeed latents(ModelPack pack, String role, int pixels) {
    return new MemoryNeed(
        "the graph " + role + " of the model pack " + pack.folder(),
        MemoryNeed.weights(pack, List.of(role)),
        decoding(pack, pixels),
        "feature maps of one picture of " + pixels + " pixels");
  }

  private static int pixels(ModelPack pack) {
    return UnetConfig.read(pack).side() * pack.pixelsPerLatent();
  }

  /** Bytes for a picture: maps of its own size as wide as the last layers. */
  private static long decoding(ModelPack pack, int pixels) {
    return Float.BYTES * DECODED_MAPS * UnetConfig.decoderWidth(pack) * pixels * pixels;
  }

  /** Bytes per row of a batch: feature maps, and attention between all places of the sample. */
  static long activations(int side, int width) {
    long places = (long) side * side;
    long attention = side <= 64 ? HEADS * places * places : HEADS * places * places / 16;
    return 4 * (MAPS * width * places + attention);
  }
}
