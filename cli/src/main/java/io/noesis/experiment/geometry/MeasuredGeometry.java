package io.noesis.experiment.geometry;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.alignment.geometry.Rdm;
import io.noesis.run.DataException;
import io.noesis.run.Fingerprint;
import io.noesis.run.RecipeException;
import io.noesis.run.RecordBinder;
import io.noesis.run.Suggest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The geometries that were measured, one per subject.
 *
 * @param subjects named by the subjects' labels, same conditions in the same order
 * @param conditions what was shown
 * @param source the file they were read from, relative to the study's folder
 * @param fingerprint SHA-256 of the files and of what was read of them
 */
public record MeasuredGeometry(
    List<Rdm> subjects, Conditions conditions, String source, String fingerprint) {
  /** Copies the list. */
  public MeasuredGeometry {
    subjects = List.copyOf(subjects);
  }

  /**
   * Reads a study of measured distances.
   *
   * @param root the study's folder
   * @param settings bound to {@link MeasuredSpec}
   * @return all its subjects
   * @throws RecipeException listing all that is wrong with the settings
   * @throws DataException when the folder does not hold such a study
   */
  public static MeasuredGeometry read(Path root, JsonNode settings) {
    MeasuredSpec spec = RecordBinder.bind(settings, MeasuredSpec.class, "study settings");
    if (!Files.isDirectory(root)) {
      throw new DataException(
          "opening the study in " + root + ": there is no such folder. Check the path.");
    }
    Path file = root.resolve(spec.rdms());
    List<DistanceFile.Entry> entries =
        DistanceFile.read(file, spec.variable(), DistanceFile.Fields.USUAL);
    List<String> labels = labels(spec, entries, file);
    int count = entries.get(0).square().rows();
    requireSameSize(entries, count, file);
    Conditions conditions = Conditions.read(root, spec, count);
    List<Rdm> subjects = new ArrayList<>();
    for (int s = 0; s < labels.size(); s++) {
      subjects.add(Rdm.ofMatrix(labels.get(s), conditions.ids(), entries.get(s).square()));
    }
    String fingerprint =
        Fingerprint.ofText(
            RecordBinder.tree(spec)
                + Fingerprint.ofFile(file)
                + spec.stimuli().map(t -> Fingerprint.ofFile(root.resolve(t))).orElse(""));
    return new MeasuredGeometry(subjects, conditions, spec.rdms().toString(), fingerprint);
  }

  private static void requireSameSize(List<DistanceFile.Entry> entries, int count, Path file) {
    if (count < 5) {
      throw new DataException(
          "reading the measured distances in "
              + file
              + ": they are of "
              + count
              + " conditions, expected at least 5 to compare geometries.");
    }
    for (DistanceFile.Entry entry : entries) {
      if (entry.square().rows() != count) {
        throw new DataException(
            "reading the measured distances in "
                + file
                + ": one subject has "
                + entry.square().rows()
                + " conditions, another "
                + count
                + ", expected the same for all.");
      }
    }
  }

  private static List<String> labels(
      MeasuredSpec spec, List<DistanceFile.Entry> entries, Path file) {
    List<String> labels = spec.subjects();
    if (labels.isEmpty()) {
      return IntStream.rangeClosed(1, entries.size()).mapToObj(Integer::toString).toList();
    }
    if (labels.size() != entries.size() || labels.stream().distinct().count() != labels.size()) {
      throw new DataException(
          "reading the measured distances in "
              + file
              + ": it holds "
              + entries.size()
              + " matrices, and the settings name the subjects "
              + labels
              + "; expected one unique label for each matrix, in their order.");
    }
    return labels;
  }

  /**
   * Some of the subjects.
   *
   * @param wanted labels; empty for all
   * @return the same conditions of those subjects
   * @throws RecipeException when there is no such subject
   */
  public MeasuredGeometry of(List<String> wanted) {
    List<String> all = labels();
    for (String label : wanted) {
      if (!all.contains(label)) {
        throw new RecipeException(
            "choosing subjects: the study has no subject '"
                + label
                + "'. "
                + Suggest.sentence(label, all));
      }
    }
    return wanted.isEmpty()
        ? this
        : new MeasuredGeometry(
            subjects.stream().filter(s -> wanted.contains(s.name())).toList(),
            conditions,
            source,
            fingerprint);
  }

  /** The subjects' labels. */
  public List<String> labels() {
    return subjects.stream().map(Rdm::name).toList();
  }
}
