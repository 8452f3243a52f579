package io.noesis.experiment.geometry;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where a study of measured distances keeps them: the settings of a geometry recipe's study.
 *
 * @param rdms a {@code .npy} or {@code .mat} file with one matrix of distances per subject
 * @param variable which variable of a {@code .mat} file
 * @param subjects labels, in the order of the file; 1, 2, ... when empty
 * @param stimuli a table with one row per condition, in the order of rows and columns; without it
 *     conditions are called 1, 2, ...
 * @param columns the columns of that table
 */
public record MeasuredSpec(
    Path rdms,
    Optional<String> variable,
    List<String> subjects,
    Optional<Path> stimuli,
    Columns columns) {
  /**
   * Columns of the table of stimuli.
   *
   * @param id unique names of the conditions
   * @param picture paths of their pictures, relative to the study's folder
   */
  public record Columns(String id, String picture) {
    /** {@code id} and {@code image}. */
    public static Columns defaults() {
      return new Columns("id", "image");
    }
  }

  /** Copies the labels. */
  public MeasuredSpec {
    subjects = List.copyOf(subjects);
  }

  /** {@code rdms.npy} alone. */
  public static MeasuredSpec defaults() {
    return new MeasuredSpec(
        Path.of("rdms.npy"), Optional.empty(), List.of(), Optional.empty(), Columns.defaults());
  }
}
