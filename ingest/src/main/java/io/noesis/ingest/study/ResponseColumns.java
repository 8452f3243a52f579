package io.noesis.ingest.study;

import java.util.List;
import java.util.Optional;

/**
 * What the numbers of a response are.
 *
 * @param mask fingerprint of the mask whose voxels they are ({@link
 *     io.noesis.ingest.volume.BrainMask#fingerprint}); empty where none is known
 * @param positions of voxels, two or three coordinates each in millimetres; empty where they are
 *     not known
 * @param epochs channels and samples, where responses are epochs
 * @param choice which of the mask's voxels they are; empty for all
 */
public record ResponseColumns(
    Optional<String> mask,
    List<List<Double>> positions,
    Optional<EpochAxes> epochs,
    Optional<ColumnChoice> choice) {
  /** Columns of a matrix, known by their number alone. */
  public static final ResponseColumns UNKNOWN =
      new ResponseColumns(Optional.empty(), List.of(), Optional.empty(), Optional.empty());

  /** Copies the positions. */
  public ResponseColumns {
    positions = positions.stream().map(List::copyOf).toList();
  }

  /**
   * Voxels of a mask.
   *
   * @param fingerprint of the mask; empty where files had different ones
   * @param positions of each voxel in millimetres; may be empty
   * @return the columns
   */
  public static ResponseColumns ofVoxels(
      Optional<String> fingerprint, List<List<Double>> positions) {
    return new ResponseColumns(fingerprint, positions, Optional.empty(), Optional.empty());
  }

  /**
   * Channels and samples.
   *
   * @param axes of epochs; empty for columns of a matrix
   * @return the columns
   */
  public static ResponseColumns of(Optional<EpochAxes> axes) {
    return new ResponseColumns(Optional.empty(), List.of(), axes, Optional.empty());
  }

  /** Some of these columns. */
  ResponseColumns only(ColumnChoice some) {
    return new ResponseColumns(
        mask,
        positions.isEmpty() ? positions : some.columns().stream().map(positions::get).toList(),
        epochs,
        Optional.of(some));
  }
}
