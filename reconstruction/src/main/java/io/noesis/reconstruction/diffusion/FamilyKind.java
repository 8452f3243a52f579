package io.noesis.reconstruction.diffusion;

import java.util.function.Function;

/** A line of the registry of diffusion models. */
public final class FamilyKind {
  private final String className;
  private final Function<PackParts, Family> opening;

  FamilyKind(String className, Function<PackParts, Family> opening) {
    this.className = className;
    this.opening = opening;
  }

  /** The name of its pipeline in diffusers, as {@code model_index.json} has it; may be empty. */
  public String className() {
    return className;
  }

  /** The family, with the guidance as an input where the network has one for it. */
  Family open(PackParts parts) {
    Family family = opening.apply(parts);
    try {
      return DistilledFamily.around(family, parts.network());
    } catch (RuntimeException e) {
      family.close();
      throw e;
    }
  }
}
