package io.noesis.reconstruction.diffusion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.ModelException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What {@code unet/config.json} says of the network's sizes. */
final class UnetConfig {
  /** What diffusers' OnnxStableDiffusionPipeline assumes of every network. */
  private static final int LEGACY_CHANNELS = 4;

  private static final int LEGACY_SIDE = 64;
  private static final String WIDTH = "cross_attention_dim";

  /** Of Stable Diffusion. */
  private static final int USUAL_DECODER = 128;

  private final Path file;
  private final JsonNode tree;

  private UnetConfig(Path file, JsonNode tree) {
    this.file = file;
    this.tree = tree;
  }

  static UnetConfig read(ModelPack pack) {
    if (pack.fixedByItsClass("unet/config.json")) {
      ObjectNode fixed = JsonNodeFactory.instance.objectNode();
      fixed.put("in_channels", LEGACY_CHANNELS).put("sample_size", LEGACY_SIDE);
      return new UnetConfig(pack.folder().resolve("model_index.json"), fixed);
    }
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

  /** The width of the text tokens that it reads; where it does not say, that of the input. */
  int width(Network network) {
    OnnxPort port = network.require(TextFamily.INPUT);
    long given = port.axes().get(port.rank() - 1).size();
    return tree.has(WIDTH) || given <= 0 ? size(WIDTH) : Math.toIntExact(given);
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
  void requireWidth(OnnxModel text, PackParts parts) {
    OnnxPort output = text.output("last_hidden_state");
    long found = output.axes().get(2).size();
    int width = width(parts.network());
    if (found >= 0 && found != width) {
      throw new ModelException(
          "opening the model pack "
              + parts.pack().folder()
              + ": its text encoder gives "
              + output
              + ", its network reads tokens of "
              + width
              + " numbers (cross_attention_dim). They belong to different models.");
    }
  }

  /** The space of the text tokens themselves. */
  EmbeddingSpace tokens(PackParts parts) {
    return new EmbeddingSpace(
        String.valueOf(parts.pack().folder().getFileName()),
        TextFamily.INPUT,
        width(parts.network()),
        EmbeddingSpace.Scaling.RAW);
  }
}
