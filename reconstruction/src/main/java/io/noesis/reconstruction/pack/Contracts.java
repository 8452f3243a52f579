package io.noesis.reconstruction.pack;

import static io.noesis.encoders.onnx.OnnxType.INT32;
import static io.noesis.encoders.onnx.OnnxType.INT64;

import io.noesis.ingest.manifest.Dialect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the graphs of the layouts that others write promise, by role. */
final class Contracts {
  private Contracts() {}

  static Optional<PackGraph> of(Dialect dialect, String kind, String role, Path file) {
    boolean large = kind.contains("StableDiffusionXL");
    boolean legacy = dialect == Dialect.LEGACY_DIFFUSERS;
    return switch (role) {
      case "text_encoder" ->
          graph(
              role,
              file,
              List.of(PortRule.whole("input_ids", legacy ? INT32 : INT64, 2)),
              List.of(PortRule.floats("last_hidden_state", 3)));
      case "text_encoder_2" ->
          graph(
              role,
              file,
              List.of(PortRule.whole("input_ids", INT64, 2)),
              List.of(PortRule.floats("text_embeds", 2)));
      case "unet" -> {
        List<PortRule> inputs = new ArrayList<>();
        inputs.add(PortRule.floats("sample", 4));
        inputs.add(
            legacy ? PortRule.anyNumber("timestep", 1) : PortRule.anyNumber("timestep", 0, 1));
        inputs.add(PortRule.floats("encoder_hidden_states", 3));
        if (large) {
          inputs.add(PortRule.floats("text_embeds", 2));
          inputs.add(PortRule.floats("time_ids", 2));
        }
        if (readsGuidance(file)) {
          inputs.add(PortRule.floats("timestep_cond", 2));
        }
        yield graph(role, file, inputs, List.of(PortRule.floats("out_sample", 4)));
      }
      case "vae_encoder" ->
          graph(
              role,
              file,
              List.of(PortRule.floats("sample", 4)),
              List.of(PortRule.floats(legacy ? "latent_sample" : "latent_parameters", 4)));
      case "vae_decoder" ->
          graph(
              role,
              file,
              List.of(PortRule.floats("latent_sample", 4)),
              List.of(PortRule.floats("sample", 4)));
      case "vision" ->
          graph(
              role,
              file,
              List.of(PortRule.floats("pixel_values", 4)),
              List.of(PortRule.floats("image_embeds", 2)));
      case "text" ->
          graph(
              role,
              file,
              List.of(PortRule.whole("input_ids", INT64, 2)),
              List.of(PortRule.floats("text_embeds", 2)));
      default -> Optional.empty();
    };
  }

  /** Whether guidance was distilled into the network, as its configuration says. */
  private static boolean readsGuidance(Path unet) {
    Path config = unet.resolveSibling("config.json");
    return Files.exists(config) && PackLayout.json(config).path("time_cond_proj_dim").isInt();
  }

  private static Optional<PackGraph> graph(
      String role, Path file, List<PortRule> inputs, List<PortRule> outputs) {
    return Optional.of(new PackGraph(role, file, inputs, outputs));
  }
}
