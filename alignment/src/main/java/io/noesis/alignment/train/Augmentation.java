package io.noesis.alignment.train;

import io.noesis.run.PinnedRandom;
import io.noesis.tensor.Tensor;

/**
 * What is done to a response of a training row before the network sees it, drawn anew each time, so
 * that it does not learn by heart what may as well be otherwise. Targets stay, and rows that choose
 * an epoch or are decoded are left alone. Immutable.
 */
public interface Augmentation {
  /**
   * Changes one response.
   *
   * @param response its numbers
   * @param random the stream; as many draws for every response of those sizes
   */
  void apply(Response response, PinnedRandom random);

  /** Whether it needs responses that have time. */
  default boolean ofEpochs() {
    return false;
  }

  /** Itself in a few words. */
  String describe();

  /**
   * One response among those of a batch, to be changed in place.
   *
   * @param batch {@code [rows, channels, samples]} or {@code [rows, voxels]}
   * @param row which
   * @param channels how many channels, parcels or voxels the row's subject has; zeros may follow
   */
  record Response(Tensor batch, int row, int channels) {
    /** How many numbers each channel has. */
    int samples() {
      return batch.size() / batch.dim(0) / batch.dim(1);
    }

    /** Where the numbers of a channel begin. */
    int start(int channel) {
      return (row * batch.dim(1) + channel) * samples();
    }
  }
}
