package io.noesis.encoders.architecture;

import io.noesis.encoders.layer.Dropout;
import io.noesis.encoders.layer.Gelu;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.LayerNorm;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.Sequence;

/** Runs of layers that several architectures share. */
final class Blocks {
  private Blocks() {}

  /** A map, layer norm, GELU and dropout. */
  static Sequence.Builder normLast(String name, Layer map, int width, double rate) {
    return normLast(name, map, width, new Gelu(), rate);
  }

  /** A map, layer norm, activation and dropout. */
  static Sequence.Builder normLast(
      String name, Layer map, int width, Layer activation, double rate) {
    return Sequence.builder()
        .add(name, map)
        .add("norm", LayerNorm.of(width))
        .add("activation", activation)
        .add("dropout", new Dropout(rate));
  }

  /** MindEye's projector of each token (arXiv:2305.18274): three linear maps, norms before. */
  static Layer projector(int width, int hidden) {
    return Sequence.builder()
        .add("norm1", LayerNorm.of(width))
        .add("activation1", new Gelu())
        .add("linear1", Linear.of(width, hidden))
        .add("norm2", LayerNorm.of(hidden))
        .add("activation2", new Gelu())
        .add("linear2", Linear.of(hidden, hidden))
        .add("norm3", LayerNorm.of(hidden))
        .add("activation3", new Gelu())
        .add("linear3", Linear.of(hidden, width))
        .build();
  }
}
