package io.noesis.cli;

import io.noesis.experiment.PriorPackSpec;
import io.noesis.run.RecipeException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a diffusion prior draws. */
final class PriorOptions {
  @Option(
      names = "--prior-steps",
      paramLabel = "N",
      description = "With a prior: its steps of sampling (default: the pack's).")
  @Nullable Integer steps;

  @Option(
      names = "--prior-guidance",
      paramLabel = "G",
      description =
          "With a prior: how far it is pushed from the unconditional (default: the pack's).")
  @Nullable Double guidance;

  @Option(
      names = "--prior-seed",
      paramLabel = "N",
      description = "With a prior: the root of what it draws.")
  @Nullable Long seed;

  /**
   * A prior with what is given here.
   *
   * @param prior the one that is meant; null for none
   * @param own what the recipe has
   */
  Optional<PriorPackSpec> over(@Nullable String prior, Optional<PriorPackSpec> own) {
    Optional<PriorPackSpec> named =
        prior == null
            ? own
            : Optional.of(
                own.filter(of -> of.pack().equals(prior)).orElse(PriorPackSpec.of(prior)));
    if (named.isEmpty() && (steps != null || guidance != null || seed != null)) {
      throw new RecipeException(
          "--prior-steps, --prior-guidance and --prior-seed are for a diffusion prior, and none is"
              + " named. Name its pack with --prior, or leave them out.");
    }
    return named.map(
        of ->
            of.with(
                steps == null ? OptionalInt.empty() : OptionalInt.of(steps),
                guidance == null ? OptionalDouble.empty() : OptionalDouble.of(guidance),
                seed == null ? OptionalLong.empty() : OptionalLong.of(seed)));
  }
}
