package io.noesis.experiment.convert;

import io.noesis.ingest.format.mat.MatFile;
import io.noesis.ingest.format.mat.MatValue;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.run.DataException;
import io.noesis.run.Failure;
import io.noesis.run.RecipeException;
import io.noesis.run.Suggest;
import io.noesis.run.UnsupportedDataException;
import io.noesis.tensor.ArrayOrder;
import io.noesis.tensor.DType;
import io.noesis.tensor.DoubleArray;
import io.noesis.tensor.Npy;
import io.noesis.tensor.NpyHeader;
import io.noesis.tensor.Npz;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.SafetensorsEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The formats that hold arrays, each with the name of the one that is meant. */
final class ArrayInputs {
  /** A table's cells as texts, and a MATLAB file expanded, against the file itself. */
  private static final int EXPANSION = 8;

  private ArrayInputs() {}

  /** What is needed to read an array, and how. */
  private record Input(long bytesNeeded, Supplier<Numbers> reading) implements ArrayInput {
    @Override
    public Numbers read() {
      return reading.get();
    }
  }

  /**
   * Finds the array; reads headers only, except of MATLAB files and tables.
   *
   * @param format as {@code Formats.of} names it
   * @param file the file
   * @param name the array that is meant
   * @return the array, or nothing when files of that format hold none
   */
  static Optional<ArrayInput> of(String format, Path file, Optional<String> name) {
    return Optional.ofNullable(
        switch (format) {
          case "npy" -> npy(file, name);
          case "npz" -> npz(file, name);
          case "safetensors" -> safetensors(file, name);
          case "mat" -> mat(file, name);
          case "tsv" -> tsv(file, name);
          default -> null;
        });
  }

  private static ArrayInput npy(Path file, Optional<String> name) {
    refuseName(file, name, "an .npy file holds one array");
    NpyHeader header = NpyHeader.read(file);
    return new Input(
        bytes(header),
        () ->
            switch (Width.of(header.dtype())) {
              case SINGLE -> new Numbers.Floats(Npy.read(file));
              case DOUBLE -> new Numbers.Doubles(Npy.readDoubles(file));
              case WHOLE -> new Numbers.Longs(Npy.readLongs(file));
            });
  }

  private static ArrayInput npz(Path file, Optional<String> name) {
    try (Npz npz = Npz.open(file)) {
      String array = choose(file, "array", npz.names(), name);
      NpyHeader header = npz.header(array);
      return new Input(bytes(header), () -> read(file, array, header));
    }
  }

  private static Numbers read(Path file, String array, NpyHeader header) {
    try (Npz npz = Npz.open(file)) {
      return switch (Width.of(header.dtype())) {
        case SINGLE -> new Numbers.Floats(npz.read(array));
        case DOUBLE -> new Numbers.Doubles(npz.readDoubles(array));
        case WHOLE -> new Numbers.Longs(npz.readLongs(array));
      };
    }
  }

  private static ArrayInput safetensors(Path file, Optional<String> name) {
    try (Safetensors tensors = Safetensors.open(file)) {
      String tensor = choose(file, "tensor", tensors.names(), name);
      SafetensorsEntry entry = tensors.entry(tensor);
      long elements = entry.shape().stream().reduce(1L, Math::multiplyExact);
      return new Input(8 * elements, () -> read(file, tensor, entry.dtype()));
    }
  }

  private static Numbers read(Path file, String tensor, String dtype) {
    try (Safetensors tensors = Safetensors.open(file)) {
      return switch (dtype) {
        case "F64" -> new Numbers.Doubles(tensors.readDoubles(tensor));
        case "BOOL", "I8", "I16", "I32", "I64", "U8", "U16", "U32", "U64" ->
            new Numbers.Longs(tensors.readLongs(tensor));
        default -> new Numbers.Floats(tensors.read(tensor));
      };
    }
  }

