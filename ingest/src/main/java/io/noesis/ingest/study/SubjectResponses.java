package io.noesis.ingest.study;

import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * Everything read of one subject: trials and the brain's row for each.
 *
 * @param subject label without {@code sub-}
 * @param trials one row per trial
 * @param responses {@code [trials, voxels]} (or channels x time flattened); finite
 * @param kind how the rows came from the recording
 * @param fits the transforms already fitted while reading (per-run z-score, ...)
 * @param notes facts for the report's data card, in order: "TR 2 s", "2 of 577 voxels constant"
 * @param positions where each voxel is, two or three coordinates in millimetres; empty where that
 *     is not known
 */
public record SubjectResponses(
    String subject,
    TrialTable trials,
    Tensor responses,
    ResponseKind kind,
    List<FitRecord> fits,
    List<Note> notes,
    List<List<Double>> positions) {
  /**
   * Responses of which it is not known where they are.
   *
   * @param subject label without {@code sub-}
   * @param trials one row per trial
   * @param responses {@code [trials, voxels]}; finite
   * @param kind how the rows came from the recording
   * @param fits the transforms already fitted while reading
   * @param notes facts for the report's data card
   */
  public SubjectResponses(
      String subject,
      TrialTable trials,
      Tensor responses,
      ResponseKind kind,
      List<FitRecord> fits,
      List<Note> notes) {
    this(subject, trials, responses, kind, fits, notes, List.of());
  }

  /** The same with voxels at those places. */
  public SubjectResponses at(List<List<Double>> voxels) {
    return new SubjectResponses(subject, trials, responses, kind, fits, notes, voxels);
  }

  /**
   * One line of the data card.
   *
   * @param label what: {@code "voxels"}
   * @param value the value in words: {@code "577 of 163840"}
   */
  public record Note(String label, String value) {}

  /** Checks the row counts and copies the lists. */
  public SubjectResponses {
    Check.size("response rows of subject " + subject, trials.size(), responses.dim(0));
    positions = positions.stream().map(List::copyOf).toList();
    if (!positions.isEmpty()) {
      Check.size("places of voxels of subject " + subject, responses.dim(1), positions.size());
    }
    fits = List.copyOf(fits);
    notes = List.copyOf(notes);
  }
}
