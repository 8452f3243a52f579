package io.noesis.reconstruction.diffusion.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.noesis.run.ModelException;
import java.util.function.Function;

/** A line of the registry of samplers. */
public final class SchedulerKind {
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
