package io.noesis.experiment;

import io.noesis.encoders.Recorded;
import io.noesis.encoders.TrainingRows;
import io.noesis.ingest.study.FitRecord;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rows of one subject in one fold, scaled alike.
 *
 * @param train what the encoder may see
 * @param test {@code [rows, ...]}, to be decoded
 * @param tested the trial of each, the first of those that were averaged
 * @param fit what the scaling was fitted on, where there is one
 * @param preparation the scaling itself
 */
record FoldRows(
    TrainingRows train,
    Tensor test,
    List<Integer> tested,
    Optional<FitRecord> fit,
    Preparation preparation) {
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
