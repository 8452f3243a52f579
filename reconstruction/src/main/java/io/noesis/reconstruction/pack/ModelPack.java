package io.noesis.reconstruction.pack;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.ingest.manifest.Dialect;
import io.noesis.ingest.manifest.ModelManifest;
import io.noesis.run.ModelException;
import io.noesis.run.Suggest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A folder with the graphs of a model, in one of the known layouts; opening it reads only names and
 * JSON. {@link PackCheck} reads the rest.
 *
 * @param folder the folder, absolute and without links
 * @param dialect its layout
 * @param kind what it makes: {@code StableDiffusionPipeline}, {@code clip}, or the manifest's kind
 * @param graphs its graphs
 * @param manifest what {@code noesis-model.yaml} says; absent in the layouts of others
 */
public record ModelPack(
    Path folder,
    Dialect dialect,
    String kind,
    List<PackGraph> graphs,
    Optional<ModelManifest> manifest) {
  /** The manifest of a pack in our own layout; in another it adds hashes and licence. */
  public static final String MANIFEST = "noesis-model.yaml";

  private static final String DECODER_CONFIG = "vae_decoder/config.json";

  /** What the autoencoders of Stable Diffusion have. */
  private static final int USUAL_PIXELS = 8;

  /** The factor that diffusers' OnnxStableDiffusionPipeline has in its code. */
  private static final double LEGACY_SCALE = 0.18215;

  /** Copies the list. */
  public ModelPack {
    graphs = List.copyOf(graphs);
  }

  /**
   * Finds out what a folder holds.
   *
   * @param folder the folder
   * @return the pack; its graphs are not opened
   * @throws ModelException when it is no pack, or a path in it leads outside
   */
  public static ModelPack open(Path folder) {
    return PackLayout.detect(folder);
  }

  /**
   * The graph of a role.
   *
   * @param role for example {@code unet}
   * @return the graph
   * @throws ModelException when the pack has none
   */
  public PackGraph graph(String role) {
    return graphs.stream()
        .filter(graph -> graph.role().equals(role))
        .findFirst()
        .orElseThrow(
            () ->
                new ModelException(
                    "using the model pack "
                        + folder
                        + ": it has no graph for '"
                        + role
                        + "'. "
                        + Suggest.sentence(role, graphs.stream().map(PackGraph::role).toList())));
  }

  /** Whether the pack has a graph for that role. */
  public boolean has(String role) {
    return graphs.stream().anyMatch(graph -> graph.role().equals(role));
  }

  /**
   * The file of a path below the folder.
   *
   * @param path the path, as a configuration has it
   * @return the file
   * @throws ModelException when it lies outside the folder, also by way of a link, or is not there
   */
  public Path file(String path) {
    Path file = PackLayout.inside(folder, path);
    if (!Files.exists(file)) {
      throw new ModelException(
          "using the model pack "
              + folder
              + ": it has no file "
              + path
              + ". Export or fetch the model again.");
    }
    return file;
  }

  /**
   * The factor between the latents of its autoencoder and those that the network knows.
   *
   * @return the factor, for example 0.18215
   * @throws ModelException when neither manifest nor configuration says it; it is never guessed
   */
  public double vaeScale() {
    Optional<Double> told =
        manifest.map(m -> m.scaling().get("vae")).filter(java.util.Objects::nonNull);
    if (told.isPresent()) {
      return checked(told.get(), MANIFEST);
    }
    for (String name : List.of(DECODER_CONFIG, "vae_encoder/config.json")) {
      if (Files.exists(PackLayout.inside(folder, name))) {
        JsonNode factor = PackLayout.json(file(name)).path("scaling_factor");
        if (factor.isNumber()) {
          return checked(factor.doubleValue(), name);
        }
      }
    }
    if (fixedByItsClass(DECODER_CONFIG)) {
      return LEGACY_SCALE;
    }
    throw new ModelException(
        "using the model pack "
            + folder
            + ": neither vae_decoder/config.json nor "
            + MANIFEST
            + " has the scaling factor of its autoencoder. Add \"scaling_factor\" to that"
            + " config.json as the model's authors state it (0.18215 for Stable Diffusion 1 and 2,"
            + " 0.13025 for SDXL); a wrong one spoils every picture.");
  }

  /**
   * Whether a configuration is left out because the class of the pipeline fixes what it would say:
   * diffusers' {@code OnnxStableDiffusionPipeline} writes graphs without one, and runs all of them
   * with latents of 4 x 64 x 64, 8 pixels each, and the factor 0.18215.
   *
   * @param path of the configuration
   * @return true only in that layout, and without that file
   */
  public boolean fixedByItsClass(String path) {
    return dialect == Dialect.LEGACY_DIFFUSERS && !Files.exists(PackLayout.inside(folder, path));
  }

  /**
   * How many pixels one latent of its autoencoder is wide.
   *
   * @return for example 8: half the size for every level of the decoder but the first
   * @throws ModelException when neither configuration nor {@code noesis-model.yaml} says it
   */
  public int pixelsPerLatent() {
    if (Files.exists(PackLayout.inside(folder, DECODER_CONFIG))) {
      int levels = PackLayout.json(file(DECODER_CONFIG)).path("block_out_channels").size();
      return levels == 0 ? USUAL_PIXELS : 1 << (levels - 1);
    }
    if (fixedByItsClass(DECODER_CONFIG)) {
      return USUAL_PIXELS;
    }
    PackGraph decoder = graph("vae_decoder");
    int latents = lastSide(decoder.inputs());
    int pixels = lastSide(decoder.outputs());
    if (latents < 1 || pixels < latents || pixels % latents != 0) {
      throw new ModelException(
          "using the model pack "
              + folder
              + ": neither "
              + DECODER_CONFIG
              + " nor the sizes of the graph vae_decoder in "
              + MANIFEST
              + " say how many pixels a latent is wide. Add \"block_out_channels\" to that"
              + " config.json as the model's authors have it.");
    }
    return pixels / latents;
  }

  /** The last axis of the first port, 0 where it is open or not told. */
  private static int lastSide(List<PortRule> ports) {
    List<String> axes = ports.isEmpty() ? List.of() : ports.get(0).axes();
    String last = axes.isEmpty() ? "" : axes.get(axes.size() - 1);
    return last.matches("[0-9]{1,6}") ? Integer.parseInt(last) : 0;
  }

  private double checked(double factor, String where) {
    if (!(factor > 0) || Double.isInfinite(factor)) {
      throw new ModelException(
          "using the model pack "
              + folder
              + ": the scaling factor of its autoencoder in "
              + where
              + " is "
              + factor
              + ", expected a number above 0.");
    }
    return factor;
  }
}
