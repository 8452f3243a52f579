package io.noesis.alignment;

import io.noesis.encoders.layer.Declaration;
import io.noesis.encoders.layer.Emission;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.torch.Value;

/** A layer that gives back what it is given and has no parameters, but for what a test changes. */
public interface PassThrough extends Layer {
  @Override
  default void declare(Declaration parameters) {}

  @Override
  default Value forward(Pass pass, Value input) {
    return input;
  }

  @Override
  default String emit(Emission graph, String input) {
    return input;
  }

  @Override
  default String describe() {
    return getClass().getSimpleName();
  }
}
