package io.noesis.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Which study a recipe reads.
 *
 * @param manifest name of a manifest, which gives layout and settings
 * @param layout name of a study layout, where there is no manifest
 * @param root the study's folder; {@code --root} overrides it
 * @param settings settings of the layout; they override the manifest's
 * @param subjects labels of those who take part; empty for all. Where subjects are trained together
 *     this decides the result, so it stands here and not only on the command line
 */
public record StudySpec(
    Optional<String> manifest,
    Optional<String> layout,
    Optional<Path> root,
    JsonNode settings,
    List<String> subjects) {
  /** Copies the list. */
  public StudySpec {
    subjects = List.copyOf(subjects);
  }

  /** No manifest, no layout, no folder, no settings, everybody. */
  public static StudySpec defaults() {
    return new StudySpec(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        JsonNodeFactory.instance.objectNode(),
        List.of());
  }
}
