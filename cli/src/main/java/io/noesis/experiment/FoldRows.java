package io.noesis.experiment;

import io.noesis.encoders.TrainingRows;
import io.noesis.ingest.study.FitRecord;
import io.noesis.tensor.Tensor;
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
    Preparation preparation) {}
