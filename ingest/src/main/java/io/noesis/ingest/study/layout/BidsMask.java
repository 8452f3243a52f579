package io.noesis.ingest.study.layout;

import io.noesis.ingest.format.nifti.NiftiFile;
import io.noesis.ingest.volume.BrainMask;
import io.noesis.ingest.volume.Grid;
import io.noesis.ingest.volume.Volume;
import io.noesis.ingest.volume.VolumeSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The mask of a subject: one for all of its runs, so that columns mean the same voxels everywhere.
 *
 * @param mask the voxels
 * @param source where they come from, in words
 */
record BidsMask(BrainMask mask, String source) {
  /**
   * Finds or makes the mask: the setting's file, or the voxels inside the masks of all runs, or
   * those that are bright in the mean volume of every run.
   */
  static BidsMask of(String subject, Path root, List<BidsRun> runs, BidsSettings settings) {
    Optional<Path> given = given(subject, root, settings);
    if (given.isPresent()) {
      return new BidsMask(NiftiFile.readMask(given.get()), "file " + given.get().getFileName());
    }
    boolean all = runs.stream().allMatch(run -> run.mask().isPresent());
    if (all) {
      return ofFiles(root, runs);
    }
    BrainMask common = null;
    for (BidsRun run : runs) {
      BrainMask mask =
          BrainMask.brighterThan(
              mean(NiftiFile.source(run.bold().path())), settings.meanFraction());
      common = common == null ? mask : common.intersect(mask);
    }
    return new BidsMask(
        Objects.requireNonNull(common),
        "bright voxels of the mean volume of every run (fraction " + settings.meanFraction() + ")");
  }

  /** The mask file that the settings name, if they name one. */
  static Optional<Path> given(String subject, Path root, BidsSettings settings) {
    if (settings.mask().equals("auto") || settings.mask().equals("mean")) {
      return Optional.empty();
    }
    Path file = root.resolve(settings.mask().replace("{subject}", subject));
    return Optional.of(StudyFiles.require(file, "the mask"));
  }

  private static BidsMask ofFiles(Path root, List<BidsRun> runs) {
    Set<Path> files = new LinkedHashSet<>();
    runs.forEach(run -> run.mask().ifPresent(files::add));
    List<Path> list = new ArrayList<>(files);
    BrainMask common = NiftiFile.readMask(list.get(0));
    for (Path file : list.subList(1, list.size())) {
      common = common.intersect(NiftiFile.readMask(file));
    }
    String first = root.relativize(list.get(0)).toString();
    return new BidsMask(
        common,
        list.size() == 1 ? first : list.size() + " masks, their intersection; first " + first);
  }

  /** The mean of a run, volume by volume in double. */
  static Volume mean(VolumeSource run) {
    Grid grid = run.grid();
    double[] sum = new double[grid.voxels()];
    float[] frame = new float[grid.voxels()];
    run.forEachVolume(
        (t, values) -> {
          values.copyTo(frame, 0);
          for (int i = 0; i < sum.length; i++) {
            sum[i] += frame[i];
          }
        });
    for (int i = 0; i < sum.length; i++) {
      frame[i] = (float) (sum[i] / run.volumes());
    }
    return Volume.of(grid, frame);
  }
}
