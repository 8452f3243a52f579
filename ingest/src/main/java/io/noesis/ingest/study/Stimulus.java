package io.noesis.ingest.study;

import io.noesis.run.Check;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What was shown.
 *
 * @param id the study's own id; unique in its {@link StimulusSet}
 * @param category what kind of thing it shows, empty when the study names none
 * @param caption a sentence that describes it, if there is one
 * @param image its picture file, if there is one
 * @param attributes any further columns of the stimulus table, by name
 */
public record Stimulus(
    String id,
    String category,
    Optional<String> caption,
    Optional<Path> image,
    Map<String, String> attributes) {
  /** Checks the id and copies the attributes. */
  public Stimulus {
    Check.argument(!id.isBlank(), "a stimulus needs an id, found a blank one");
    attributes = Map.copyOf(attributes);
  }

  /**
   * Whether the id is only the category's name: the study does not tell which picture was shown, so
   * trials of one id need not have shown the same.
   */
  public boolean standsForCategory() {
    return id.equals(category);
  }
}
