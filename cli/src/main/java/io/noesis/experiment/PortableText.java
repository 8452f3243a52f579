package io.noesis.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Texts as a run folder may keep them: a message that names files of this machine names them
 * relative to the study's folder or to the run folder, and any other file by its name alone. So a
 * run folder says nothing of where it was made, and can be moved.
 */
final class PortableText {
  /** Two folders and more of an absolute path, before a name; not the inside of a URL or a word. */
  private static final Pattern ABSOLUTE =
      Pattern.compile("(?<![\\w.:/\\\\])(?:/|[A-Za-z]:\\\\)(?:[^\\s/\\\\:,;'\"()]+[/\\\\])+");

  private final List<Pattern> folders;

  private PortableText(List<Pattern> folders) {
    this.folders = folders;
  }

  /**
   * Texts of a run.
   *
   * @param near folders to which paths become relative
   * @return what makes texts portable
   */
  static PortableText near(List<Path> near) {
    List<String> folders = new ArrayList<>();
    for (Path folder : near) {
      for (Path form :
          List.of(folder, folder.toAbsolutePath(), folder.toAbsolutePath().normalize())) {
        String name = form.toString();
        if (form.getNameCount() > 0 && !name.isEmpty() && !folders.contains(name)) {
          folders.add(name);
        }
      }
    }
    folders.sort(Comparator.comparingInt(String::length).reversed());
    return new PortableText(
        folders.stream()
            .map(f -> Pattern.compile("(?<![\\w.\\-/\\\\])" + Pattern.quote(f) + "[/\\\\]"))
            .toList());
  }

  String of(String text) {
    String out = text;
    for (Pattern folder : folders) {
      out = folder.matcher(out).replaceAll("");
    }
    return ABSOLUTE.matcher(out).replaceAll("");
  }
}
