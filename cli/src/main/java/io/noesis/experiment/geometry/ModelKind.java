package io.noesis.experiment.geometry;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.run.Progress;
import io.noesis.run.RecordBinder;

/**
 * One way of getting a model's geometry.
 *
 * @param settings the record its settings are bound to; unknown keys are errors
 * @param maker makes the geometry
 * @param <S> the settings
 */
public record ModelKind<S extends Record>(Class<S> settings, Maker<S> maker) {
  /** Makes a model's geometry of the study's conditions. */
  @FunctionalInterface
  public interface Maker<S> {
    /**
     * Makes it.
     *
     * @param name the model's name
     * @param settings checked settings
     * @param conditions what was shown
     * @param progress hears how far the work has come
     * @return distances of those conditions in that order
     */
    ModelGeometry make(String name, S settings, Conditions conditions, Progress progress);
  }

  /** Checks a tree of settings without making anything. */
  public S bind(JsonNode tree) {
    return RecordBinder.bind(tree, settings, "settings");
  }

  /**
   * Makes a model's geometry.
   *
   * @param name the model's name
   * @param tree its settings
   * @param conditions what was shown
   * @param progress hears how far the work has come
   * @return distances of those conditions in that order
   * @throws io.noesis.run.RecipeException listing all that is wrong with the settings
   * @throws io.noesis.run.DataException when pictures, words or distances cannot be had
   */
  public ModelGeometry make(String name, JsonNode tree, Conditions conditions, Progress progress) {
    return maker.make(name, bind(tree), conditions, progress);
  }
}
