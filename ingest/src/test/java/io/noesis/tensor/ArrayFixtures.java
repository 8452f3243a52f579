package io.noesis.tensor;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The array files that tests/fixtures/make/arrays.py made. */
final class ArrayFixtures {
  private ArrayFixtures() {}

  static byte[] bytes(String name) {
    try (InputStream in = ArrayFixtures.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static Path copy(String name, Path folder) throws IOException {
    return Files.write(folder.resolve(name), bytes(name));
  }

  /** The entries of a zip, read by the JDK. */
  static Map<String, byte[]> entries(String name) {
    Map<String, byte[]> out = new TreeMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes(name)))) {
      for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
        out.put(e.getName(), zip.readAllBytes());
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out;
  }
}
