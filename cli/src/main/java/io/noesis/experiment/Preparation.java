package io.noesis.experiment;

import io.noesis.alignment.functional.CommonSpace;
import io.noesis.ingest.signal.Standardizer;
import io.noesis.run.CorruptDataException;
import io.noesis.run.DataException;
import io.noesis.run.Fingerprint;
import io.noesis.run.ModelException;
import io.noesis.tensor.DoubleArray;
import io.noesis.tensor.LongArray;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.SafetensorsWriter;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What is done to a response before one fold's decoder sees it, kept beside the decoder so that it
 * can be done to new responses: {@code (x - mean) / deviation} per voxel, 0 where the deviation is
 * 0. A {@code .safetensors} file with {@code mean} and {@code deviation} F64 {@code [voxels]} and
 * {@code fitted_rows} I64, the rows of the subject's trial table they were fitted on; its metadata
 * say in words how they were fitted, the hash of those rows, and which voxels the columns are.
 *
 * @param standardize how
 * @param scale the statistics; of 0 and 1, fitted on no row, where nothing is standardised
 * @param columns the fingerprint of the mask whose voxels the columns are, where it is known
 * @param map into the space that subjects were aligned in, {@code map} F32 {@code [voxels,
 *     features]}; empty where they were not
 */
record Preparation(
    ResponseSpec.Standardize standardize,
    Standardizer scale,
    Optional<String> columns,
    Optional<Tensor> map) {
  private static final String FORMAT = "noesis-preparation";
  private static final String VERSION = "1";

  Preparation(ResponseSpec.Standardize standardize, Standardizer scale, Optional<String> columns) {
    this(standardize, scale, columns, Optional.empty());
  }

  /** The same, and then brought into a space that subjects share. */
  Preparation then(Tensor into) {
    return new Preparation(standardize, scale, columns, Optional.of(into));
  }

  /** Nothing is done to that many voxels. */
  static Preparation none(int voxels, Optional<String> columns) {
    double[] ones = new double[voxels];
    Arrays.fill(ones, 1);
    return new Preparation(
        ResponseSpec.Standardize.NONE,
        Standardizer.of(new double[voxels], ones, new int[0]),
        columns);
  }

  int voxels() {
    return scale.means().length;
  }

  /**
   * Prepares responses as those of training were.
   *
   * @param responses {@code [trials, voxels]}
   * @return the same shape
   */
  Tensor apply(Tensor responses) {
    Tensor scaled =
        standardize == ResponseSpec.Standardize.NONE ? responses : scale.apply(responses);
    return map.map(into -> CommonSpace.apply(scaled, Matrix.of(into))).orElse(scaled);
  }

  /** In words, for manifests and provenance. */
  String inWords() {
    String scaled =
        switch (standardize) {
          case NONE -> "left as they are";
          case TRAINING -> "each voxel to mean 0 and variance 1 over training trials";
          case ALL_TRIALS -> "each voxel to mean 0 and variance 1 over training and test trials";
        };
    return map.map(
            into -> scaled + ", then into a space of " + into.dim(1) + " that subjects share")
        .orElse(scaled);
  }

  /** SHA-256 of the numbers of the rows it was fitted on, one per line. */
  String rowsHash() {
    return Fingerprint.ofText(
        IntStream.of(scale.fittedRows())
            .mapToObj(Integer::toString)
            .collect(Collectors.joining("\n")));
  }

  /**
   * Writes the file, whole or not at all.
   *
   * @param file ends in {@code .safetensors}
   * @param subject whose responses
   * @param split the hash of the split whose rows are meant
   */
  void write(Path file, String subject, String split) {
    int[] rows = scale.fittedRows();
    long[] fitted = IntStream.of(rows).asLongStream().toArray();
    SafetensorsWriter writer = new SafetensorsWriter();
    map.ifPresent(into -> writer.add("map", into));
    writer
        .metadata("format", FORMAT)
        .metadata("version", VERSION)
        .metadata("standardize", standardize.name())
        .metadata("in_words", inWords())
        .metadata("subject", subject)
        .metadata("split_sha256", split)
        .metadata("fitted_rows_sha256", rowsHash())
        .metadata("voxels", Integer.toString(voxels()))
        .metadata("columns", columns.orElse("unknown"))
        .add("mean", DoubleArray.wrap(scale.means(), voxels()))
        .add("deviation", DoubleArray.wrap(scale.deviations(), voxels()))
        .add("fitted_rows", LongArray.wrap(fitted, rows.length))
        .write(file);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param file of a run folder
   * @return the same preparation
   * @throws ModelException when it is missing or damaged
   */
  static Preparation read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ModelException(
          "reading the preprocessing statistics "
              + file
              + ": there is no such file, so the decoder beside it cannot be applied to new"
              + " responses. Train the run again with this version of Noesis.");
    }
    try (Safetensors in = Safetensors.open(file)) {
      Map<String, String> metadata = in.metadata();
      if (!FORMAT.equals(metadata.get("format")) || !VERSION.equals(metadata.get("version"))) {
        throw new CorruptDataException(
            "its format is '"
                + metadata.get("format")
                + "', version '"
                + metadata.get("version")
                + "', expected '"
                + FORMAT
                + "', version '"
                + VERSION
                + "'");
      }
      String columns = metadata.getOrDefault("columns", "unknown");
      return new Preparation(
          ResponseSpec.Standardize.valueOf(metadata.getOrDefault("standardize", "")),
          Standardizer.of(
              in.readDoubles("mean").array(),
              in.readDoubles("deviation").array(),
              Arrays.stream(in.readLongs("fitted_rows").array())
                  .mapToInt(Math::toIntExact)
                  .toArray()),
          columns.equals("unknown") ? Optional.empty() : Optional.of(columns),
          in.names().contains("map") ? Optional.of(in.read("map")) : Optional.empty());
    } catch (DataException | IllegalArgumentException | ArithmeticException e) {
      throw new ModelException(
          "reading the preprocessing statistics "
              + file
              + ": "
              + e.getMessage()
              + ". Train the run again.",
          e);
    }
  }
}
