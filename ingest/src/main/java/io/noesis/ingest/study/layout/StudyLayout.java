package io.noesis.ingest.study.layout;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.ingest.study.Study;
import io.noesis.ingest.study.StudyCard;
import io.noesis.run.RecordBinder;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One way in which a study may lie in a folder.
 *
 * @param settings the record its settings are bound to; unknown keys are errors
 * @param opener opens the folder
 * @param <S> the settings
 */
public record StudyLayout<S extends Record>(Class<S> settings, Opener<S> opener) {
  /** Opens a folder: reads tables and headers, no recording. */
  @FunctionalInterface
  public interface Opener<S> {
    /**
     * Opens a folder.
     *
     * @param root the study's folder
     * @param settings checked settings
     * @param card what a manifest says of the study, if there is one
     * @return the study
     */
    Study open(Path root, S settings, Optional<StudyCard> card);
  }

  /**
   * Opens a folder.
   *
   * @param root the study's folder
   * @param tree the settings as a tree
   * @param card what a manifest says of the study, if there is one
   * @return the study
   * @throws io.noesis.run.RecipeException listing all that is wrong with the settings
   * @throws io.noesis.run.DataException when the folder does not hold such a study
   */
  public Study open(Path root, JsonNode tree, Optional<StudyCard> card) {
    return opener.open(root, RecordBinder.bind(tree, settings, "study settings"), card);
  }
}