  private static ArrayInput mat(Path file, Optional<String> name) {
    return new Input(
        EXPANSION * size(file),
        () -> {
          MatFile content = MatFile.read(file);
          List<String> numeric =
              content.names().stream()
                  .filter(n -> content.get(n) instanceof MatValue.Numbers)
                  .toList();
          // A name that holds something else is refused by the file, which says what it holds.
          String variable =
              name.filter(content.names()::contains)
                  .orElseGet(() -> choose(file, "variable", numeric, name));
          MatValue.Numbers numbers = content.numbers(variable);
          if (numbers.imaginary().isPresent()) {
            throw new UnsupportedDataException(
                "converting the variable '"
                    + variable
                    + "' of "
                    + file
                    + ": it is complex, expected real numbers. Save real(x) and imag(x) in MATLAB.");
          }
          return new Numbers.Doubles(numbers.values());
        });
  }

  private static ArrayInput tsv(Path file, Optional<String> name) {
    return new Input(
        EXPANSION * size(file),
        () -> {
          TsvTable table = Tsv.read(file);
          name.ifPresent(table::require);
          List<String> columns = name.map(List::of).orElse(table.columns());
          columns.forEach(column -> requireNumbers(table, column));
          double[] out = new double[Math.multiplyExact(table.rows(), columns.size())];
          for (int i = 0; i < out.length; i++) {
            out[i] = table.numberOrNaN(i / columns.size(), columns.get(i % columns.size()));
          }
          return new Numbers.Doubles(
              name.isPresent()
                  ? DoubleArray.wrap(out, table.rows())
                  : DoubleArray.wrap(out, table.rows(), columns.size()));
        });
  }

  /** A column of words is no slip in one cell: say what to do instead. */
  private static void requireNumbers(TsvTable table, String column) {
    for (int row = 0; row < table.rows(); row++) {
      Optional<String> cell = table.value(row, column);
      if (cell.isPresent() && !isNumber(table, row, column)) {
        throw new DataException(
            "converting the table "
                + table.name()
                + ": column '"
                + column
                + "' holds '"
                + cell.get()
                + "' in line "
                + table.line(row)
                + ", expected numbers or n/a. Choose a column of numbers with --name COLUMN: "
                + String.join(", ", table.columns())
                + ".");
      }
    }
  }

  private static boolean isNumber(TsvTable table, int row, String column) {
    try {
      table.number(row, column);
      return true;
    } catch (DataException e) {
      return false;
    }
  }

  private static String choose(
      Path file, String what, Collection<String> names, Optional<String> wanted) {
    if (wanted.isPresent()) {
      if (!names.contains(wanted.get())) {
        throw new RecipeException(
            "converting "
                + file
                + ": it has no "
                + what
                + " of numbers '"
                + wanted.get()
                + "'. "
                + Suggest.sentence(wanted.get(), names));
      }
      return wanted.get();
    }
    if (names.size() != 1) {
      throw new RecipeException(
          "converting "
              + file
              + ": it has "
              + names.size()
              + " "
              + what
              + "s of numbers, expected one. Choose with --name: "
              + String.join(", ", names)
              + ".");
    }
    return names.iterator().next();
  }

  private static void refuseName(Path file, Optional<String> name, String because) {
    if (name.isPresent()) {
      throw new RecipeException(
          "converting "
              + file
              + ": --name "
              + name.get()
              + " cannot be followed, "
              + because
              + ". Leave it away.");
    }
  }

  /** In which type an array is kept. */
  private enum Width {
    SINGLE,
    DOUBLE,
    WHOLE;

    /** Types that are not read fall to SINGLE, whose reader refuses them by name. */
    static Width of(Optional<DType> type) {
      if (type.isEmpty() || (!type.get().isInteger() && type.get() != DType.FLOAT64)) {
        return SINGLE;
      }
      return type.get().isInteger() ? WHOLE : DOUBLE;
    }
  }

  private static long bytes(NpyHeader header) {
    long each = header.dtype().map(Numbers::bytesOf).orElse(4);
    // An array in Fortran order is there twice while it is put in order.
    return header.elements() * each * (header.order() == ArrayOrder.FORTRAN ? 2 : 1);
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new DataException(
          "converting " + file + ": " + Failure.reason(e) + ". Check the path.", e);
    }
  }
}
