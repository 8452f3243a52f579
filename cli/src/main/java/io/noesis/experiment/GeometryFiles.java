package io.noesis.experiment;

import io.noesis.alignment.geometry.Rdm;
import io.noesis.alignment.score.Score;
import io.noesis.experiment.geometry.MeasuredGeometry;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The tables and arrays of a run that compares geometries: {@code conditions.tsv}, {@code
 * measured.npy} ({@code [subjects, conditions, conditions]}), {@code models.tsv}, best first, and
 * {@code models/N-NAME.npy} ({@code [conditions, conditions]}).
 */
final class GeometryFiles {
  private static final int LONGEST_NAME = 60;

  private GeometryFiles() {}

  static void write(RunFolder run, MeasuredGeometry measured, List<ComparedModel> models) {
    List<List<String>> conditions = new ArrayList<>();
    measured.conditions().ids().forEach(id -> conditions.add(List.of(id)));
    Tsv.write(run.file("conditions.tsv"), List.of("condition"), conditions);
    Npy.write(
        run.file("measured.npy"),
        Tensor.concatenate(
            measured.subjects().stream().map(GeometryFiles::square).toArray(Tensor[]::new)));
    List<String> columns = new ArrayList<>();
    columns.addAll(
        List.of("model", "metric", "value", "low", "high", "chance", "null_low", "null_high"));
    columns.addAll(List.of("p", "p_holm", "n", "unit", "ceiling_high"));
    measured.labels().forEach(label -> columns.add("sub-" + label));
    columns.addAll(List.of("file", "what", "protocol"));
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < models.size(); i++) {
      ComparedModel model = models.get(i);
      Rdm rdm = model.geometry().rdm();
      String file = "models/" + (i + 1) + "-" + plain(model.name()) + ".npy";
      Npy.write(run.file(file), square(rdm).reshape(rdm.size(), rdm.size()));
      rows.add(row(model, file));
    }
    Tsv.write(run.file("models.tsv"), columns, rows);
  }

  private static List<String> row(ComparedModel model, String file) {
    Score s = model.score();
    List<String> row = new ArrayList<>();
    row.add(model.name());
    row.add(s.metric());
    for (double number :
        new double[] {
          s.value(), s.low(), s.high(), s.chance(), s.nullLow(), s.nullHigh(), s.p(), model.pHolm()
        }) {
      row.add(Double.toString(number));
    }
    row.add(Integer.toString(s.n()));
    row.add(s.unit());
    row.add(s.ceiling().isPresent() ? Double.toString(s.ceiling().getAsDouble()) : "");
    model.perSubject().forEach(value -> row.add(Double.toString(value)));
    row.addAll(List.of(file, model.geometry().words(), s.protocol()));
    return row;
  }

  /** {@code [1, conditions, conditions]}. */
  private static Tensor square(Rdm rdm) {
    int n = rdm.size();
    float[] out = new float[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        out[i * n + j] = (float) rdm.at(i, j);
      }
    }
    return Tensor.wrap(out, 1, n, n);
  }

  private static String plain(String name) {
    String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    return plain.substring(0, Math.min(LONGEST_NAME, plain.length()));
  }
}
