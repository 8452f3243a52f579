package io.noesis.alignment.loss;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.noesis.run.RecordBinder;

/**
 * Which loss, with which settings.
 *
 * @param name of {@link Losses}
 * @param settings of the loss; missing ones take its defaults
 */
public record LossSpec(String name, JsonNode settings) {
  /** InfoNCE: on the simulated study others learn the mean embedding first. */
  public static LossSpec defaults() {
    return new LossSpec("info-nce", JsonNodeFactory.instance.objectNode());
  }

  /**
   * A loss as settings.
   *
   * @param name of {@link Losses}
   * @param loss of that kind
   * @return the settings that make an equal one
   */
  public static LossSpec of(String name, Record loss) {
    return new LossSpec(name, RecordBinder.tree(loss));
  }

  /**
   * The loss.
   *
   * @return a new one
   * @throws io.noesis.run.RecipeException when the name is unknown or the settings do not bind
   */
  public Loss make() {
    return Losses.registry().get(name).make(settings, "training.loss.settings");
  }
}
