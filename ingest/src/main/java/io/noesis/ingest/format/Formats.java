package io.noesis.ingest.format;

import io.noesis.run.DataException;
import io.noesis.run.Registry;
import io.noesis.run.Registry.Entry;
import io.noesis.run.UnsupportedDataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The formats by name; tells the format of a path by its content and sums up what it holds. */
public final class Formats {
  private static final Registry<Format> REGISTRY =
      Registry.of(
          "format",
          List.of(
              new Entry<>("bids", new BidsFormat(), "a BIDS dataset folder"),
              new Entry<>("nifti", new NiftiFormat(), "NIfTI-1 and NIfTI-2 images, gzip or not"),
              new Entry<>("npy", new NpyFormat(), "NumPy array"),
              new Entry<>("npz", new NpzFormat(), "several NumPy arrays in a zip"),
              new Entry<>("safetensors", new SafetensorsFormat(), "named tensors"),
              new Entry<>("mat", new MatFormat(), "MATLAB 5 to 7.2 variables"),
              new Entry<>("json", new JsonFormat(), "JSON: sidecars and descriptions"),
              new Entry<>("tsv", new TsvFormat(), "tab-separated table")));

  private Formats() {}

  /** The names of all formats, in the order in which they are tried. */
  public static Set<String> names() {
    return REGISTRY.names();
  }

  /**
   * One sentence about a format.
   *
   * @param name of {@link #names}
   * @return the sentence
   */
  public static String description(String name) {
    return REGISTRY.entries().stream()
        .filter(entry -> entry.name().equals(name))
        .map(Entry::description)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no format is named '" + name + "'"));
  }

  /**
   * The format of a path, told by its content.
   *
   * @param path a file or folder
   * @return a name of {@link #names}, or nothing when none recognises it
   * @throws DataException when it cannot be read
   */
  public static Optional<String> of(Path path) {
    return entry(path).map(Entry::name);
  }

  /**
   * What a path holds: shape, type, space, units, variables, subjects, as the format has them.
   *
   * @param path a file or folder
   * @return the summary
   * @throws DataException when it is missing, empty or damaged
   * @throws UnsupportedDataException when no format recognises it
   */
  public static Summary describe(Path path) {
    if (!Files.exists(path)) {
      throw new DataException(
          "looking at " + path + ": there is no such file or folder. Check the path.");
    }
    Optional<Entry<Format>> entry = entry(path);
    if (entry.isPresent()) {
      return entry.get().value().describe(path);
    }
    if (Probe.of(path).empty()) {
      throw new DataException(
          "looking at "
              + path
              + ": it is empty (0 bytes). It is a stand-in or was not copied; get the file itself.");
    }
    throw new UnsupportedDataException(
        "looking at "
            + path
            + ": its content is of no format that is read. Known: "
            + String.join(", ", REGISTRY.names())
            + ".");
  }

  private static Optional<Entry<Format>> entry(Path path) {
    Probe probe = Probe.of(path);
    return REGISTRY.entries().stream().filter(entry -> entry.value().recognises(probe)).findFirst();
  }
}
