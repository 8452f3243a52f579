package io.noesis.alignment.embedding;

import io.noesis.run.ModelException;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What a tower gave for one picture or text, on its way into a table of embeddings. */
final class TowerVector {
  private final float[] values;
  private final Optional<float[]> pooled;

  private TowerVector(float[] values, Optional<float[]> pooled) {
    this.values = values;
    this.pooled = pooled;
  }

  /** The outputs that a tower is asked for. */
  static List<String> outputs(String output, Optional<String> pooled) {
    return pooled.map(name -> List.of(output, name)).orElse(List.of(output));
  }

  /** The numbers of those outputs. */
  static TowerVector of(Map<String, Tensor> found, String output, Optional<String> pooled) {
    return new TowerVector(
        Objects.requireNonNull(found.get(output)).array(),
        pooled.map(name -> Objects.requireNonNull(found.get(name)).array()));
  }

  int size() {
    return values.length;
  }

  /**
   * Writes the numbers into a row.
   *
   * @param scaling what is done to their length
   * @param out the table
   * @param offset where the row begins
   * @param source the model, for the message
   * @param hint what to do about numbers that are not finite
   * @throws ModelException when a number is not finite, or a length to divide by is 0
   */
  void write(EmbeddingSpace.Scaling scaling, float[] out, int offset, String source, String hint) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new ModelException(
            "running the model "
                + source
                + ": it returned "
                + value
                + ", expected finite numbers. "
                + hint);
      }
    }
    switch (scaling) {
      case RAW -> System.arraycopy(values, 0, out, offset, values.length);
      case UNIT -> Vectors.writeOver(values, values, out, offset, source);
      case POOLED -> Vectors.writeOver(values, pooled.orElseThrow(), out, offset, source);
    }
  }
}
