package io.noesis.experiment;

import io.noesis.encoders.Recorded;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.ridge.TargetSource;
import io.noesis.ingest.study.FitRecord;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rows of one subject in one fold, scaled alike.
 *
 * @param train what the encoder may see
 * @param test {@code [rows, ...]}, to be decoded
 * @param told features of the stimuli of {@code test} that the network is told, by name
 * @param tested the trial of each, the first of those that were averaged
 * @param fit what the scaling was fitted on, where there is one
 * @param preparation the scaling itself
 * @param streamed the targets of the training rows, where they and the weights of ridge are too
 *     large for memory: {@code train} then has {@code [rows, 0]}
 */
record FoldRows(
    TrainingRows train,
    Tensor test,
    Map<String, Tensor> told,
    List<Integer> tested,
    Optional<FitRecord> fit,
    Preparation preparation,
    Optional<TargetSource> streamed) {
  /** Targets of which statistics are taken at a time: 64 MB. */
  private static final int BLOCK = 1 << 24;

  /** Mean and deviation of the targets of the training rows. */
  ColumnStatistics targetStatistics() {
    if (streamed.isEmpty()) {
      return ColumnStatistics.of(train.targets());
    }
    TargetSource source = streamed.get();
    int columns = source.columns();
    List<ColumnStatistics> parts = new ArrayList<>();
    int width = Math.max(1, BLOCK / source.rows());
    for (int from = 0; from < columns; from += width) {
      parts.add(ColumnStatistics.of(source.read(from, Math.min(columns, from + width))));
    }
    return ColumnStatistics.beside(parts);
  }

  /** Mean target of the training rows {@code [1, dim]}. */
  Tensor meanTarget() {
    return targetStatistics().mean();
  }

  /** Training and test responses together, of which nothing else is known. */
  TrainingRows withTestUnlabelled() {
    List<String> groups = new ArrayList<>(train.groups());
    tested.forEach(row -> groups.add("test " + row));
    int count = groups.size();
    Recorded recorded = Recorded.ofOne(count, test.dim(1)).at(train.recorded().positions());
    return new TrainingRows(
        Tensor.concatenate(train.responses(), test), Tensor.zeros(count, 1), groups, recorded);
  }
}
