package io.noesis.ingest.manifest;

import io.noesis.run.Check;
import java.nio.file.Path;
import java.util.List;

/**
 * One ONNX graph of a model.
 *
 * @param role what it does: {@code unet, vae-decoder, text-encoder, vision, prior, ...}
 * @param path below the model's folder
 * @param inputs what it takes
 * @param outputs what it gives; it may give more
 */
public record ModelGraph(
    String role, Path path, List<TensorContract> inputs, List<TensorContract> outputs) {
  /** Checks that the path stays inside the folder. */
  public ModelGraph {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    Check.argument(
        role.matches("[a-z0-9][a-z0-9_-]*"),
        "role: expected lower-case letters, digits and dashes, found '%s'",
        role);
    Check.argument(
        !path.isAbsolute() && !path.normalize().startsWith(".."),
        "path: expected a path inside the folder, found '%s'",
        path);
  }
}
