package io.noesis.ingest.study.layout;

import io.noesis.ingest.volume.NonFinite;
import io.noesis.run.Check;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How responses that were made elsewhere are read. In the names of files {@code {subject}} is
 * replaced; {@code responses} and {@code trials} are looked for in the folder {@code sub-LABEL}
 * where there is one, else in the study's own.
 *
 * @param subjects labels; empty for all folders {@code sub-...}, or for the one subject {@code 01}
 * @param responses an {@code .npy} array {@code [trials, voxels]}, or of epochs {@code [trials,
 *     channels, samples]}; more axes are taken as voxels
 * @param trials a TSV with one row per trial
 * @param columns which columns of that table mean what
 * @param scale every number is multiplied by it: for betas stored as scaled whole numbers
 * @param nonFinite what to do with columns (voxels) that are NaN or infinite in some trial
 * @param stimuli the stimulus table; {@code stimuli/stimuli.tsv} is read without being named
 * @param embeddings an {@code .npy} array {@code [stimuli, dim]} of their embeddings; {@code
 *     embeddings.npy} is read without being named
 * @param embeddingIds the stimulus of each row of it: a TSV with a column {@code id}, or a text
 *     file with one id per line; {@code embeddings.tsv} is read without being named; without it the
 *     stimuli's ids are row numbers
 * @param embeddingName the model the embeddings came from
 * @param firstRow 0 or 1: the id of the first row, where ids are row numbers
 * @param sensors of epochs: a TSV with a row per channel and the columns {@code name}, {@code x},
 *     {@code y} and perhaps {@code z}, or a {@code .txt} file with one name per line; read where it
 *     is there
 * @param channels of epochs: names of those that are used, in the array's order whatever the order
 *     here; empty for all
 * @param samplingRateHz of epochs; without it that of the JSON file beside the responses ({@code
 *     SamplingFrequency})
 * @param startSeconds time of the first sample of epochs, the event being at 0; without it that of
 *     the JSON file ({@code StartTime}), or 0
 */
public record ArraysSettings(
    List<String> subjects,
    String responses,
    String trials,
    Columns columns,
    double scale,
    NonFinite nonFinite,
    Optional<Path> stimuli,
    Optional<Path> embeddings,
    Optional<Path> embeddingIds,
    String embeddingName,
    int firstRow,
    String sensors,
    List<String> channels,
    OptionalDouble samplingRateHz,
    OptionalDouble startSeconds) {
  /**
   * Which columns mean what; only {@code stimulus} must be there, the others are read where they
   * are.
   *
   * @param stimulus id of what was shown
   * @param category what kind of thing it shows
   * @param session the session's label
   * @param run the run's label
   * @param onset seconds from the start of the run
   * @param duration seconds
   * @param part train or test, as the study prescribes
   * @param row row of the array, from 0; without it the rows are the trials in order
   */
  public record Columns(
      String stimulus,
      String category,
      String session,
      String run,
      String onset,
      String duration,
      String part,
      String row) {
    /** Every column is named as what it means. */
    public static Columns defaults() {
      return new Columns(
          "stimulus", "category", "session", "run", "onset", "duration", "part", "row");
    }
  }

  /** Checks the ranges. */
  public ArraysSettings {
    channels = List.copyOf(channels);
    Check.argument(
        scale != 0 && Double.isFinite(scale),
        "scale: expected a finite number but 0, found %s",
        scale);
    Check.argument(firstRow == 0 || firstRow == 1, "firstRow: expected 0 or 1, found %d", firstRow);
    Check.argument(
        embeddings.isPresent() || embeddingIds.isEmpty(),
        "embeddingIds: expected 'embeddings' to be named too");
  }

  /** {@code responses.npy} and {@code trials.tsv}, as they are. */
  public static ArraysSettings defaults() {
    return new ArraysSettings(
        List.of(),
        "responses.npy",
        "trials.tsv",
        Columns.defaults(),
        1,
        NonFinite.REFUSE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        "given",
        0,
        "sensors.tsv",
        List.of(),
        OptionalDouble.empty(),
        OptionalDouble.empty());
  }

  /** The same with the embeddings that lie in the study's folder under their usual names. */
  ArraysSettings withFound(Path root) {
    return new ArraysSettings(
        subjects,
        responses,
        trials,
        columns,
        scale,
        nonFinite,
        stimuli,
        embeddings.or(() -> found(root, "embeddings.npy")),
        embeddingIds.or(() -> found(root, "embeddings.tsv")),
        embeddingName,
        firstRow,
        sensors,
        channels,
        samplingRateHz,
        startSeconds);
  }

  private static Optional<Path> found(Path root, String name) {
    return Files.isRegularFile(root.resolve(name)) ? Optional.of(Path.of(name)) : Optional.empty();
  }
}
