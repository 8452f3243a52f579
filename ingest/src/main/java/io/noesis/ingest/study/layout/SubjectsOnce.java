package io.noesis.ingest.study.layout;

import io.noesis.run.DataException;
import io.noesis.run.Suggest;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a study knows of each subject: read when first asked for, and then kept. May be asked from
 * several threads.
 *
 * @param <T> what is known of a subject
 */
final class SubjectsOnce<T> {
  private final Path root;
  private final List<String> subjects;
  private final Function<String, T> reading;
  private final Map<String, T> read = new LinkedHashMap<>();

  /**
   * @param root of the study
   * @param subjects its labels
   * @param reading reads one of them
   */
  SubjectsOnce(Path root, List<String> subjects, Function<String, T> reading) {
    this.root = root;
    this.subjects = subjects;
    this.reading = reading;
  }

  /**
   * What is known of a subject.
   *
   * @throws DataException when the study has no such subject
   */
  T get(String subject) {
    if (!subjects.contains(subject)) {
      throw new DataException(
          "reading subject '"
              + subject
              + "' of "
              + root
              + ": it is none of the study's subjects. "
              + Suggest.sentence(subject, subjects));
    }
    synchronized (read) {
      T known = read.get(subject);
      if (known == null) {
        known = reading.apply(subject);
        read.put(subject, known);
      }
      return known;
    }
  }
}
