package io.noesis.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Whole numbers that have a smallest one; others are a fault of the command line (exit 2). */
final class AtLeast {
  private AtLeast() {}

  /** 1 and more. */
  static final class One implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      return Math.toIntExact(number(text, 1, Integer.MAX_VALUE));
    }
  }

  /** 0 and more. */
  static final class Zero implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      return number(text, 0, Long.MAX_VALUE >> 20); // Megabytes become bytes.
    }
  }

  private static long number(String text, long least, long most) {
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new TypeConversionException(
        "expected a whole number of at least " + least + ", found '" + text + "'");
  }
}
