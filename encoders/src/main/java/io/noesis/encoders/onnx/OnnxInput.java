package io.noesis.encoders.onnx;

import io.noesis.run.Check;
import io.noesis.tensor.Shape;
import io.noesis.tensor.Tensor;

/** What a graph may be fed: float32 tensors, or whole numbers (token ids, masks, subject ids). */
public sealed interface OnnxInput {
  /** The sizes of the axes, slowest first. */
  Shape shape();

  /**
   * Float32 values, for inputs of type FLOAT32 or FLOAT16.
   *
   * @param tensor the values; read, never kept
   */
  record Floats(Tensor tensor) implements OnnxInput {
    @Override
    public Shape shape() {
      return tensor.shape();
    }
  }

  /**
   * Whole numbers, for inputs of type INT64 or INT32.
   *
   * @param values row-major; read, never kept
   * @param shape the axes
   */
  @SuppressWarnings("ArrayRecordComponent") // Compared by nobody; a copy per run would cost.
  record Longs(long[] values, Shape shape) implements OnnxInput {
    /** Checks the count. */
    public Longs {
      Check.size("whole numbers for shape " + shape, shape.size(), values.length);
    }
  }

  /**
   * Float32 values.
   *
   * @param tensor the values
   * @return the input
   */
  static OnnxInput of(Tensor tensor) {
    return new Floats(tensor);
  }

  /**
   * Whole numbers.
   *
   * @param values row-major
   * @param sizes the axes, slowest first
   * @return the input
   */
  static OnnxInput of(long[] values, int... sizes) {
    return new Longs(values, Shape.of(sizes));
  }
}
