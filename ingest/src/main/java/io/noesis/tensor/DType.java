package io.noesis.tensor;

/** The kinds of numbers that array files hold. */
public enum DType {
  BOOL("bool", 1, Kind.INTEGER),
  INT8("int8", 1, Kind.INTEGER),
  INT16("int16", 2, Kind.INTEGER),
  INT32("int32", 4, Kind.INTEGER),
  INT64("int64", 8, Kind.INTEGER),
  UINT8("uint8", 1, Kind.INTEGER),
  UINT16("uint16", 2, Kind.INTEGER),
  UINT32("uint32", 4, Kind.INTEGER),
  UINT64("uint64", 8, Kind.INTEGER),
  FLOAT16("float16", 2, Kind.FLOATING),
  BFLOAT16("bfloat16", 2, Kind.FLOATING),
  FLOAT32("float32", 4, Kind.FLOATING),
  FLOAT64("float64", 8, Kind.FLOATING);

  private enum Kind {
    INTEGER,
    FLOATING
  }

  private final String label;
  private final int bytes;
  private final Kind kind;

  DType(String label, int bytes, Kind kind) {
    this.label = label;
    this.bytes = bytes;
    this.kind = kind;
  }

  /** The name as NumPy writes it: {@code "float32"}. */
  public String label() {
    return label;
  }

  /** How many bytes one element takes in a file. */
  public int bytes() {
    return bytes;
  }

  /** Whether it holds whole numbers; truth values count as 0 and 1. */
  public boolean isInteger() {
    return kind == Kind.INTEGER;
  }
}
