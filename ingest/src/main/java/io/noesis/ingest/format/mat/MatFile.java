package io.noesis.ingest.format.mat;

import io.noesis.run.CorruptDataException;
import io.noesis.run.DataException;
import io.noesis.run.Failure;
import io.noesis.run.NoesisException;
import io.noesis.run.Suggest;
import io.noesis.run.UnsupportedDataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.format.Mat5File;
import us.hebi.matlab.mat.types.Source;
import us.hebi.matlab.mat.types.Sources;

/** The variables of a MATLAB file of version 5 (MATLAB 5 to 7.2, {@code -v6}, {@code -v7}). */
public final class MatFile {
  private static final long MAX_FILE_BYTES = 1L << 30;

  private final String name;
  private final Map<String, MatValue> variables;

  private MatFile(String name, Map<String, MatValue> variables) {
    this.name = name;
    this.variables = Collections.unmodifiableMap(variables);
  }

  /**
   * Reads a file whole.
   *
   * @param file at most 1 GiB, expanded too
   * @return its variables
   * @throws CorruptDataException when it is damaged
   * @throws UnsupportedDataException when it is of version 4 or 7.3
   */
  public static MatFile read(Path file) {
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw new UnsupportedDataException(
            "reading "
                + file
                + ": it is larger than "
                + MAX_FILE_BYTES
                + " bytes. Save the variables you need to a file of their own.");
      }
      return parse(Files.readAllBytes(file), file.toString());
    } catch (IOException e) {
      throw new DataException("reading " + file + ": " + Failure.reason(e) + ".", e);
    }
  }

  /**
   * Parses the content of a file.
   *
   * @param bytes the content; not modified
   * @param name what to call it in messages
   * @return its variables
   */
  public static MatFile parse(byte[] bytes, String name) {
    byte[] checked = MatBytes.checked(bytes, name);
    try (Source source = Sources.wrap(checked);
        Mat5File content = Mat5.newReader(source).disableSubsystemProcessing().readMat()) {
      Map<String, MatValue> variables = new LinkedHashMap<>();
      for (us.hebi.matlab.mat.types.MatFile.Entry entry : content.getEntries()) {
        if (!entry.getName().isEmpty()) {
          variables.put(entry.getName(), MatConversion.of(entry.getValue(), name));
        }
      }
      return new MatFile(name, variables);
    } catch (NoesisException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The library reports damage by exceptions of many kinds; sizes were checked before.
      throw new CorruptDataException(
          "reading " + name + ": " + reason(e) + ". The MATLAB file is damaged; get it again.", e);
    }
  }

  private static String reason(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** Whether bytes begin like a MATLAB 5 file. */
  public static boolean looksLikeOne(byte[] start) {
    if (start.length < 128 || isHdf5(start)) {
      return false;
    }
    String text = new String(start, 0, 116, StandardCharsets.ISO_8859_1);
    String end = new String(start, 126, 2, StandardCharsets.ISO_8859_1);
    return text.startsWith("MATLAB") && (end.equals("IM") || end.equals("MI"));
  }

  /** HDF5 itself, or behind the 512 bytes of text that MATLAB 7.3 puts before it. */
  static boolean isHdf5(byte[] file) {
    return hasSignature(file, 0) || hasSignature(file, 512);
  }

  private static boolean hasSignature(byte[] file, int at) {
    return file.length >= at + 8
        && new String(file, at, 8, StandardCharsets.ISO_8859_1).equals("\u0089HDF\r\n\u001a\n");
  }

  /** Version 4 has no magic: its first number is MOPT with M 0 to 4, O 0, P 0 to 5, T 0 to 2. */
  static boolean looksLikeVersion4(byte[] file) {
    if (file.length < 20) {
      return false;
    }
    for (int shift : new int[] {0, 24}) {
      int type = 0;
      for (int i = 0; i < 4; i++) {
        type |= (file[i] & 0xff) << Math.abs(shift - 8 * i);
      }
      boolean digits =
          type >= 0
              && type / 1000 <= 4
              && type / 100 % 10 == 0
              && type / 10 % 10 <= 5
              && type % 10 <= 2;
      if (digits) {
        return true;
      }
    }
    return false;
  }

  /** The names of the variables, in the order of the file. */
  public Set<String> names() {
    return variables.keySet();
  }

  /**
   * A variable.
   *
   * @param variable its name
   * @return its value
   * @throws DataException when there is none of that name
   */
  public MatValue get(String variable) {
    MatValue value = variables.get(variable);
    if (value == null) {
      throw new DataException(
          "reading "
              + name
              + ": it has no variable '"
              + variable
              + "'. "
              + Suggest.sentence(variable, variables.keySet()));
    }
    return value;
  }

  /**
   * A variable that holds numbers.
   *
   * @param variable its name
   * @return its value
   * @throws DataException when there is none, or it holds something else
   */
  public MatValue.Numbers numbers(String variable) {
    if (get(variable) instanceof MatValue.Numbers numbers) {
      return numbers;
    }
    throw wrong(variable, "numbers");
  }

  /**
   * A variable that is a struct array.
   *
   * @param variable its name
   * @return its value
   * @throws DataException when there is none, or it holds something else
   */
  public MatValue.Structs structs(String variable) {
    if (get(variable) instanceof MatValue.Structs structs) {
      return structs;
    }
    throw wrong(variable, "a struct array");
  }

  private DataException wrong(String variable, String expected) {
    return new DataException(
        "reading "
            + name
            + ": the variable '"
            + variable
            + "' is "
            + get(variable).describe()
            + ", expected "
            + expected
            + ".");
  }
}
