package io.noesis.experiment.convert;

import io.noesis.run.DataException;
import io.noesis.tensor.DType;
import io.noesis.tensor.DoubleArray;
import io.noesis.tensor.LongArray;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Shape;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;

/**
 * An array of any rank in the type that keeps its values: float16 to float32 as float32, whole
 * numbers as int64, float64 as it is. Row-major.
 */
sealed interface Numbers {
  /** The axes. */
  Shape shape();

  /** The type as NumPy names it. */
  String type();

  /** One element, for tables: the shortest text that reads back as the same number. */
  String text(int index);

  /** One element as float32, for images. */
  float single(int index);

  /** Writes {@code .npy}, whole or not at all. */
  void write(Path file);

  /** Bytes of memory per element of a file's type. */
  static int bytesOf(DType type) {
    return type.isInteger() || type == DType.FLOAT64 ? 8 : 4;
  }

  /** float32. */
  record Floats(Tensor values) implements Numbers {
    @Override
    public Shape shape() {
      return values.shape();
    }

    @Override
    public String type() {
      return "float32";
    }

    @Override
    public String text(int index) {
      return Float.toString(values.array()[index]);
    }

    @Override
    public float single(int index) {
      return values.array()[index];
    }

    @Override
    public void write(Path file) {
      Npy.write(file, values);
    }
  }

  /** float64. */
  record Doubles(DoubleArray values) implements Numbers {
    @Override
    public Shape shape() {
      return values.shape();
    }

    @Override
    public String type() {
      return "float64";
    }

    @Override
    public String text(int index) {
      return Double.toString(values.array()[index]);
    }

    @Override
    public float single(int index) {
      double value = values.array()[index];
      float rounded = (float) value;
      if (Float.isInfinite(rounded) && Double.isFinite(value)) {
        throw tooLarge(Double.toString(value));
      }
      return rounded;
    }

    @Override
    public void write(Path file) {
      Npy.write(file, values);
    }
  }

  /** int64. */
  record Longs(LongArray values) implements Numbers {
    @Override
    public Shape shape() {
      return values.shape();
    }

    @Override
    public String type() {
      return "int64";
    }

    @Override
    public String text(int index) {
      return Long.toString(values.array()[index]);
    }

    @Override
    public float single(int index) {
      long value = values.array()[index];
      if ((long) (float) value != value) {
        throw tooLarge(Long.toString(value));
      }
      return value;
    }

    @Override
    public void write(Path file) {
      Npy.write(file, values);
    }
  }

  private static DataException tooLarge(String value) {
    return new DataException(
        "converting to an image of float32: the value "
            + value
            + " does not fit. Rescale the array, or write .npy, which keeps it.");
  }
}
