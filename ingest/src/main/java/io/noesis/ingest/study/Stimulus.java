package io.noesis.ingest.study;

import io.noesis.run.Check;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was shown.
 *
 * @param id the study's own id; unique in its {@link StimulusSet}
 * @param category what kind of thing it shows, empty when the study names none
 * @param captions sentences that describe it, in the order of the stimulus table; none is blank
 * @param image its picture file, if there is one
 * @param attributes any further columns of the stimulus table, by name
 */
public record Stimulus(
    String id,
    String category,
    List<String> captions,
    Optional<Path> image,
    Map<String, String> attributes) {
  /** Checks id and captions, and copies. */
  public Stimulus {
    Check.argument(!id.isBlank(), "a stimulus needs an id, found a blank one");
    captions = List.copyOf(captions);
    Check.argument(
        captions.stream().noneMatch(String::isBlank),
        "the stimulus '%s' has a blank caption; leave it out",
        id);
    attributes = Map.copyOf(attributes);
  }

  /** One that has a single caption, or none. */
  public Stimulus(
      String id,
      String category,
      Optional<String> caption,
      Optional<Path> image,
      Map<String, String> attributes) {
    this(id, category, caption.stream().toList(), image, attributes);
  }

  /** The first of its captions, which stands for it where one is shown or copied. */
  public Optional<String> caption() {
    return captions.stream().findFirst();
  }

  /**
   * Whether the id is only the category's name: the study does not tell which picture was shown, so
   * trials of one id need not have shown the same.
   */
  public boolean standsForCategory() {
    return id.equals(category);
  }
}
