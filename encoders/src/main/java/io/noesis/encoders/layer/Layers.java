package io.noesis.encoders.layer;

import io.noesis.run.Registry;
import io.noesis.run.Registry.Entry;
import java.util.List;
import java.util.stream.Stream;

/** The kinds of layers that networks are composed of, each with samples that its checks run on. */
public final class Layers {
  private static final Registry<List<LayerSample>> REGISTRY =
      Registry.of(
          "layer",
          Stream.of(
                  MapSamples.entries(),
                  ActivationSamples.entries(),
                  ShapeSamples.entries(),
                  TokenSamples.entries(),
                  CompositionSamples.entries())
              .flatMap(List::stream)
              .toList());

  private Layers() {}

  static Entry<List<LayerSample>> entry(String name, String description, LayerSample... samples) {
    return new Entry<>(name, List.of(samples), description);
  }

  /** The list. */
  public static Registry<List<LayerSample>> registry() {
    return REGISTRY;
  }
}
