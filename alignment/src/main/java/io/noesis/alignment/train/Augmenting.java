package io.noesis.alignment.train;

import io.noesis.encoders.TrainingRows;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.List;

/** Augments the responses of a batch, one after another, by all that a recipe names in turn. */
final class Augmenting {
  private final List<Augmentation> all;
  private final int[] channels;

  /**
   * @param specs which
   * @param rows of the whole table
   * @throws io.noesis.run.RecipeException when responses have no time and one of them needs it
   */
  Augmenting(List<Augmentations.Spec> specs, TrainingRows rows) {
    this.all = specs.stream().map(Augmentations.Spec::make).toList();
    if (rows.responses().shape().rank() != 3) {
      Augmentations.requireNoneOfEpochs(specs, rows.responses().shape().toString());
    }
    List<Integer> widths = List.copyOf(rows.recorded().widths().values());
    this.channels = java.util.Arrays.stream(rows.recorded().numbers()).map(widths::get).toArray();
  }

  /**
   * The responses of a batch.
   *
   * @param batch its rows; changed in place
   * @param which rows of the table they are
   * @param seed of the batch
   * @return the same tensor
   */
  Tensor of(Tensor batch, int[] which, Seed seed) {
    if (!all.isEmpty()) {
      PinnedRandom random = seed.random();
      for (int row = 0; row < which.length; row++) {
        Augmentation.Response response =
            new Augmentation.Response(batch, row, channels[which[row]]);
        all.forEach(augmentation -> augmentation.apply(response, random));
      }
    }
    return batch;
  }
}
