package io.noesis.experiment.geometry;

import io.noesis.alignment.geometry.Rdm;
import io.noesis.run.DataException;
import io.noesis.run.Fingerprint;
import io.noesis.run.Progress;
import io.noesis.run.RecordBinder;
import io.noesis.run.Suggest;
import io.noesis.tensor.Matrix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Distances that were made elsewhere, the mean of several. */
final class MatrixGeometry {
  private MatrixGeometry() {}

  static ModelGeometry make(
      String name, MatrixSettings settings, Conditions conditions, Progress progress) {
    Path file = conditions.root().resolve(settings.file()).normalize();
    List<DistanceFile.Entry> entries =
        DistanceFile.read(
            file,
            settings.variable(),
            new DistanceFile.Fields(
                settings.field().orElse(DistanceFile.Fields.USUAL.matrix()),
                settings.label().orElse(DistanceFile.Fields.USUAL.label())));
    List<DistanceFile.Entry> chosen = chosen(entries, settings, file);
    int n = conditions.size();
    double[] mean = new double[n * n];
    for (DistanceFile.Entry entry : chosen) {
      if (entry.square().rows() != n) {
        throw new DataException(
            "reading the distances of the model "
                + name
                + " from "
                + file
                + ": they are of "
                + entry.square().rows()
                + " conditions, expected "
                + n
                + ", those that were measured, in the same order.");
      }
      for (int k = 0; k < mean.length; k++) {
        mean[k] += entry.square().array()[k] / chosen.size();
      }
    }
    return new ModelGeometry(
        Rdm.ofMatrix(name, conditions.ids(), Matrix.wrap(n, n, mean)),
        words(settings, chosen.size()),
        Fingerprint.ofText(RecordBinder.tree(settings) + Fingerprint.ofFile(file)));
  }

  private static String words(MatrixSettings settings, int count) {
    String which =
        settings.elements().isEmpty() ? "" : ", " + String.join(", ", settings.elements());
    return (count == 1 ? "distances in " : "mean of " + count + " matrices of distances in ")
        + settings.file().getFileName()
        + settings.variable().map(v -> " (" + v + which + ")").orElse("");
  }

  private static List<DistanceFile.Entry> chosen(
      List<DistanceFile.Entry> entries, MatrixSettings settings, Path file) {
    if (settings.elements().isEmpty()) {
      return entries;
    }
    List<String> labels = entries.stream().map(DistanceFile.Entry::label).toList();
    List<DistanceFile.Entry> chosen = new ArrayList<>();
    for (String wanted : settings.elements()) {
      int at = labels.indexOf(wanted);
      if (at < 0) {
        throw new DataException(
            "reading distances from "
                + file
                + ": there is no element named '"
                + wanted
                + "'. "
                + Suggest.sentence(wanted, labels));
      }
      chosen.add(entries.get(at));
    }
    return chosen;
  }
}
