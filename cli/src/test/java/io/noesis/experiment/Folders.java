package io.noesis.experiment;

import io.noesis.run.Fingerprint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What tests do with whole folders. */
final class Folders {
  private Folders() {}

  /** A new temporary folder that is removed when this process ends. */
  static Path ofThisProcess(String name) {
    try {
      Path made = Files.createTempDirectory("noesis-tests-" + name);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(made)));
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException("making a folder for " + name, e);
    }
  }

  private static void remove(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("removing " + folder, e);
    }
  }

  /** All files below a folder, in order. */
  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** The fingerprint of every file but the log, which tells times, by relative path. */
  static Map<String, String> contents(Path folder) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    for (Path file : files(folder)) {
      if (!file.endsWith("log.txt")) {
        contents.put(folder.relativize(file).toString(), Fingerprint.ofFile(file));
      }
    }
    return contents;
  }

  /** Copies the files whose relative paths are wanted, and returns the new folder. */
  static Path copy(Path from, Path to, Predicate<String> wanted) throws IOException {
    for (Path file : files(from)) {
      String relative = from.relativize(file).toString();
      if (wanted.test(relative)) {
        Path copy = to.resolve(relative);
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    return to;
  }
}
