package io.noesis.experiment;

import io.noesis.encoders.TrainingRows;
import io.noesis.ingest.study.FitRecord;
import io.noesis.tensor.Tensor;
import java.util.Optional;

/**
 * The rows of one subject in one fold, scaled alike.
 *
 * @param train what the encoder may see
 * @param test {@code [test trials, voxels]}, to be decoded
 * @param fit what the scaling was fitted on, where there is one
 */
record FoldRows(TrainingRows train, Tensor test, Optional<FitRecord> fit) {}
