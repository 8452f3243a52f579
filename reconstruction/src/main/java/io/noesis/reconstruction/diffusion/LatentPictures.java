package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.LatentTower;
import io.noesis.alignment.embedding.PixelImage;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.ingest.manifest.Dialect;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.reconstruction.pack.PackCheck;
import io.noesis.run.Check;
import io.noesis.run.Fingerprint;
import io.noesis.run.ModelException;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The autoencoder of a pack by itself: latents that a run decoded as pictures, without any noise.
 * They have the layout of what was seen and little detail. The caller closes it.
 */
public final class LatentPictures implements AutoCloseable {
  private static final String DECODER = "vae_decoder";

  private final OnnxModel decoder;
  private final Autoencoder autoencoder;
  private final List<Integer> shape;
  private final EmbeddingSpace space;
  private final String fingerprint;

  private LatentPictures(ModelPack pack, OptionalInt pixels, OnnxModel decoder) {
    this.decoder = decoder;
    this.autoencoder = new Autoencoder(Optional.empty(), Optional.of(decoder), pack.vaeScale());
    this.shape = shape(pack, pixels);
    this.space = LatentTower.space(name(pack), shape);
    requireSide(pack, decoder.inputs().get(0));
    this.fingerprint = Fingerprint.ofText(decoder.fingerprint() + " times " + pack.vaeScale());
  }

  /**
   * Loads the decoder of a pack's autoencoder.
   *
   * @param pack the pack; it is checked
   * @param pixels side of the pictures that were encoded; the pack's own where empty
   * @param options how the graph is run
   * @return to be closed by the caller
   * @throws ModelException when the pack is not as it promises, or has no autoencoder
   */
  public static LatentPictures open(ModelPack pack, OptionalInt pixels, OnnxOptions options) {
    requireAutoencoder(pack);
    PackMemory.latents(pack, DECODER, side(pack, pixels)).require();
    PackCheck.requireFiles(pack);
    OnnxModel decoder = PackCheck.open(pack, DECODER, options);
    try {
      return new LatentPictures(pack, pixels, decoder);
    } catch (RuntimeException e) {
      decoder.close();
      throw e;
    }
  }

  /**
   * The encoder of a pack's autoencoder, as targets take it.
   *
   * @param pack the pack; it is checked
   * @param pixels side of the pictures that are encoded; the pack's own where empty
   * @return the encoder
   * @throws ModelException when the pack is not as it promises, or has no autoencoder
   * @throws RecipeException when the size is no multiple of a latent's
   */
  public static LatentTower tower(ModelPack pack, OptionalInt pixels) {
    requireAutoencoder(pack);
    if (pack.dialect() == Dialect.LEGACY_DIFFUSERS) {
      throw new ModelException(
          "using the autoencoder of the model pack "
              + pack.folder()
              + ": its encoder draws latents inside its graph, anew in every run, so that they"
              + " are no targets. Export the model with stable_diffusion.py or optimum.");
    }
    PackMemory.latents(pack, "vae_encoder", side(pack, pixels)).require();
    PackCheck.requireGraph(pack, "vae_encoder");
    List<Integer> shape = shape(pack, pixels);
    return new LatentTower(
        name(pack),
        pack.graph("vae_encoder").file(),
        shape.get(1) * pack.pixelsPerLatent(),
        shape,
        pack.vaeScale());
  }

  static EmbeddingSpace space(ModelPack pack, OptionalInt pixels) {
    return LatentTower.space(name(pack), shape(pack, pixels));
  }

  private static void requireAutoencoder(ModelPack pack) {
    if (!pack.has("vae_encoder") || !pack.has("vae_decoder")) {
      throw new ModelException(
          "using the autoencoder of the model pack "
              + pack.folder()
              + ": it lacks the graph "
              + (pack.has("vae_decoder") ? "vae_encoder" : "vae_decoder")
              + ". Name a pack that has vae_encoder and vae_decoder, or export this one with both.");
    }
  }

  private void requireSide(ModelPack pack, OnnxPort input) {
    for (int axis = 1; axis < input.rank(); axis++) {
      long size = input.axes().get(axis).size();
      if (size >= 0 && (input.rank() != 4 || size != shape.get(axis - 1))) {
        throw new ModelException(
            "using the autoencoder of the model pack "
                + pack.folder()
                + ": its decoder takes "
                + input
                + ", the latents are "
                + shape
                + ". Set targets.pixels to the size it was exported for, or leave it out.");
      }
    }
  }

  private static String name(ModelPack pack) {
    return pack.manifest()
        .map(manifest -> manifest.name())
        .orElseGet(() -> String.valueOf(pack.folder().getFileName()));
  }

  /** Of the pictures that latents are of. */
  private static int side(ModelPack pack, OptionalInt pixels) {
    return shape(pack, pixels).get(1) * pack.pixelsPerLatent();
  }

  private static List<Integer> shape(ModelPack pack, OptionalInt pixels) {
    UnetConfig config = UnetConfig.read(pack);
    int each = pack.pixelsPerLatent();
    if (pixels.isPresent() && pixels.getAsInt() % each != 0) {
      throw new RecipeException(
          "using the autoencoder of the model pack "
              + pack.folder()
              + ": pictures of "
              + pixels.getAsInt()
              + " pixels have no whole number of latents, which are "
              + each
              + " pixels wide. Set targets.pixels to a multiple of "
              + each
              + ".");
    }
    int side = pixels.isPresent() ? pixels.getAsInt() / each : config.side();
    return List.of(config.channels(), side, side);
  }

  /** Where its latents live. */
  public EmbeddingSpace space() {
    return space;
  }

  /**
   * Latents as a generator takes them.
   *
   * @param rows {@code [n, dim]}
   * @return {@code [n, channels, height, width]}
   */
  public Tensor shaped(Tensor rows) {
    Check.size("numbers of a picture's latents", space.dim(), rows.dim(1));
    return rows.reshape(rows.dim(0), shape.get(0), shape.get(1), shape.get(2));
  }

  /**
   * Latents as pictures.
   *
   * @param rows {@code [n, dim]}
   * @return one picture per row
   */
  public List<PixelImage> pictures(Tensor rows) {
    return autoencoder.decode(shaped(rows), Profile.DECODED);
  }

  /** SHA-256 over the decoder and its scaling factor. */
  public String fingerprint() {
    return fingerprint;
  }

  /** Releases the decoder; later calls do nothing. */
  @Override
  public void close() {
    decoder.close();
  }
}
