package io.noesis.ingest.glm;

import io.noesis.run.Registry;
import io.noesis.run.Registry.Entry;
import java.util.List;

/** The haemodynamic response functions known by name. */
public final class Hrfs {
  /** SPM's canonical double gamma: peak at 6 s, undershoot at 16 s of a sixth of its height. */
  public static final Hrf SPM = new Hrf("spm", 6, 16, 1, 1, 0.167, 32);

  /** Glover's response to an auditory stimulus: undershoot at 12 s, nearly half as deep. */
  public static final Hrf GLOVER = new Hrf("glover", 6, 12, 0.9, 0.9, 0.48, 32);

  private static final Registry<Hrf> REGISTRY =
      Registry.of(
          "haemodynamic response",
          List.of(
              new Entry<>("spm", SPM, "SPM's canonical double gamma (peak 6 s, undershoot 16 s)"),
              new Entry<>("glover", GLOVER, "Glover's double gamma (undershoot 12 s, deeper)")));

  private Hrfs() {}

  /** All of them, for recipes, descriptions and contract tests. */
  public static Registry<Hrf> registry() {
    return REGISTRY;
  }
}
