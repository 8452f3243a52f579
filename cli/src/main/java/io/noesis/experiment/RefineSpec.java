package io.noesis.experiment;

import io.noesis.reconstruction.diffusion.Profile;
import io.noesis.reconstruction.diffusion.Profiles;
import io.noesis.reconstruction.diffusion.SamplingPlan;
import io.noesis.run.Check;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A second stage: every picture again through a model that reads its caption, as MindEye2 does. The
 * captions are those that the run made of the same embeddings; where it made none, an empty text.
 *
 * @param pack the model: a pack of {@code noesis models list}, or a folder
 * @param profile how it is run: a name of {@code noesis describe profiles}; mindeye2-refine where
 *     absent
 * @param steps of sampling; the profile's or the pack's where absent, as the following
 * @param guidance how far predictions are pushed from the unconditional ones
 * @param strength how much of the noise the first picture gets, below 1
 * @param negative what its pictures should not show; that of the section pictures where absent, and
 *     the profile's where that is too
 */
public record RefineSpec(
    String pack,
    Optional<String> profile,
    OptionalInt steps,
    OptionalDouble guidance,
    OptionalDouble strength,
    Optional<String> negative) {
  private static final String USUAL = "mindeye2-refine";

  /** Checks names and numbers. */
  public RefineSpec {
    Check.argument(!pack.isBlank(), "refine needs the pack of its model");
    profile.ifPresent(Profiles.registry()::get);
    Check.argument(steps.orElse(1) > 0, "steps must be at least 1, found %d", steps.orElse(1));
    double share = strength.orElse(0.5);
    Check.argument(share > 0 && share < 1, "strength must lie between 0 and 1, found %s", strength);
  }

  /** The profile; MindEye2's second stage where none is named. */
  Profile sampling() {
    return Profiles.registry().get(profile.orElse(USUAL));
  }

  SamplingPlan plan(SamplingPlan own) {
    return new SamplingPlan(
        steps.orElse(own.steps()),
        guidance.orElse(own.guidance()),
        own.rescale(),
        strength.orElse(own.strength()),
        own.settings());
  }
}
