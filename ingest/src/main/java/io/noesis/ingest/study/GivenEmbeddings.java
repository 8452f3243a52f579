package io.noesis.ingest.study;

import io.noesis.run.DataException;
import io.noesis.tensor.Tensor;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Embeddings of stimuli that a study brings along, made elsewhere.
 *
 * @param name of the model they came from, in the study's words
 * @param ids the stimulus of each row; unique
 * @param values {@code [ids, dim]}; finite
 */
public record GivenEmbeddings(String name, List<String> ids, Tensor values) {
  /** Checks the counts, uniqueness and finiteness. */
  public GivenEmbeddings {
    ids = List.copyOf(ids);
    if (values.shape().rank() != 2 || values.dim(0) != ids.size()) {
      throw new DataException(
          "reading the embeddings '"
              + name
              + "': the array has shape "
              + values.shape()
              + " for "
              + ids.size()
              + " ids, expected [ids, dim]. Give one row per id.");
    }
    Set<String> seen = new HashSet<>();
    for (String id : ids) {
      if (!seen.add(id)) {
        throw new DataException(
            "reading the embeddings '"
                + name
                + "': the id '"
                + id
                + "' stands for two rows; ids must be unique.");
      }
    }
    float[] array = values.array();
    for (int i = 0; i < array.length; i++) {
      if (!Float.isFinite(array[i])) {
        throw new DataException(
            "reading the embeddings '"
                + name
                + "': that of '"
                + ids.get(i / values.dim(1))
                + "' holds "
                + array[i]
                + " (column "
                + i % values.dim(1)
                + "), expected finite values. Make the embeddings again.");
      }
    }
  }
}
