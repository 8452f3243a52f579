package io.noesis.reconstruction.diffusion;

import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.tensor.LongArray;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The picture that a pack carries: made by diffusers where the pack was exported, with the settings
 * in the file's metadata. Making it again proves graphs, sampler, tokenizer and noise on this
 * machine.
 */
public final class GoldenPicture {
  /** The largest difference of a channel that rounding explains, in grey levels. */
  public static final int TOLERANCE = 2;

  /** The largest that a pack may allow itself. */
  private static final int MOST = 32;

  private static final String FILE = "golden.safetensors";
  private static final String ALSO = "also/";

  private GoldenPicture() {}

  /**
   * Makes the picture again.
   *
   * @param pack a pack of a diffusion model
   * @param progress hears of every call of the network
   * @return the largest difference of a channel in grey levels; empty when the pack has no picture
   * @throws ModelException when the picture cannot be made, or has another size
   */
  public static OptionalInt difference(ModelPack pack, Progress progress) {
    Path path = pack.folder().resolve(FILE);
    if (!Files.exists(path) || !Families.knows(pack.kind())) {
      return OptionalInt.empty();
    }
    try (Safetensors file = Safetensors.open(pack.file(FILE));
        DiffusionPipeline pipeline = DiffusionPipeline.open(pack, OnnxOptions.SINGLE_THREADED)) {
      LongArray expected = file.readLongs("image");
      Pictures made =
          file.names().contains("embeddings")
              ? pipeline.generate(byEmbedding(file, pack), progress)
              : pipeline.generate(request(file.metadata(), pack), progress);
      byte[] found = made.images().get(0).rgb();
      if (found.length != expected.array().length) {
        throw broken(pack, found.length + " values, expected " + expected.array().length, null);
      }
      int largest = 0;
      for (int i = 0; i < found.length; i++) {
        largest = (int) Math.max(largest, Math.abs(expected.array()[i] - (found[i] & 0xff)));
      }
      return OptionalInt.of(largest);
    }
  }

  /**
   * The largest difference that proves the pack: {@value #TOLERANCE} grey levels, or what the file
   * states as {@code levels} where its networks are of float16, whose last digits depend on the
   * machine.
   *
   * @param pack a pack of a diffusion model with a picture
   * @return the grey levels
   * @throws ModelException when the file states another number than {@value #TOLERANCE} to {@value
   *     #MOST}
   */
  public static int allowed(ModelPack pack) {
    try (Safetensors file = Safetensors.open(pack.file(FILE))) {
      Map<String, String> told = file.metadata();
      double levels = told.containsKey("levels") ? number(told, "levels", pack) : TOLERANCE;
      if (levels < TOLERANCE || levels > MOST || levels != Math.rint(levels)) {
        throw broken(pack, "levels " + levels + ", expected " + TOLERANCE + " to " + MOST, null);
      }
      return (int) levels;
    }
  }

  private static PictureRequest request(Map<String, String> told, ModelPack pack) {
    return new PictureRequest(
        List.of(told.getOrDefault("prompt", "")),
        told.getOrDefault("negative_prompt", ""),
        List.of((long) number(told, "seed", pack)),
        plan(told, pack),
        Optional.empty());
  }

  private static EmbeddingRequest byEmbedding(Safetensors file, ModelPack pack) {
    Map<String, String> told = file.metadata();
    Map<String, Tensor> also = new LinkedHashMap<>();
    for (String name : file.names()) {
      if (name.startsWith(ALSO)) {
        also.put(name.substring(ALSO.length()), file.read(name));
      }
    }
    String caption = told.get("prompt");
    return new EmbeddingRequest(
        file.read("embeddings"),
        caption == null ? List.of() : List.of(caption),
        told.getOrDefault("negative_prompt", ""),
        List.of((long) number(told, "seed", pack)),
        plan(told, pack),
        Optional.empty(),
        also);
  }

  private static SamplingPlan plan(Map<String, String> told, ModelPack pack) {
    return SamplingPlan.of((int) number(told, "steps", pack), number(told, "guidance", pack));
  }

  private static double number(Map<String, String> told, String name, ModelPack pack) {
    try {
      return Double.parseDouble(told.getOrDefault(name, ""));
    } catch (NumberFormatException e) {
      throw broken(pack, "settings " + told, e);
    }
  }

  private static ModelException broken(
      ModelPack pack, String what, @org.jspecify.annotations.Nullable Exception cause) {
    String message =
        "making the golden picture of the model pack "
            + pack.folder()
            + ": "
            + FILE
            + " has "
            + what
            + ". Export the model again.";
    return cause == null ? new ModelException(message) : new ModelException(message, cause);
  }
}
