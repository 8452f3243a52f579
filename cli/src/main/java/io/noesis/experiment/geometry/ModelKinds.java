package io.noesis.experiment.geometry;

import io.noesis.run.Registry;
import io.noesis.run.Registry.Entry;
import java.util.List;

/** The ways of getting a model's geometry, by name. */
public final class ModelKinds {
  private static final Registry<ModelKind<?>> REGISTRY =
      Registry.of(
          "model",
          List.of(
              new Entry<>(
                  "image",
                  new ModelKind<>(ImageSettings.class, ImageGeometry::make),
                  "an output of an ONNX image model for each condition's picture"),
              new Entry<>(
                  "text",
                  new ModelKind<>(TextSettings.class, TextGeometry::make),
                  "sentence embeddings of a column of the table of stimuli"),
              new Entry<>(
                  "pixels",
                  new ModelKind<>(PixelSettings.class, PixelGeometry::make),
                  "the pixels of each condition's picture, made small"),
              new Entry<>(
                  "matrix",
                  new ModelKind<>(MatrixSettings.class, MatrixGeometry::make),
                  "distances in a .npy or .mat file")));

  private ModelKinds() {}

  /** All ways, for recipes, descriptions and tests. */
  public static Registry<ModelKind<?>> registry() {
    return REGISTRY;
  }
}
