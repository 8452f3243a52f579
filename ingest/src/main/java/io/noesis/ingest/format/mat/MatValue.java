package io.noesis.ingest.format.mat;

import io.noesis.run.Check;
import io.noesis.tensor.DoubleArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The value of a MATLAB variable. Linear indices count as in MATLAB, first axis fastest, from 0.
 */
public sealed interface MatValue {
  /** The sizes of its axes, as MATLAB's {@code size}. */
  List<Integer> size();

  /** How many elements: the product of the sizes. */
  default int count() {
    return size().stream().reduce(1, Math::multiplyExact);
  }

  /** What it is, in MATLAB's words: {@code double [92 12]}. */
  String describe();

  /**
   * Numbers and truth values; sparse ones are written out.
   *
   * @param className MATLAB's class: {@code double}, {@code uint8}, {@code logical}
   * @param values row-major in the order of the axes; int64 beyond 2^53 is rounded
   * @param imaginary imaginary parts of complex numbers
   */
  record Numbers(String className, DoubleArray values, Optional<DoubleArray> imaginary)
      implements MatValue {
    @Override
    public List<Integer> size() {
      List<Integer> out = new ArrayList<>();
      for (int s : values.shape().toArray()) {
        out.add(s);
      }
      return out;
    }

    @Override
    public String describe() {
      return className + " " + size() + (imaginary.isPresent() ? " complex" : "");
    }
  }

  /**
   * Text.
   *
   * @param size as stored: rows, characters
   * @param rows one string per row, as stored (padded with spaces when there are several)
   */
  record Text(List<Integer> size, List<String> rows) implements MatValue {
    /** Copies. */
    public Text {
      size = List.copyOf(size);
      rows = List.copyOf(rows);
    }

    /** The text of a single row; rows of several joined by line breaks. */
    public String text() {
      return String.join("\n", rows);
    }

    @Override
    public String describe() {
      return "char " + size;
    }
  }

  /**
   * A cell array.
   *
   * @param size its axes
   * @param cells by linear index
   */
  record Cells(List<Integer> size, List<MatValue> cells) implements MatValue {
    /** Copies. */
    public Cells {
      size = List.copyOf(size);
      cells = List.copyOf(cells);
    }

    @Override
    public String describe() {
      return "cell " + size;
    }
  }

  /**
   * A struct array.
   *
   * @param size its axes
   * @param fields names in order
   * @param elements by linear index; every field has a value
   */
  record Structs(List<Integer> size, List<String> fields, List<Map<String, MatValue>> elements)
      implements MatValue {
    /** Copies. */
    public Structs {
      size = List.copyOf(size);
      fields = List.copyOf(fields);
      elements = List.copyOf(elements);
    }

    /**
     * One field of one element.
     *
     * @param index linear, from 0
     * @param field its name
     * @return the value
     */
    public MatValue get(int index, String field) {
      Check.argument(
          index >= 0 && index < elements.size() && fields.contains(field),
          "a struct array of size %s with fields %s has no element %d with field '%s'",
          size,
          fields,
          index,
          field);
      return Objects.requireNonNull(elements.get(index).get(field));
    }

    @Override
    public String describe() {
      return "struct " + size + " with fields " + String.join(", ", fields);
    }
  }

  /**
   * Something that is named but not read: a function handle, an object.
   *
   * @param size its axes
   * @param className what it is
   */
  record Unread(List<Integer> size, String className) implements MatValue {
    /** Copies. */
    public Unread {
      size = List.copyOf(size);
    }

    @Override
    public String describe() {
      return className + " (not read)";
    }
  }
}
