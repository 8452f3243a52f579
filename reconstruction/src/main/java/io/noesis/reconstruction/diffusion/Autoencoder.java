package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.PixelImage;
import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.reconstruction.diffusion.schedule.NoiseSource;
import io.noesis.run.Check;
import io.noesis.run.ModelException;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Between pictures and scaled latents; one picture at a time, which bounds the memory. A model of
 * pixels has none of the graphs: its latents are the pictures, in [-1, 1].
 */
final class Autoencoder {
  private static final String DRAWN = "latent_sample";

  private final Optional<OnnxModel> encoder;
  private final Optional<OnnxModel> decoder;
  private final double scale;

  Autoencoder(Optional<OnnxModel> encoder, Optional<OnnxModel> decoder, double scale) {
    this.encoder = encoder;
    this.decoder = decoder;
    this.scale = scale;
  }

  static Autoencoder open(PackParts parts) {
    Optional<OnnxModel> decoder = parts.optional("vae_decoder");
    return new Autoencoder(
        parts.optional("vae_encoder"), decoder, decoder.isEmpty() ? 1 : parts.pack().vaeScale());
  }

  /** Whether pictures can be encoded. */
  boolean encodes() {
    return encoder.isPresent() || decoder.isEmpty();
  }

  /**
   * Draws latents of a picture: {@code (mean + exp(logvar / 2) z) scale}, logvar within -30 and 20.
   * An encoder of the older layout of diffusers gives {@code latent_sample} instead: it draws
   * inside its graph, with noise that no seed reaches.
   *
   * @param picture {@code [1, 3, height, width]} in [0, 1]
   * @param noise asked once, unless the graph draws by itself
   * @param shown how pixels are shown to the encoder, usually {@code 2 v - 1}
   * @return {@code [1, channels, height / 8, width / 8]}
   * @throws ModelException when the encoder gives no finite numbers
   */
  Tensor encode(Tensor picture, NoiseSource noise, Profile.Line shown) {
    float[] values = new float[picture.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = shown.at(i / (values.length / 3), picture.array()[i]);
    }
    Tensor input = Tensor.wrap(values, picture.shape().toArray());
    if (decoder.isEmpty()) {
      return input;
    }
    OnnxModel graph = encoder.orElseThrow();
    boolean sampled = graph.outputs().stream().anyMatch(port -> port.name().equals(DRAWN));
    String output = sampled ? DRAWN : "latent_parameters";
    Tensor found =
        finite(
            Network.only(graph.run(Map.of("sample", OnnxInput.of(input)), List.of(output)), output),
            "encoding a picture with ",
            graph);
    if (sampled) {
      return found.map(v -> v * scale);
    }
    int channels = found.dim(1) / 2;
    int size = found.size() / 2;
    Tensor fresh = noise.normal(1, channels, found.dim(2), found.dim(3));
    float[] out = new float[size];
    for (int i = 0; i < size; i++) {
      double logVariance = Math.max(-30, Math.min(20, found.array()[size + i]));
      double drawn = found.array()[i] + Math.exp(logVariance / 2) * fresh.array()[i];
      out[i] = (float) (drawn * scale);
    }
    return Tensor.wrap(out, 1, channels, found.dim(2), found.dim(3));
  }

  /**
   * Decodes latents {@code [n, channels, h, w]} to pictures.
   *
   * @throws ModelException when the decoder gives no finite numbers, which would be black pixels
   */
  List<PixelImage> decode(Tensor latents, Profile.Line levels) {
    List<PixelImage> out = new ArrayList<>();
    for (int row = 0; row < latents.dim(0); row++) {
      out.add(pixels(decoded(latents.rows(new int[] {row})), levels));
    }
    return out;
  }

  private Tensor decoded(Tensor latents) {
    if (decoder.isEmpty()) {
      return latents;
    }
    Tensor unscaled = latents.map(v -> v / scale);
    OnnxModel graph = decoder.get();
    return finite(
        Network.only(
            graph.run(Map.of("latent_sample", OnnxInput.of(unscaled)), List.of("sample")),
            "sample"),
        "decoding latents with ",
        graph);
  }

  /** The autoencoder of SDXL overflows in float16, and a NaN would be drawn as black. */
  private static Tensor finite(Tensor output, String doing, OnnxModel graph) {
    int broken = 0;
    for (float value : output.array()) {
      broken += Float.isFinite(value) ? 0 : 1;
    }
    if (broken > 0) {
      throw new ModelException(
          doing
              + graph.source()
              + ": "
              + broken
              + " of "
              + output.size()
              + " numbers are NaN or infinite, expected finite numbers. The likely cause is an"
              + " autoencoder in float16, which overflows in SDXL: export it in float32, or one"
              + " whose weights were mended for float16.");
    }
    return output;
  }

  /** {@code round(255 clamp(v / 2 + 1 / 2))}, or another line, ties to even. */
  private static PixelImage pixels(Tensor sample, Profile.Line levels) {
    Check.argument(
        sample.dim(0) == 1 && sample.dim(1) == 3,
        "the decoder gives %s, expected one picture of three channels",
        sample.shape());
    int height = sample.dim(2);
    int width = sample.dim(3);
    int plane = height * width;
    byte[] rgb = new byte[3 * plane];
    for (int i = 0; i < plane; i++) {
      for (int c = 0; c < 3; c++) {
        float value = levels.at(c, sample.array()[c * plane + i]);
        rgb[3 * i + c] = (byte) (int) Math.rint(255 * Math.max(0, Math.min(1, value)));
      }
    }
    return PixelImage.wrap(width, height, rgb);
  }
}
