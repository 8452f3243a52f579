package io.noesis.ingest.study;

import io.noesis.ingest.format.nifti.NiftiFile;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.ingest.volume.Affine;
import io.noesis.ingest.volume.Grid;
import io.noesis.ingest.volume.Volume;
import io.noesis.run.CorruptDataException;
import io.noesis.run.DataException;
import io.noesis.run.Fingerprint;
import io.noesis.run.RecipeException;
import io.noesis.run.Suggest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Which ROI each voxel of a subject belongs to: a discrete segmentation as BIDS has it (BIDS 1.11,
 * derivatives, "Discrete segmentations": a label image {@code *_dseg.nii.gz}, its names in {@code
 * index} and {@code name} of a table of the same name, {@code .tsv}), or a table with a column
 * {@code roi} and a row for each column of a matrix. Label 0 and {@code n/a} belong to no ROI; a
 * label without a name is called by its number. Immutable.
 */
public final class RoiAtlas {
  private static final String ROI = "roi";
  private static final double WHOLE = 0.01;

  private final String name;
  private final String fingerprint;
  private final Set<String> known;
  private final Set<String> there;
  private final Labels labels;

  /** The ROI of a column; empty text for none. */
  private interface Labels {
    String of(int column, List<List<Double>> positions);

    void require(String subject, int columns, List<List<Double>> positions);

    /** Names of ROIs that are there, by their labels or as they come first. */
    List<String> inOrder();
  }

  private RoiAtlas(
      String name, String fingerprint, Set<String> known, Set<String> there, Labels labels) {
    this.name = name;
    this.fingerprint = fingerprint;
    this.known = known;
    this.there = there;
    this.labels = labels;
  }

  /**
   * Reads an atlas.
   *
   * @param root the study's folder
   * @param file below it: {@code .nii}, {@code .nii.gz} or {@code .tsv}
   * @return the atlas
   * @throws DataException when there is no such file, labels are no whole numbers, the image is a
   *     series, or the table lacks a column
   */
  public static RoiAtlas read(Path root, String file) {
    Path path = root.resolve(file);
    if (!Files.isRegularFile(path)) {
      throw new DataException(
          "looking for the atlas of ROIs "
              + path
              + ": there is no such file. Give 'atlas' as a path below the study's folder, with"
              + " {subject} for the label of a subject.");
    }
    if (file.endsWith(".tsv")) {
      return table(file, path);
    }
    return image(file, path);
  }

  private static RoiAtlas table(String file, Path path) {
    List<String> rois =
        Tsv.read(path).texts(ROI).stream().map(n -> n.equals(Tsv.MISSING) ? "" : n).toList();
    Set<String> names = new TreeSet<>(rois);
    names.remove("");
    return new RoiAtlas(file, Fingerprint.ofFile(path), names, names, new Rows(path, rois));
  }

  private record Rows(Path file, List<String> rois) implements Labels {
    @Override
    public List<String> inOrder() {
      return rois.stream().filter(roi -> !roi.isEmpty()).distinct().toList();
    }

    @Override
    public void require(String subject, int columns, List<List<Double>> positions) {
      if (columns != rois.size()) {
        throw new DataException(
            "choosing voxels of subject "
                + subject
                + " by "
                + file
                + ": it has "
                + rois.size()
                + " rows, expected one for each of the "
                + columns
                + " columns of the responses. Give a table of this subject's columns.");
      }
    }

    @Override
    public String of(int column, List<List<Double>> positions) {
      return rois.get(column);
    }
  }

  private static RoiAtlas image(String file, Path path) {
    Volume volume = NiftiFile.read(path);
    if (volume.volumes() != 1) {
      throw new DataException(
          "reading the atlas of ROIs "
              + path
              + ": it has "
              + volume.volumes()
              + " volumes, expected 1 with a whole number for each ROI. Give a label image.");
    }
    Path table = path.resolveSibling(path.getFileName().toString().replaceAll("[.]nii.*$", ".tsv"));
    Map<Integer, String> names = Files.isRegularFile(table) ? names(table) : Map.of();
    Set<String> there = new LinkedHashSet<>();
    Map<Float, String> byValue = new HashMap<>();
    for (float value : volume.array()) {
      byValue.computeIfAbsent(value, v -> name(v, names, path));
    }
    byValue.values().stream().filter(n -> !n.isEmpty()).forEach(there::add);
    Set<String> known = new TreeSet<>(names.values());
    known.addAll(there);
    String fingerprint =
        names.isEmpty()
            ? Fingerprint.ofFile(path)
            : Fingerprint.ofText(Fingerprint.ofFile(path) + "\n" + Fingerprint.ofFile(table));
    return new RoiAtlas(
        file,
        fingerprint,
        known,
        there,
        new Image(path, volume, volume.grid().affine().inverse(), byValue));
  }

  private static Map<Integer, String> names(Path file) {
    TsvTable table = Tsv.read(file);
    table.require("index", "name");
    Map<Integer, String> names = new HashMap<>();
    for (int row = 0; row < table.rows(); row++) {
      names.put(table.whole(row, "index"), table.required(row, "name"));
    }
    return names;
  }

  private static String name(float value, Map<Integer, String> names, Path path) {
    if (value != Math.rint(value) || Math.abs(value) > 1 << 24) {
      throw new CorruptDataException(
          "reading the atlas of ROIs "
              + path
              + ": found the label "
              + value
              + ", expected whole numbers. Give a label image that was resampled by the nearest"
              + " neighbour.");
    }
    int label = (int) value;
    return label == 0 ? "" : names.getOrDefault(label, Integer.toString(label));
  }

