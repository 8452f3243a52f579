package io.noesis.reconstruction.pack;

import java.nio.file.Path;
import java.util.List;

/**
 * One graph of a pack.
 *
 * @param role what it does, as pipelines ask for it: {@code unet, vae_decoder, ...}
 * @param file its {@code .onnx} file
 * @param inputs what its inputs must be
 * @param outputs what its outputs must be; it may give more
 */
public record PackGraph(String role, Path file, List<PortRule> inputs, List<PortRule> outputs) {
  /** Copies the lists. */
  public PackGraph {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }
}
