package io.noesis.encoders.architecture;

import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.Streaming;
import io.noesis.encoders.ridge.RidgeSpec;
import io.noesis.encoders.ridge.StreamedModel;
import io.noesis.encoders.ridge.StreamedRidge;
import io.noesis.run.Failure;
import io.noesis.run.ModelException;
import io.noesis.run.OutputException;
import io.noesis.run.Progress;
import io.noesis.tensor.DoubleArray;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.SafetensorsWriter;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Ridge whose weights stay in a folder beside its file: for more of them than one array holds. The
 * file has penalties and provenance, and says which folder it belongs to.
 */
final class StreamedRidgeEncoder implements BrainEncoder {
  private static final String FORMAT = "noesis-ridge-streamed";
  private static final String VERSION = "1";
  private static final String FOLDER = "weights_folder";
  private static final String PENALTIES = "penalties";

  private final Path folder;
  private final double[] penalties;

  private StreamedRidgeEncoder(Path folder, double[] penalties) {
    this.folder = folder;
    this.penalties = penalties;
  }

  /** Fits, reading targets and writing weights in pieces. */
  static BrainEncoder fit(Tensor x, int[] groups, RidgeSpec spec, Streaming where) {
    StreamedRidge.Output output = new StreamedRidge.Output(where.folder(), Progress.NONE);
    try (StreamedModel model = StreamedRidge.fit(x, where.targets(), groups, spec, output)) {
      return new StreamedRidgeEncoder(where.folder(), model.penalties());
    }
  }

  /**
   * Reads what {@link #save} wrote.
   *
   * @param file any encoder's
   * @return empty for a file of another kind
   * @throws ModelException when the folder beside it is missing or another's
   */
  static Optional<BrainEncoder> at(Path file) {
    Path folder;
    double[] penalties;
    try (Safetensors in = Safetensors.open(file)) {
      if (!FORMAT.equals(in.metadata().get("format"))) {
        return Optional.empty();
      }
      folder = file.resolveSibling(in.metadata().getOrDefault(FOLDER, ""));
      penalties = in.readDoubles(PENALTIES).array();
    }
    if (!Files.isDirectory(folder)) {
      throw new ModelException(
          "loading ridge from "
              + file
              + ": its weights are in the folder "
              + folder
              + ", which is not there. Copy both together.");
    }
    try (StreamedModel model = StreamedModel.open(folder)) {
      if (!Arrays.equals(penalties, model.penalties())) {
        throw new ModelException(
            "loading ridge from "
                + file
                + ": the weights in "
                + folder
                + " are of another fit. Copy both together, or fit again.");
      }
    }
    return Optional.of(new StreamedRidgeEncoder(folder, penalties));
  }

  @Override
  public Tensor encode(Tensor responses) {
    Tensor x = RidgeArchitecture.flat(responses);
    int targets = penalties.length;
    Tensor out = Tensor.zeros(x.dim(0), targets);
    try (StreamedModel model = StreamedModel.open(folder)) {
      model.predict(
          x,
          (from, block) -> {
            int width = block.dim(1);
            for (int r = 0; r < x.dim(0); r++) {
              System.arraycopy(block.array(), r * width, out.array(), r * targets + from, width);
            }
          });
    }
    return out;
  }

  @Override
  public Map<String, String> facts() {
    return RidgeArchitecture.penalty(penalties);
  }

  @Override
  public void save(Path file, Map<String, String> metadata) {
    String name = folder.toAbsolutePath().normalize().getFileName().toString();
    Path beside = file.resolveSibling(name);
    if (!beside.toAbsolutePath().normalize().equals(folder.toAbsolutePath().normalize())) {
      copyTo(beside);
    }
    new SafetensorsWriter()
        .metadata(metadata)
        .metadata("format", FORMAT)
        .metadata("version", VERSION)
        .metadata(FOLDER, name)
        .add(PENALTIES, DoubleArray.wrap(penalties.clone(), penalties.length))
        .write(file);
  }

  private void copyTo(Path other) {
    try {
      Files.createDirectories(other);
      for (String name : StreamedModel.files()) {
        Files.copy(folder.resolve(name), other.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new OutputException(
          "copying the weights of ridge from "
              + folder
              + " to "
              + other
              + ": "
              + Failure.reason(e)
              + ". Choose a folder with enough free space.",
          e);
    }
  }

  @Override
  public void export(Path file, Map<String, String> metadata) {
    try (StreamedModel model = StreamedModel.open(folder)) {
      long numbers = (long) model.targets() * model.voxels();
      if (numbers > LinearGraph.LARGEST) {
        throw new ModelException(
            "exporting ridge to "
                + file
                + ": its "
                + numbers
                + " weights are more than one array holds. Use 'noesis encode' with the"
                + " run, or read the weights, [targets, voxels] in NumPy's format, from "
                + folder
                + ".");
      }
      List<Tensor> parts = model.asMatrix();
      LinearGraph.write(file, "ridge", parts.get(0), parts.get(1), metadata);
    }
  }
}
