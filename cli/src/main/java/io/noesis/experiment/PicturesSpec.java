package io.noesis.experiment;

import io.noesis.alignment.embedding.ImageTower;
import io.noesis.alignment.score.Condition;
import io.noesis.run.Check;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Pictures made from decoded embeddings.
 *
 * @param pack the generator: {@code embedded}, a pack of {@code noesis models list}, or a folder
 * @param steps of sampling; the pack's own number where absent
 * @param guidance how far predictions are pushed from the unconditional ones; the pack's own where
 *     absent
 * @param stretch what is done to the length of decoded embeddings before
 * @param stimuli how many test stimuli, drawn by the seed; 0 for all
 * @param seed of pictures; the recipe's where absent. One per stimulus follows from it, the same
 *     for all conditions
 * @param conditions what pictures are made from; leaving one out is seen in the report
 * @param tower the image model that compares made with shown pictures; the pack's or the targets'
 *     own where absent
 */
public record PicturesSpec(
    String pack,
    OptionalInt steps,
    OptionalDouble guidance,
    Stretch stretch,
    int stimuli,
    OptionalLong seed,
    List<Condition> conditions,
    Optional<ImageTower> tower) {
  /** Checks the numbers and copies the list. */
  public PicturesSpec {
    conditions = List.copyOf(conditions);
    Check.argument(steps.orElse(1) > 0, "steps must be at least 1, found %s", steps);
    Check.argument(stimuli >= 0, "stimuli must be at least 0 (all), found %d", stimuli);
    Check.argument(
        conditions.contains(Condition.DECODED), "conditions must contain decoded: %s", conditions);
  }

  /** The embedded generator as it was made, all stimuli, everything that must stand beside. */
  public static PicturesSpec defaults() {
    return new PicturesSpec(
        "embedded",
        OptionalInt.empty(),
        OptionalDouble.empty(),
        Stretch.TRAINING,
        0,
        OptionalLong.empty(),
        List.of(Condition.values()),
        Optional.empty());
  }
}
