package io.noesis.ingest.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Where the real recordings lie that tests may use but never commit. */
public final class SharedRecordings {
  private SharedRecordings() {}

  /** The folder of one set of recordings; the test is skipped when it is not there. */
  public static Path folder(String name) {
    String root = System.getProperty("noesis.root", ".");
    Path folder = Path.of(root).toAbsolutePath().normalize().resolveSibling("shared/data/" + name);
    Assumptions.assumeTrue(
        Files.isDirectory(folder), "skipped: the recordings in " + folder + " are not here");
    return folder;
  }
}
