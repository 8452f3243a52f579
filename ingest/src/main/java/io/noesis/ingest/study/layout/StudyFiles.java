package io.noesis.ingest.study.layout;

import io.noesis.ingest.study.StudyCard;
import io.noesis.run.DataException;
import io.noesis.run.Failure;
import io.noesis.run.Fingerprint;
import io.noesis.run.Parallel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A study's folder and files: names, sizes, and the digest of those its results depend on. */
final class StudyFiles {
  private StudyFiles() {}

  /**
   * SHA-256 over one line per file, {@code name, size, SHA-256 of its content}, sorted by name.
   *
   * @param root names below it are relative; others are named by their last part
   * @param files read in blocks, never whole
   */
  static String fingerprint(Path root, Collection<Path> files) {
    TreeMap<String, Path> byName = new TreeMap<>();
    for (Path file : files) {
      Path path = file.toAbsolutePath().normalize();
      Path base = root.toAbsolutePath().normalize();
      String name =
          path.startsWith(base)
              ? base.relativize(path).toString()
              : "outside/" + path.getFileName();
      byName.put(name.replace('\\', '/'), path);
    }
    List<Map.Entry<String, Path>> sorted = List.copyOf(byName.entrySet());
    String[] lines = new String[sorted.size()];
    Parallel.forBlocks(
        lines.length,
        1,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            Path path = sorted.get(i).getValue();
            lines[i] =
                sorted.get(i).getKey() + '\t' + size(path) + '\t' + Fingerprint.ofFile(path) + '\n';
          }
        });
    return Fingerprint.ofText("noesis-study-1\n" + String.join("", lines));
  }

  /** What is known of a study by its folder alone: it is called as that. */
  static StudyCard card(Path root, String layout) {
    String name = name(root);
    return new StudyCard(name, name, layout, StudyCard.Origin.RECORDED, "", "");
  }

  /** The name of a study's folder. */
  static String name(Path root) {
    Path last = root.toAbsolutePath().normalize().getFileName();
    return last == null ? "study" : last.toString();
  }

  /** The folder that a file lies in. */
  static Path folder(Path file) {
    Path parent = file.getParent();
    return parent == null ? Path.of(".") : parent;
  }

  static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new DataException(
          "looking at " + file + ": " + Failure.reason(e) + ". Check the study's folder.", e);
    }
  }

  /** Requires a file to be there, saying what it is for. */
  static Path require(Path file, String what) {
    if (!Files.exists(file)) {
      String link =
          Files.isSymbolicLink(file)
              ? "it is a link to a file that is not here (git-annex or DataLad: get it first)."
              : "there is no such file. Check the study's folder and settings.";
      throw new DataException("looking for " + what + " " + file + ": " + link);
    }
    return file;
  }
}
