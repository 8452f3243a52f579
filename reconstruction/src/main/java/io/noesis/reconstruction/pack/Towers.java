package io.noesis.reconstruction.pack;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.alignment.embedding.EmbeddingSpace.Scaling;
import io.noesis.alignment.embedding.ImagePreprocess;
import io.noesis.alignment.embedding.ImagePreprocess.ChannelOrder;
import io.noesis.alignment.embedding.ImagePreprocess.Fit;
import io.noesis.alignment.embedding.ImageTower;
import io.noesis.alignment.embedding.ResizeFilter;
import io.noesis.alignment.embedding.TextTower;
import io.noesis.ingest.manifest.ModelManifest;
import io.noesis.ingest.manifest.ModelSpace;
import io.noesis.ingest.manifest.PixelConstants;
import io.noesis.run.ModelException;
import io.noesis.run.RecipeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The image and text models of a pack, as the targets and scores take them: graphs {@code vision}
 * ({@code pixel_values} to {@code image_embeds}) and {@code text} ({@code input_ids} to {@code
 * text_embeds}), in our own layout or that of transformers.js. The pooled outputs of both live in
 * the space of the manifest, so that pictures and texts of a CLIP can be compared. The text encoder
 * of a generator or prior is a text model too: what it makes of a text is in the space that they
 * read.
 */
public final class Towers {
  private static final String IMAGE = "image_embeds";
  private static final String TEXT = "text_embeds";
  private static final int USUAL_TOKENS = 77;
  private static final int USUAL_PIXELS = 224;

  private Towers() {}

  /**
   * The image model.
   *
   * @param pack the pack; it is checked
   * @param output the output to take; without one the pooled one
   * @return the tower
   * @throws ModelException when the pack is not as it promises, has no image model or does not say
   *     how pictures are prepared
   */
  public static ImageTower image(ModelPack pack, Optional<String> output) {
    return image(pack, output, Optional.empty());
  }

  /**
   * The image model, with vectors of another length.
   *
   * @param pack the pack; it is checked
   * @param output the output to take; without one the pooled one
   * @param scaling what is done to the length of the vectors; without one what the pack says
   * @return the tower
   * @throws ModelException when the pack is not as it promises, has no image model or does not say
   *     how pictures are prepared, or such vectors cannot be scaled so
   */
  public static ImageTower image(
      ModelPack pack, Optional<String> output, Optional<Scaling> scaling) {
    memory(pack, "vision").require();
    PackCheck.requireGraph(pack, "vision");
    Path graph = pack.graph("vision").file();
    String taken = output.orElse(IMAGE);
    Scaling scaled = scaling(pack, taken, IMAGE, scaling);
    return new ImageTower(
        name(pack), graph, taken, preprocess(pack), scaled, pooled(scaled, IMAGE));
  }

  /**
   * The text model.
   *
   * @param pack the pack; it is checked
   * @param output the output to take; without one the pooled one
   * @return the tower
   * @throws ModelException when the pack is not as it promises, or has no text model
   */
  public static TextTower text(ModelPack pack, Optional<String> output) {
    return text(pack, output, Optional.empty());
  }

  /**
   * The text model, with vectors of another length.
   *
   * @param pack the pack; it is checked
   * @param output the output to take; without one the pooled one, of a generator's text encoder the
   *     tokens that the generator reads
   * @param scaling what is done to the length of the vectors; without one what the pack says
   * @return the tower
   * @throws ModelException when the pack is not as it promises, has no text model or several, or
   *     such vectors cannot be scaled so
   */
  public static TextTower text(ModelPack pack, Optional<String> output, Optional<Scaling> scaling) {
    if (!pack.has("text") && pack.has("text_encoder")) {
      memory(pack, "text_encoder").require();
      PackCheck.requireGraph(pack, "text_encoder");
      return OwnText.of(pack, output, scaling);
    }
    memory(pack, "text").require();
    PackCheck.requireGraph(pack, "text");
    Path graph = pack.graph("text").file();
    String taken = output.orElse(TEXT);
    String layer =
        taken.equals(TEXT)
            ? pack.manifest().flatMap(ModelManifest::space).map(ModelSpace::layer).orElse(IMAGE)
            : taken;
    boolean own = Files.isDirectory(pack.folder().resolve("tokenizer"));
    TextTower.Tokens tokens =
        new TextTower.Tokens(
            own ? pack.file("tokenizer") : pack.folder(),
            number(pack, "max-tokens").orElse(USUAL_TOKENS),
            number(pack, "padding"));
    Scaling scaled = scaling(pack, taken, TEXT, scaling);
    return new TextTower(name(pack), layer, graph, taken, tokens, scaled, pooled(scaled, TEXT));
  }

  /**
   * What the towers of a pack take in memory, estimated before they are loaded.
   *
   * @param pack the pack
   * @return one for its image model, one for its text model, where it has them
   */
  public static List<MemoryNeed> memory(ModelPack pack) {
    return Stream.of("vision", "text").filter(pack::has).map(role -> memory(pack, role)).toList();
  }

  /** Stimuli run side by side, as many as there are threads. */
  private static MemoryNeed memory(ModelPack pack, String role) {
    boolean pictures = role.equals("vision");
    int open = pictures ? USUAL_PIXELS : number(pack, "max-tokens").orElse(USUAL_TOKENS);
    int together = Runtime.getRuntime().availableProcessors();
    return MemoryNeed.ofOnePass(pack, role, together, open, pictures ? "pictures" : "texts");
  }

