package io.noesis.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.run.AtomicFile;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a run left in its folder. */
final class Remains {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Remains() {}

  /** What a file says, for messages. */
  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Names of all files below a folder, sorted; none when there is no folder. */
  static List<String> of(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.walk(folder)) {
      return entries
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }

  /** Neither a half-written file nor anything that looks like a result. */
  static void assertNothingFinished(Path folder) throws IOException {
    assertNothingTorn(folder);
    assertEquals(List.of(), matching(folder, "report\\.(json|html)|scores\\.tsv"));
    assertEquals(List.of(), matching(folder, ".*training\\.done\\.json"));
  }

  /** No unfinished file, and everything under a final name can be read. */
  static void assertNothingTorn(Path folder) throws IOException {
    assertEquals(List.of(), matching(folder, ".*" + AtomicFile.TEMPORARY_SUFFIX));
    assertEverythingReads(folder);
  }

  /** Everything under a final name can be read by the reader of its format. */
  static void assertEverythingReads(Path folder) throws IOException {
    for (String name : of(folder)) {
      Path file = folder.resolve(name);
      if (name.endsWith(".npy")) {
        Npy.read(file);
      } else if (name.endsWith(".safetensors")) {
        try (Safetensors weights = Safetensors.open(file)) {
          weights.names().forEach(weights::readDoubles);
        }
      } else if (name.endsWith(".json")) {
        assertEquals(true, JSON.readTree(file.toFile()).isObject(), name);
      } else if (name.endsWith(".tsv")) {
        Tsv.read(file);
      } else if (name.endsWith(".html")) {
        assertEquals(true, Files.readString(file).stripTrailing().endsWith("</html>"), name);
      } else if (name.endsWith(".png")) {
        assertEquals(true, javax.imageio.ImageIO.read(file.toFile()) != null, name);
      }
    }
  }

  /** Content of every file that is a result: all but the log and unfinished files, by name. */
  static Map<String, String> results(Path folder) throws IOException {
    Map<String, String> results = new TreeMap<>();
    for (String name : of(folder)) {
      if (!name.equals("log.txt") && !name.endsWith(AtomicFile.TEMPORARY_SUFFIX)) {
        results.put(name, io.noesis.run.Fingerprint.ofFile(folder.resolve(name)));
      }
    }
    return results;
  }

  private static List<String> matching(Path folder, String pattern) throws IOException {
    return of(folder).stream().filter(name -> name.matches(pattern)).toList();
  }
}
