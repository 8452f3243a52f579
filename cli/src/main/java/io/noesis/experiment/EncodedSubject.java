package io.noesis.experiment;

import io.noesis.alignment.encoding.MeanCorrelation;
import io.noesis.alignment.encoding.VoxelScores;
import io.noesis.ingest.format.nifti.NiftiWriter;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.SubjectResponses;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How well one subject's responses were predicted.
 *
 * @param subject its recordings
 * @param folds by which it was split
 * @param scores of each voxel
 * @param q of each voxel, corrected for their number
 * @param mean over voxels
 * @param spaces names of the feature spaces
 * @param parts of the explained variance {@code [spaces, voxels]}; empty where it does not split
 * @param ceiling {@code [voxels]}: the noise ceiling in percent; empty where nothing was repeated
 */
record EncodedSubject(
    SubjectResponses subject,
    List<Split> folds,
    VoxelScores scores,
    Tensor q,
    MeanCorrelation mean,
    List<String> spaces,
    Optional<Tensor> parts,
    Optional<Tensor> ceiling) {
  int voxels() {
    return q.size();
  }

  /** How many voxels are predicted at a share of false discoveries. */
  int predicted(double share) {
    int count = 0;
    for (int v = 0; v < voxels(); v++) {
      count += q.array()[v] <= share && scores.correlation().array()[v] > 0 ? 1 : 0;
    }
    return count;
  }

  /** The median of the correlations of those voxels; NaN without any. */
  double medianOfPredicted(double share) {
    double[] values =
        java.util.stream.IntStream.range(0, voxels())
            .filter(v -> q.array()[v] <= share && scores.correlation().array()[v] > 0)
            .mapToDouble(v -> scores.correlation().array()[v])
            .sorted()
            .toArray();
    return values.length == 0 ? Double.NaN : values[values.length / 2];
  }

  /** Writes one line per voxel, and a map where the places of voxels lie on a grid. */
  void write(RunFolder run) {
    String folder = Decoded.folder(subject.subject());
    List<String> columns = new ArrayList<>(List.of("voxel", "x", "y", "z", "r", "r2", "p", "q"));
    spaces.forEach(space -> columns.add("r2_" + space));
    columns.add("ceiling_percent");
    List<List<String>> rows = new ArrayList<>();
    for (int v = 0; v < voxels(); v++) {
      List<String> row = new ArrayList<>(List.of(Integer.toString(v)));
      for (int axis = 0; axis < 3; axis++) {
        boolean known = v < subject.positions().size() && axis < subject.positions().get(v).size();
        row.add(known ? subject.positions().get(v).get(axis).toString() : "n/a");
      }
      for (Tensor values : List.of(scores.correlation(), scores.r2(), scores.p(), q)) {
        row.add(Float.toString(values.array()[v]));
      }
      for (int s = 0; s < spaces.size(); s++) {
        int at = s * voxels() + v;
        row.add(parts.map(p -> Float.toString(p.array()[at])).orElse("n/a"));
      }
      int voxel = v;
      row.add(ceiling.map(c -> Float.toString(c.array()[voxel])).orElse("n/a"));
      rows.add(row);
    }
    Tsv.write(run.file(folder + "/voxels.tsv"), columns, rows);
    VoxelGrid.of(subject.positions())
        .ifPresent(
            grid -> {
              write(run, grid, "correlation", scores.correlation());
              write(run, grid, "r2", scores.r2());
              write(run, grid, "q", q);
            });
  }

  private void write(RunFolder run, VoxelGrid grid, String what, Tensor values) {
    String name = "sub-" + subject.subject() + "_desc-encoding_stat-" + what + ".nii.gz";
    NiftiWriter.write(
        run.file(Decoded.folder(subject.subject()) + "/" + name), grid.volume(values));
  }
}
