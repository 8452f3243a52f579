package io.noesis.reconstruction.diffusion.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.run.ModelException;
import io.noesis.run.RecipeException;
import java.util.Arrays;
import java.util.function.Function;

/** A line of the registry of samplers. */
public final class SchedulerKind {
  private static final int SOME_STEPS = 7;

  private final String className;
  private final Function<SchedulerConfig, Scheduler> reading;

  SchedulerKind(String className, Function<SchedulerConfig, Scheduler> reading) {
    this.className = className;
    this.reading = reading;
  }

  /** The name that diffusers gives it in {@code _class_name}. */
  public String className() {
    return className;
  }

  /** Whether {@code timestep_spacing} changes which steps of training it visits. */
  public boolean usesSpacing() {
    return !Arrays.equals(times(Spacing.LEADING), times(Spacing.TRAILING));
  }

  private float[] times(Spacing spacing) {
    ObjectNode settings = JsonNodeFactory.instance.objectNode();
    settings.put("timestep_spacing", spacing.key());
    Schedule run = read(settings, "the defaults of " + className).schedule(SOME_STEPS);
    float[] out = new float[run.calls()];
    for (int i = 0; i < out.length; i++) {
      out[i] = run.timestep(i);
    }
    return out;
  }

  /**
   * What to tell who gives a spacing all the same.
   *
   * @param doing what is done, for the message
   * @return the error
   */
  public RecipeException refusedSpacing(String doing) {
    return new RecipeException(
        doing
            + ": a spacing of the steps is given, but the sampler "
            + className
            + " lays its steps out by itself. Leave the spacing out, or take another sampler.");
  }

  /** The sampler with the defaults that diffusers gives it. */
  public Scheduler defaults() {
    return read(JsonNodeFactory.instance.objectNode(), "the defaults of " + className);
  }

  /**
   * The sampler with the settings of a {@code scheduler_config.json}, whatever class that file
   * names: this is how one sampler takes another's place.
   *
   * @param settings the tree of the file
   * @param where what is being read, for messages
   * @return the sampler
   * @throws ModelException when a setting has a value that the sampler does not have
   */
  public Scheduler read(JsonNode settings, String where) {
    try {
      return reading.apply(new SchedulerConfig(settings, where));
    } catch (IllegalArgumentException e) {
      throw new ModelException(where + ": " + e.getMessage() + ".", e);
    }
  }
}
