package io.noesis.ingest.study.layout;

import io.noesis.ingest.signal.Scaling;
import io.noesis.ingest.signal.Trend;
import io.noesis.ingest.volume.NonFinite;
import io.noesis.ingest.volume.VoxelOrder;
import io.noesis.run.Check;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How an image or matrix with a table of labels is read. In the names of files {@code {subject}}
 * and {@code {run}} are replaced.
 *
 * @param responses 4-D image ({@code .nii}, {@code .nii.gz}) or matrix ({@code .npy}, {@code
 *     [volumes, voxels]}); one file for all runs, or one per run with {@code {run}}
 * @param mask the mask of an image; a matrix needs none
 * @param table a TSV with one row per volume, or, with an onset column, one per block or event
 * @param subjects their labels
 * @param columns which columns of the table mean what
 * @param trSeconds time between volumes; read from the image when not given
 * @param voxelOrder order of the columns taken from an image
 * @param nonFinite what to do with voxels that are NaN or infinite
 * @param trend what is removed within each run, over all of its volumes in the table
 * @param scaling how voxels are scaled within each run after that
 * @param average whether the volumes of one block become one trial
 * @param shiftVolumes a label belongs to the volume so many later (haemodynamic delay)
 * @param rest labels that are no trials; their volumes still count for trend and scaling
 * @param stimuli a stimulus table, when the table names stimuli
 */
public record TableSettings(
    String responses,
    Optional<String> mask,
    String table,
    List<String> subjects,
    Columns columns,
    OptionalDouble trSeconds,
    VoxelOrder voxelOrder,
    NonFinite nonFinite,
    Trend trend,
    Scaling scaling,
    Average average,
    int shiftVolumes,
    List<String> rest,
    Optional<Path> stimuli) {
  /** Whether volumes are put together. */
  public enum Average {
    /** Every volume is a trial. */
    NONE,
    /** The mean of a block's volumes is a trial. */
    BLOCK
  }

  /**
   * Which columns mean what; a column that is not named is not looked for.
   *
   * @param run the run's label; without it all volumes are of one run
   * @param session the session's label
   * @param volume row of the matrix or volume of the image, from 0; without it, rows are volumes in
   *     order
   * @param onset seconds from the start of the run; makes a row a block instead of a volume
   * @param duration seconds, with {@code onset}
   * @param category what kind of thing was shown
   * @param stimulus id of what was shown; without it every block counts as a stimulus of its own
   * @param block number or name of the block; without it a block is a stretch of equal labels
   * @param part train or test, as the study prescribes
   */
  public record Columns(
      Optional<String> run,
      Optional<String> session,
      Optional<String> volume,
      Optional<String> onset,
      Optional<String> duration,
      Optional<String> category,
      Optional<String> stimulus,
      Optional<String> block,
      Optional<String> part) {
    /** Checks that something says what was shown. */
    public Columns {
      Check.argument(
          category.isPresent() || stimulus.isPresent(),
          "columns: expected 'category' or 'stimulus' to be named");
      Check.argument(
          onset.isEmpty() || volume.isEmpty(), "columns: expected 'volume' or 'onset', found both");
      Check.argument(
          onset.isPresent() == duration.isPresent(),
          "columns: expected 'onset' and 'duration' together");
    }
  }

  /** Checks the ranges. */
  public TableSettings {
    Check.argument(
        shiftVolumes >= 0 && shiftVolumes < 1000,
        "shiftVolumes: expected 0 to 999, found %d",
        shiftVolumes);
    Check.argument(
        trSeconds.isEmpty() || trSeconds.getAsDouble() > 0,
        "trSeconds: expected a positive number, found %s",
        trSeconds);
    Check.argument(!subjects.isEmpty(), "subjects: expected at least one label");
  }

  /** A matrix with a table beside it; the column {@code category} says what was shown. */
  public static TableSettings defaults() {
    return new TableSettings(
        "responses.npy",
        Optional.empty(),
        "trials.tsv",
        List.of("01"),
        new Columns(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of("category"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()),
        OptionalDouble.empty(),
        VoxelOrder.LAST_AXIS_FASTEST,
        NonFinite.REFUSE,
        Trend.NONE,
        Scaling.NONE,
        Average.NONE,
        0,
        List.of(),
        Optional.empty());
  }
}
