package io.noesis.encoders.layer;

import static io.noesis.encoders.layer.Layers.entry;

import io.noesis.encoders.layer.LayerSample.Further;
import io.noesis.run.Registry.Entry;
import java.util.List;

/** Samples of layers over tokens. */
final class TokenSamples {
  private TokenSamples() {}

  static List<Entry<List<LayerSample>>> entries() {
    return List.of(
        entry(
            "attention",
            "Multi-head attention of tokens to each other or to other tokens.",
            LayerSample.of(Attention.self(6, 3), 5, 6),
            LayerSample.of(Attention.cross(4, 7, 2), 3, 4)
                .with(Attention.CONTEXT, new Further.Floats(List.of(5, 7)))),
        entry(
            "position-embedding",
            "A learned vector added to each token.",
            LayerSample.of(new PositionEmbedding(5, 3), 5, 3)));
  }
}
