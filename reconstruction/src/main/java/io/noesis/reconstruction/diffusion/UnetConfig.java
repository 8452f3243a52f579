package io.noesis.reconstruction.diffusion;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.ModelException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What {@code unet/config.json} says of the network's sizes. */
final class UnetConfig {
  /** Of Stable Diffusion. */
  private static final int USUAL_DECODER = 128;

  private final Path file;
  private final JsonNode tree;

  private UnetConfig(Path file, JsonNode tree) {
    this.file = file;
    this.tree = tree;
  }

  static UnetConfig read(ModelPack pack) {
    Path file = pack.file("unet/config.json");
    return new UnetConfig(file, Json.read(file));
  }

  /** Channels of the latents. */
  int channels() {
    return size("in_channels");
  }

  /** The side of the latents that the network was trained with. */
  int side() {
    return size("sample_size");
  }

  /** The width of the text tokens that it reads. */
  int width() {
    return size("cross_attention_dim");
  }

  /** The width of the last layers of a pack's decoder; 128 where it does not say. */
  static int decoderWidth(ModelPack pack) {
    Path file = pack.folder().resolve("vae_decoder/config.json");
    return Files.exists(file)
        ? Json.read(file).path("block_out_channels").path(0).asInt(USUAL_DECODER)
        : USUAL_DECODER;
  }

  /** The width of its first layers; 320 where it does not say, as in Stable Diffusion. */
  int firstWidth() {
    return tree.path("block_out_channels").path(0).asInt(320);
  }

  private int size(String key) {
    JsonNode value = tree.path(key);
    if (!value.canConvertToInt() || value.intValue() < 1) {
      throw new ModelException(
          "opening the model pack: "
              + key
              + " in "
              + file
              + " is "
              + value
              + ", expected a whole number. Only networks of square latents are supported.");
    }
    return value.intValue();
  }

  /** The text encoder gives what the network reads. */
  void requireWidth(OnnxModel text, ModelPack pack) {
    OnnxPort output = text.output("last_hidden_state");
    long found = output.axes().get(2).size();
    if (found >= 0 && found != width()) {
      throw new ModelException(
          "opening the model pack "
              + pack.folder()
              + ": its text encoder gives "
              + output
              + ", its network reads tokens of "
              + width()
              + " numbers (cross_attention_dim). They belong to different models.");
    }
  }

  /** The space of the text tokens themselves. */
  EmbeddingSpace tokens(ModelPack pack) {
    return new EmbeddingSpace(
        String.valueOf(pack.folder().getFileName()),
        TextFamily.INPUT,
        width(),
        EmbeddingSpace.Scaling.RAW);
  }
}