  private static String name(ModelPack pack) {
    return pack.manifest()
        .flatMap(ModelManifest::space)
        .map(ModelSpace::model)
        .orElse(String.valueOf(pack.folder().getFileName()));
  }

  private static Optional<String> fact(ModelPack pack, String name) {
    return pack.manifest().map(manifest -> manifest.facts().get(name));
  }

  static Optional<String> pooled(Scaling scaling, String output) {
    return scaling == Scaling.POOLED ? Optional.of(output) : Optional.empty();
  }

  /**
   * Tokens keep their lengths where nothing else is asked for; pooled vectors have them as the
   * manifest says.
   */
  static Scaling scaling(ModelPack pack, String output, String pooled, Optional<Scaling> asked) {
    boolean tokens = !output.equals(pooled);
    if (asked.isPresent() && asked.get() == (tokens ? Scaling.UNIT : Scaling.POOLED)) {
      throw new RecipeException(
          "using the model pack "
              + pack.folder()
              + ": its output '"
              + output
              + "' cannot be scaled as '"
              + asked.get().name().toLowerCase(Locale.ROOT)
              + (tokens
                  ? "': tokens are raw, or divided by the length of '" + pooled + "': pooled."
                  : "': pooled vectors are raw, or of length 1: unit."));
    }
    String told = fact(pack, "scaling").orElse("raw");
    if (!told.equals("raw") && !told.equals("unit")) {
      throw refused(pack, "its fact 'scaling' is '" + told + "', expected unit or raw");
    }
    return asked.orElse(told.equals("unit") && !tokens ? Scaling.UNIT : Scaling.RAW);
  }

  private static OptionalInt number(ModelPack pack, String name) {
    Optional<String> told = fact(pack, name);
    if (told.isEmpty()) {
      return OptionalInt.empty();
    }
    try {
      return OptionalInt.of(Integer.parseInt(told.get()));
    } catch (NumberFormatException e) {
      throw refused(pack, "its fact '" + name + "' is '" + told.get() + "', expected a number");
    }
  }

  private static ImagePreprocess preprocess(ModelPack pack) {
    Optional<PixelConstants> told = pack.manifest().flatMap(ModelManifest::preprocessing);
    if (told.isPresent()) {
      PixelConstants pixels = told.get();
      return new ImagePreprocess(
          fact(pack, "crop").orElse("").equals("half-down")
              ? Fit.CENTRE_CROP_DOWN
              : Fit.CENTRE_CROP,
          filter(pixels.resample()),
          pixels.resize(),
          pixels.size(),
          pixels.mean(),
          pixels.std(),
          ChannelOrder.RGB);
    }
    Path file = pack.folder().resolve("preprocessor_config.json");
    if (!Files.exists(file)) {
      throw refused(
          pack,
          "neither its manifest ('preprocessing') nor preprocessor_config.json says how pictures"
              + " are prepared");
    }
    return ofTransformers(pack, PackLayout.json(pack.file("preprocessor_config.json")));
  }

  private static ResizeFilter filter(String resample) {
    return switch (resample) {
      case "pillow-bicubic" -> ResizeFilter.BICUBIC;
      case "pillow-bilinear" -> ResizeFilter.BILINEAR;
      default -> ResizeFilter.TORCH_BILINEAR;
    };
  }

  /** {@code preprocessor_config.json} of transformers, resample numbered as in Pillow. */
  private static ImagePreprocess ofTransformers(ModelPack pack, JsonNode json) {
    int resample = json.path("resample").asInt(3);
    int resize = side(json.path("size"), "shortest_edge");
    int crop =
        json.path("do_center_crop").asBoolean(true)
            ? side(json.path("crop_size"), "height")
            : resize;
    List<Double> mean = numbers(json.path("image_mean"));
    List<Double> std = numbers(json.path("image_std"));
    if (crop < 1
        || resize < crop
        || mean.size() != 3
        || std.size() != 3
        || resample < 2
        || resample > 3) {
      throw refused(
          pack,
          "its preprocessor_config.json gives size "
              + json.path("size")
              + ", crop_size "
              + json.path("crop_size")
              + ", resample "
              + resample
              + ", image_mean "
              + mean
              + " and image_std "
              + std
              + ", expected a size, a crop within it, 2 or 3, and three numbers each");
    }
    return new ImagePreprocess(
        Fit.CENTRE_CROP_DOWN,
        resample == 2 ? ResizeFilter.BILINEAR : ResizeFilter.BICUBIC,
        resize,
        crop,
        mean,
        std,
        ChannelOrder.RGB);
  }

  private static int side(JsonNode size, String name) {
    return size.isInt() ? size.asInt() : size.path(name).asInt(size.path("height").asInt(0));
  }

  private static List<Double> numbers(JsonNode array) {
    List<Double> out = new ArrayList<>();
    array.forEach(value -> out.add(value.asDouble()));
    return out;
  }

  static ModelException refused(ModelPack pack, String why) {
    return new ModelException(
        "using the towers of the model pack "
            + pack.folder()
            + ": "
            + why
            + ". The layout is described in reconstruction/export/TOWERS.md.");
  }
}
