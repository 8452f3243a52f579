package io.noesis.experiment.geometry;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Settings of distances that were made elsewhere.
 *
 * @param file a {@code .npy} or {@code .mat} file, relative to the study's folder
 * @param variable which variable of a {@code .mat} file
 * @param elements names of the elements of a struct array; the mean of several; all when empty
 * @param field the field of a struct array that holds the distances; {@code RDM} when absent
 * @param label the field of a struct array that holds the names; {@code name} when absent
 */
public record MatrixSettings(
    Path file,
    Optional<String> variable,
    List<String> elements,
    Optional<String> field,
    Optional<String> label) {
  /** Copies the names. */
  public MatrixSettings {
    elements = List.copyOf(elements);
  }
}
