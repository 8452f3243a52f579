package io.noesis.ingest.format.bids;

import io.noesis.run.DataException;
import io.noesis.run.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Lists folders in an order that does not depend on the file system. */
final class Folder {
  private Folder() {}

  /** What lies in the folder, sorted by name; empty when there is no such folder. */
  static List<Path> list(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted(Comparator.comparing(Folder::name)).toList();
    } catch (IOException e) {
      throw new DataException(
          "listing the folder " + folder + ": " + Failure.reason(e) + ". Check its permissions.",
          e);
    }
  }

  /** The folders in the folder whose names begin so, sorted. */
  static List<Path> folders(Path folder, String prefix) {
    return list(folder).stream()
        .filter(p -> name(p).startsWith(prefix) && Files.isDirectory(p))
        .toList();
  }

  static String name(Path path) {
    Path last = path.getFileName();
    return last == null ? "" : last.toString();
  }
}
