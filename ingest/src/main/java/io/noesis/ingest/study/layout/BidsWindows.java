package io.noesis.ingest.study.layout;

import io.noesis.ingest.study.EpochAxes;
import io.noesis.ingest.study.RoiAtlas;
import io.noesis.ingest.study.SubjectResponses.Note;
import io.noesis.run.DataException;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/** Cuts a window of volumes out of a run for each trial, of voxels or of the means of parcels. */
final class BidsWindows {
  private final BidsSettings.Windows windows;
  private final Optional<RoiAtlas> parcels;
  private final String subject;
  private final int count;
  private final double trSeconds;
  private final int cut;

  BidsWindows(BidsSettings.Windows windows, Path root, String subject, List<BidsRunTrials> runs) {
    this.windows = windows;
    this.subject = subject;
    this.parcels =
        windows.parcels().map(file -> RoiAtlas.read(root, file.replace("{subject}", subject)));
    List<Double> times = runs.stream().map(run -> run.timing().trSeconds()).distinct().toList();
    if (times.size() > 1) {
      throw new DataException(
          "cutting windows of volumes for subject "
              + subject
              + ": its runs have the repetition times "
              + times
              + " s, so their windows have different lengths. Choose runs of one (study.settings.task).");
    }
    this.trSeconds = times.get(0);
    this.count = windows.count(runs.get(0).timing());
    this.cut = runs.stream().mapToInt(BidsRunTrials::cut).sum();
  }

  /**
   * The channels of a run.
   *
   * @param bold {@code [volumes, voxels]}
   * @param placesMm where its voxels lie
   * @return {@code [volumes, channels]}: the means of parcels, or the voxels as they are
   */
  Tensor channels(Tensor bold, List<List<Double>> placesMm) {
    if (parcels.isEmpty()) {
      return bold;
    }
    List<int[]> members = members(parcels.get(), placesMm);
    int voxels = bold.dim(1);
    float[] out = new float[bold.dim(0) * members.size()];
    for (int volume = 0; volume < bold.dim(0); volume++) {
      for (int c = 0; c < members.size(); c++) {
        double sum = 0;
        for (int voxel : members.get(c)) {
          sum += bold.array()[volume * voxels + voxel];
        }
        out[volume * members.size() + c] = (float) (sum / members.get(c).length);
      }
    }
    return Tensor.wrap(out, bold.dim(0), members.size());
  }

  /** Whether channels are means of parcels. */
  boolean averages() {
    return parcels.isPresent();
  }

  /** Which columns of a run's channels are there: all parcels, or the voxels that were kept. */
  BitSet kept(Tensor channels, BitSet voxels) {
    if (parcels.isEmpty()) {
      return voxels;
    }
    BitSet all = new BitSet();
    all.set(0, channels.dim(1));
    return all;
  }

  /**
   * The volumes of all windows of a run behind each other.
   *
   * @param run with its trials
   * @param channels {@code [volumes, channels]}
   * @return {@code [trials · volumes, channels]}
   */
  Tensor rows(BidsRunTrials run, Tensor channels) {
    return channels.rows(
        run.trials().stream()
            .mapToInt(trial -> windows.first(trial.onsetSeconds(), run.timing()))
            .flatMap(first -> IntStream.range(first, first + count))
            .toArray());
  }

  /** The windows of all runs, {@code [trials, channels, volumes]}. */
  Tensor responses(Tensor rows) {
    int trials = rows.dim(0) / count;
    int channels = rows.dim(1);
    float[] out = new float[rows.size()];
    for (int row = 0; row < rows.dim(0); row++) {
      for (int c = 0; c < channels; c++) {
        int at = (row / count * channels + c) * count + row % count;
        out[at] = rows.array()[row * channels + c];
      }
    }
    return Tensor.wrap(out, trials, channels, count);
  }

  /**
   * What their axes mean.
   *
   * @param placesMm where the voxels lie that all runs have
   */
  EpochAxes axes(List<List<Double>> placesMm) {
    List<String> names =
        parcels
            .map(RoiAtlas::inOrder)
            .orElseGet(
                () ->
                    IntStream.rangeClosed(1, placesMm.size()).mapToObj(Integer::toString).toList());
    List<List<Double>> places =
        parcels
            .map(p -> members(p, placesMm).stream().map(own -> middle(own, placesMm)).toList())
            .orElse(placesMm);
    return new EpochAxes(names, places, count, 1 / trSeconds, windows.fromSeconds());
  }

  /** For the data card. */
  List<Note> notes() {
    return List.of(
        new Note(
            "windows",
            String.format(
                Locale.ROOT,
                "%d volumes of %s s from %s s after the onset on, the nearest volume first; %d"
                    + " trials without a whole window left out",
                count,
                trSeconds,
                windows.fromSeconds(),
                cut)),
        new Note(
            "channels",
            parcels.map(p -> "means of " + p.inOrder().size() + " parcels").orElse("voxels")));
  }

  /** The voxels of each parcel. */
  private List<int[]> members(RoiAtlas atlas, List<List<Double>> placesMm) {
    List<String> at = atlas.at(subject, placesMm);
    Map<String, List<Integer>> found = new HashMap<>();
    for (int voxel = 0; voxel < at.size(); voxel++) {
      found.computeIfAbsent(at.get(voxel), name -> new ArrayList<>()).add(voxel);
    }
    List<String> empty = atlas.inOrder().stream().filter(n -> !found.containsKey(n)).toList();
    if (!empty.isEmpty()) {
      throw new DataException(
          "averaging volumes of subject "
              + subject
              + " over parcels: no voxel of the mask lies in "
              + String.join(", ", empty.subList(0, Math.min(5, empty.size())))
              + (empty.size() > 5 ? " and " + (empty.size() - 5) + " more" : "")
              + ". Take a mask that holds all parcels (study.settings.mask), or an atlas without"
              + " these.");
    }
    return atlas.inOrder().stream()
        .map(name -> Objects.requireNonNull(found.get(name)).stream().mapToInt(v -> v).toArray())
        .toList();
  }

  private static List<Double> middle(int[] voxels, List<List<Double>> places) {
    double[] sum = new double[3];
    for (int voxel : voxels) {
      for (int axis = 0; axis < 3; axis++) {
        sum[axis] += places.get(voxel).get(axis) / voxels.length;
      }
    }
    return List.of(sum[0], sum[1], sum[2]);
  }
}
