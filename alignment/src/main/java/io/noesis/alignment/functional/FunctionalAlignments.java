package io.noesis.alignment.functional;

import io.noesis.run.Registry;
import java.util.List;

/** The ways to align subjects that a recipe can name. */
public final class FunctionalAlignments {
  private static final Registry<FunctionalAlignment> REGISTRY =
      Registry.of(
          "functional alignment",
          List.of(
              new Registry.Entry<>(
                  Procrustes.NAME,
                  new Procrustes(),
                  "each subject is rotated into the voxels of the first one"),
              new Registry.Entry<>(
                  Hyperalignment.NAME,
                  new Hyperalignment(),
                  "each subject is rotated into the mean of all, in three passes (Haxby 2011)"),
              new Registry.Entry<>(
                  SharedResponse.NAME,
                  new SharedResponse(),
                  "a few features that all subjects share (shared response model, Chen 2015)")));

  private FunctionalAlignments() {}

  /** The list. */
  public static Registry<FunctionalAlignment> registry() {
    return REGISTRY;
  }
}
