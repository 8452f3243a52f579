package io.noesis.experiment;

import io.noesis.ingest.format.Formats;
import io.noesis.ingest.format.nifti.NiftiFile;
import io.noesis.ingest.volume.BrainMask;
import io.noesis.ingest.volume.MaskedRun;
import io.noesis.ingest.volume.Masker;
import io.noesis.ingest.volume.VoxelOrder;
import io.noesis.run.DataException;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Responses that no study describes: matrices, or images below a mask.
 *
 * @param values {@code [rows, voxels]} or {@code [rows, channels, samples]}; finite
 * @param rows where each comes from
 */
record NewResponses(Tensor values, List<Row> rows) {
  /**
   * Where a row comes from.
   *
   * @param source name of the file
   * @param index row or volume of it, from 0
   */
  record Row(String source, int index) {}

  /**
   * Reads files below each other.
   *
   * @param of which
   * @param columns the fingerprint of the voxels that a decoder was trained on, where known
   * @param progress hears each image
   * @return the rows
   * @throws DataException when a value is not finite, or widths or masks differ
   */
  static NewResponses read(ResponseFiles of, Optional<String> columns, Progress progress) {
    List<Tensor> parts = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    for (Path file : of.files()) {
      boolean image = Formats.of(file).filter("nifti"::equals).isPresent();
      Tensor part = image ? masked(of, file, columns, progress) : matrix(of, file);
      requireAlike(file, part, parts);
      parts.add(part);
      for (int row = 0; row < part.dim(0); row++) {
        rows.add(new Row(String.valueOf(file.getFileName()), row));
      }
    }
    Tensor all =
        parts.size() == 1 ? parts.get(0) : Tensor.concatenate(parts.toArray(Tensor[]::new));
    return new NewResponses(all, List.copyOf(rows));
  }

  private static Tensor matrix(ResponseFiles of, Path file) {
    if (of.mask().isPresent()) {
      throw new RecipeException(
          "reading responses from "
              + file
              + ": a mask is for NIfTI images, and this is none. Leave --mask away, or give images"
              + " only.");
    }
    Tensor values = Npy.read(file);
    int rank = values.shape().rank();
    Tensor rows = rank == 1 ? values.reshape(1, values.dim(0)) : values;
    if (rank < 1 || rank > 3 || rows.size() == 0) {
      throw new DataException(
          "reading responses from "
              + file
              + ": found "
              + values.shape()
              + ", expected [trials, voxels] or [trials, channels, samples] with at least one row.");
    }
    long broken = 0;
    for (float value : rows.array()) {
      broken += Float.isFinite(value) ? 0 : 1;
    }
    if (broken > 0) {
      throw new DataException(
          "reading responses from "
              + file
              + ": "
              + broken
              + " of "
              + rows.size()
              + " values are NaN or infinite, expected finite ones. Decide what stands for them, in"
              + " the same voxels as in training.");
    }
    return rows;
  }

  private static Tensor masked(
      ResponseFiles of, Path file, Optional<String> columns, Progress progress) {
    Path maskFile =
        of.mask()
            .orElseThrow(
                () ->
                    new RecipeException(
                        "reading responses from the image "
                            + file
                            + ": which voxels are columns is not said. Give the mask of the"
                            + " training study with --mask."));
    BrainMask mask = ordered(NiftiFile.readMask(maskFile), columns);
    MaskedRun run = new Masker(mask, of.cleaning()).mask(NiftiFile.source(file), progress);
    String found = run.mask().fingerprint();
    if (columns.isPresent() && !columns.get().equals(found)) {
      throw new DataException(
          "reading responses from "
              + file
              + " with the mask "
              + maskFile
              + ": its "
              + run.mask().voxels()
              + " voxels are not those that the decoder was trained on (fingerprint "
              + found.substring(0, 12)
              + ", expected "
              + columns.get().substring(0, Math.min(12, columns.get().length()))
              + "). Give the mask of the training study.");
    }
    return run.values();
  }

  /** In the order in which the decoder knows the voxels, where it does. */
  private static BrainMask ordered(BrainMask mask, Optional<String> columns) {
    return Arrays.stream(VoxelOrder.values())
        .map(mask::in)
        .filter(m -> columns.isPresent() && m.fingerprint().equals(columns.get()))
        .findFirst()
        .orElse(mask);
  }

  private static void requireAlike(Path file, Tensor part, List<Tensor> before) {
    if (before.isEmpty()) {
      return;
    }
    int[] first = before.get(0).shape().toArray();
    int[] here = part.shape().toArray();
    if (!Arrays.equals(
        Arrays.copyOfRange(first, 1, first.length), Arrays.copyOfRange(here, 1, here.length))) {
      throw new DataException(
          "reading responses from "
              + file
              + ": found "
              + part.shape()
              + ", the files before have "
              + before.get(0).shape()
              + ". Give files of the same voxels.");
    }
  }
}
