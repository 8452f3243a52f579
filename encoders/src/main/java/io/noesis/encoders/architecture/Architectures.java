package io.noesis.encoders.architecture;

import io.noesis.encoders.Architecture;
import io.noesis.run.Registry;
import io.noesis.run.Registry.Entry;
import java.util.List;

/** The architectures that a recipe can name. */
public final class Architectures {
  private static final Registry<Architecture> REGISTRY =
      Registry.of(
          "architecture",
          List.of(
              new Entry<>(
                  "ridge",
                  new RidgeArchitecture(),
                  "Multi-target ridge regression with cross-validated penalty: the first encoder and"
                      + " the permanent baseline."),
              new Entry<>(
                  "residual-mlp",
                  new ResidualMlp(),
                  "Residual multilayer perceptron, trained by gradients: the backbone of MindEye.")));

  private Architectures() {}

  /** The list. */
  public static Registry<Architecture> registry() {
    return REGISTRY;
  }
}
