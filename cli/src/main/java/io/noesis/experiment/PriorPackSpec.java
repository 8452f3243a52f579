package io.noesis.experiment;

import io.noesis.reconstruction.diffusion.SamplingPlan;
import io.noesis.run.Check;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A diffusion prior from a pack, before a generator or behind a graph. What is given here wins over
 * the pack, and the record says where the two differ. A text alone is the pack.
 *
 * @param pack of {@code noesis describe priors}: a name of {@code noesis models list}, or a folder
 * @param steps of sampling; the pack's where absent, as the following
 * @param guidance how far predictions are pushed from the unconditional ones
 * @param settings further numbers that the kind of prior knows: eta of diffusion-prior
 * @param seed of what is drawn, in the place of the pictures': one per stimulus follows from it
 */
public record PriorPackSpec(
    String pack,
    OptionalInt steps,
    OptionalDouble guidance,
    Map<String, Double> settings,
    OptionalLong seed) {
  /** Checks the numbers and copies the map. */
  public PriorPackSpec {
    settings = Map.copyOf(settings);
    Check.argument(!pack.isBlank(), "a prior needs the name or folder of its pack");
    Check.argument(steps.orElse(1) > 0, "steps must be at least 1, found %d", steps.orElse(1));
    Check.argument(
        Double.isFinite(guidance.orElse(1)),
        "guidance must be finite, found %s",
        guidance.orElse(1));
  }

  /**
   * As the pack has it.
   *
   * @param pack its name or folder
   * @return the settings
   */
  public static PriorPackSpec of(String pack) {
    return new PriorPackSpec(
        pack, OptionalInt.empty(), OptionalDouble.empty(), Map.of(), OptionalLong.empty());
  }

  /** What a text in the place of the mapping is. */
  static String shortForm() {
    return "pack";
  }

  /**
   * The same with what is given.
   *
   * @param newSteps over its own where present, as the following
   * @param newGuidance guidance
   * @param newSeed seed
   * @return the settings
   */
  public PriorPackSpec with(
      OptionalInt newSteps, OptionalDouble newGuidance, OptionalLong newSeed) {
    return new PriorPackSpec(
        pack,
        newSteps.isPresent() ? newSteps : steps,
        newGuidance.isPresent() ? newGuidance : guidance,
        settings,
        newSeed.isPresent() ? newSeed : seed);
  }

  SamplingPlan plan(SamplingPlan own) {
    Map<String, Double> all = new LinkedHashMap<>(own.settings());
    all.putAll(settings);
    return SamplingPlan.of(steps.orElse(own.steps()), guidance.orElse(own.guidance())).with(all);
  }
}