  private record Image(Path file, Volume volume, Affine toVoxel, Map<Float, String> names)
      implements Labels {
    @Override
    public List<String> inOrder() {
      return new TreeMap<>(names)
          .values().stream().filter(roi -> !roi.isEmpty()).distinct().toList();
    }

    @Override
    public void require(String subject, int columns, List<List<Double>> positions) {
      if (positions.isEmpty() || positions.get(0).size() != 3) {
        throw new DataException(
            "choosing voxels of subject "
                + subject
                + " by the image "
                + file
                + ": where the columns of the responses lie is not known. Give 'atlas' as a .tsv"
                + " with a column 'roi' and a row for each column.");
      }
    }

    @Override
    public String of(int column, List<List<Double>> positions) {
      List<Double> mm = positions.get(column);
      double[] at = toVoxel.toWorld(mm.get(0), mm.get(1), mm.get(2));
      Grid grid = volume.grid();
      int[] sizes = {grid.nx(), grid.ny(), grid.nz()};
      int[] voxel = new int[3];
      for (int axis = 0; axis < 3; axis++) {
        voxel[axis] = (int) Math.rint(at[axis]);
        if (Math.abs(at[axis] - voxel[axis]) > WHOLE
            || voxel[axis] < 0
            || voxel[axis] >= sizes[axis]) {
          throw new DataException(
              "choosing voxels by "
                  + file
                  + ": the voxel of column "
                  + column
                  + " at "
                  + mm
                  + " mm is no voxel of the atlas, "
                  + grid
                  + ". Resample the atlas to the responses (nearest neighbour).");
        }
      }
      float label = volume.array()[grid.index(voxel[0], voxel[1], voxel[2])];
      return names.getOrDefault(label, "");
    }
  }

  /** SHA-256 of the image with its table of names, or of the table. */
  public String fingerprint() {
    return fingerprint;
  }

  /**
   * Refuses ROIs that are not in the atlas.
   *
   * @param rois names
   * @throws RecipeException naming those that are, or when no voxel has the label of one
   */
  public void require(List<String> rois) {
    for (String roi : rois) {
      if (!known.contains(roi)) {
        throw new RecipeException(
            "choosing voxels by "
                + name
                + ": it has no ROI '"
                + roi
                + "'. "
                + Suggest.sentence(roi, known));
      }
      if (!there.contains(roi)) {
        throw new RecipeException(
            "choosing voxels by "
                + name
                + ": no voxel has the label of '"
                + roi
                + "'. Leave it out. With voxels: "
                + String.join(", ", new TreeSet<>(there))
                + ".");
      }
    }
  }

  /**
   * The columns in any of some ROIs.
   *
   * @param rois names of this atlas
   * @param responses of the subject whose atlas it is
   * @return their numbers
   * @throws RecipeException when there is no such ROI
   * @throws DataException when the atlas does not fit the responses, or no column is left
   */
  public ColumnChoice choose(List<String> rois, SubjectResponses responses) {
    require(rois);
    if (responses.epochs().isPresent()) {
      throw new RecipeException(
          "choosing voxels of subject "
              + responses.subject()
              + ": these responses are epochs [trials, channels, samples], and ROIs choose voxels."
              + " Leave 'voxels' out.");
    }
    List<Integer> columns = inAny(rois, responses);
    if (columns.isEmpty()) {
      throw new DataException(
          "choosing voxels of subject "
              + responses.subject()
              + " by "
              + name
              + ": none of the "
              + responses.responses().dim(1)
              + " voxels of the responses lies in "
              + String.join(", ", rois)
              + ". Choose other ROIs, or a mask of the study that holds them.");
    }
    return new ColumnChoice(
        columns,
        responses.responses().dim(1),
        String.join(", ", rois)
            + " of "
            + name
            + " (SHA-256 "
            + fingerprint.substring(0, 12)
            + ")");
  }

  private List<Integer> inAny(List<String> rois, SubjectResponses responses) {
    int width = responses.responses().dim(1);
    labels.require(responses.subject(), width, responses.positions());
    List<Integer> columns = new ArrayList<>();
    for (int column = 0; column < width; column++) {
      if (rois.contains(labels.of(column, responses.positions()))) {
        columns.add(column);
      }
    }
    return columns;
  }

  /**
   * The ROI of each voxel.
   *
   * @param subject whose voxels, for messages
   * @param positionsMm where each voxel lies
   * @return a name of this atlas for each; empty text for none
   * @throws DataException when a voxel is none of the atlas's
   */
  public List<String> at(String subject, List<List<Double>> positionsMm) {
    labels.require(subject, positionsMm.size(), positionsMm);
    return IntStream.range(0, positionsMm.size())
        .mapToObj(column -> labels.of(column, positionsMm))
        .toList();
  }

  /**
   * The names of ROIs that voxels or columns have, by their labels; those of a table as they come.
   */
  public List<String> inOrder() {
    return labels.inOrder();
  }

  /** The names of ROIs that voxels or columns have, sorted. */
  public List<String> rois() {
    return List.copyOf(new TreeSet<>(there));
  }

  /**
   * The columns, or channels of epochs, in one ROI.
   *
   * @param roi a name of this atlas
   * @param responses of the subject whose atlas it is
   * @return their numbers, rising; none where the atlas has voxels there that responses lack
   * @throws RecipeException when there is no such ROI, or an image is asked about epochs
   * @throws DataException when the atlas does not fit the responses
   */
  public List<Integer> columns(String roi, SubjectResponses responses) {
    require(List.of(roi));
    if (responses.epochs().isPresent() && labels instanceof Image) {
      throw new RecipeException(
          "finding the channels of subject "
              + responses.subject()
              + " in "
              + name
              + ": these responses are epochs, whose channels lie in no voxel. Give 'atlas' as a .tsv"
              + " with a column 'roi' and a row for each channel.");
    }
    return inAny(List.of(roi), responses);
  }
}
