package io.noesis.encoders;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;

/** One way to build and fit a brain encoder. */
public interface Architecture {
  /**
   * The record of its settings; {@code describe} prints its components and defaults.
   *
   * @return a record class that {@link io.noesis.run.RecordBinder} can bind
   */
  Class<? extends Record> settings();

  /** Whether it is a network, whose weights a trainer finds by gradients. */
  default boolean trainedByGradients() {
    return false;
  }

  /**
   * Fits an encoder.
   *
   * @param rows training trials only
   * @param settings a tree that binds to {@link #settings()}
   * @param fitting randomness, and the trainer of networks
   * @return the fitted encoder
   * @throws io.noesis.run.RecipeException when the settings do not bind
   */
  BrainEncoder fit(TrainingRows rows, JsonNode settings, Fitting fitting);

  /**
   * Reads an encoder that {@link BrainEncoder#save} wrote.
   *
   * @param file the weights
   * @return the encoder
   */
  BrainEncoder load(Path file);
}
