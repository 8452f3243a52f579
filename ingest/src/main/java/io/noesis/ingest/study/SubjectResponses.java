package io.noesis.ingest.study;

import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Everything read of one subject: trials and the brain's row for each.
 *
 * @param subject label without {@code sub-}
 * @param trials one row per trial
 * @param responses {@code [trials, voxels]} or {@code [trials, channels, samples]}; finite
 * @param kind how the rows came from the recording
 * @param fits the transforms already fitted while reading (per-run z-score, ...)
 * @param notes facts for the report's data card, in order: "TR 2 s", "2 of 577 voxels constant"
 * @param columns what the numbers of a response are
 */
public record SubjectResponses(
    String subject,
    TrialTable trials,
    Tensor responses,
    ResponseKind kind,
    List<FitRecord> fits,
    List<Note> notes,
    ResponseColumns columns) {
  /** The label of the note on which voxels were chosen. */
  public static final String DECODED_FROM = "voxels decoded from";

  /**
   * Responses of a matrix.
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
    this(subject, trials, responses, kind, fits, notes, ResponseColumns.UNKNOWN);
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
    Check.argument(
        responses.shape().rank() == (columns.epochs().isPresent() ? 3 : 2),
        "responses of subject %s: expected [trials, voxels], or [trials, channels, samples] with"
            + " their axes, found %s",
        subject,
        responses.shape());
    if (!columns.positions().isEmpty()) {
      Check.size(
          "places of voxels of subject " + subject, responses.dim(1), columns.positions().size());
    }
    fits = List.copyOf(fits);
    notes = List.copyOf(notes);
  }

  /**
   * The same trials with some of the voxels.
   *
   * @param choice of all columns of these responses
   * @return responses that know which columns they are
   */
  public SubjectResponses only(ColumnChoice choice) {
    List<Note> more = new ArrayList<>(notes);
    more.add(new Note(DECODED_FROM, choice.inWords()));
    return new SubjectResponses(
        subject, trials, choice.of(responses), kind, fits, more, columns.only(choice));
  }

  /** Channels and samples, where responses are epochs. */
  public Optional<EpochAxes> epochs() {
    return columns.epochs();
  }

  /** Where each voxel or sensor is; empty where that is not known. */
  public List<List<Double>> positions() {
    return columns.epochs().map(EpochAxes::positions).orElse(columns.positions());
  }
}
