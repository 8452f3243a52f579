package io.noesis.ingest.study.layout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.ingest.study.EpochAxes;
import io.noesis.run.CorruptDataException;
import io.noesis.run.DataException;
import io.noesis.run.Failure;
import io.noesis.run.Suggest;
import io.noesis.tensor.NpyHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * What stands beside an array of epochs {@code [trials, channels, samples]}: a table of sensors,
 * and a JSON file of the same name with {@code SamplingFrequency} (Hz) and {@code StartTime}
 * (seconds from the event to the first sample), as BIDS names them.
 */
final class EpochFiles {
  private static final ObjectMapper JSON = new ObjectMapper();

  private EpochFiles() {}

  /** What the axes mean; nothing when the array has not three of them. */
  static Optional<EpochAxes> axes(Path root, Path responses, ArraysSettings settings) {
    List<Long> shape = NpyHeader.read(responses).shape();
    if (shape.size() != 3) {
      return Optional.empty();
    }
    int channels = Math.toIntExact(shape.get(1));
    EpochAxes axes = EpochAxes.of(channels, Math.toIntExact(shape.get(2)));
    Optional<Path> table = sensors(root, responses, settings);
    if (table.isPresent()) {
      axes = placed(axes, table.get(), responses);
    }
    JsonNode sidecar = sidecar(beside(responses));
    OptionalDouble rate = number(settings.samplingRateHz(), sidecar, "SamplingFrequency");
    if (rate.isEmpty()) {
      return Optional.of(axes);
    }
    double start = number(settings.startSeconds(), sidecar, "StartTime").orElse(0);
    return Optional.of(axes.timed(rate.getAsDouble(), start));
  }

  /** Those files that are there. */
  static List<Path> of(Path root, Path responses, ArraysSettings settings) {
    List<Path> files = new ArrayList<>();
    if (NpyHeader.read(responses).shape().size() == 3) {
      sensors(root, responses, settings).ifPresent(files::add);
      Path sidecar = beside(responses);
      if (Files.exists(sidecar)) {
        files.add(sidecar);
      }
    }
    return files;
  }

  /** Epochs lose no single numbers. */
  static void requireWhole(Optional<EpochAxes> epochs, MatrixFile.Read read, Path responses) {
    if (epochs.isPresent() && read.values().dim(1) != read.columns()) {
      throw new DataException(
          "reading the responses "
              + responses
              + ": "
              + read.nonFinite()
              + " samples of channels are NaN or infinite in some trial; epochs cannot lose single"
              + " samples. Set 'nonFinite: zero', or leave the channels or trials out of the file.");
    }
  }

  private static Path beside(Path responses) {
    String name = String.valueOf(responses.getFileName());
    return responses.resolveSibling(name.replaceFirst("\\.npy$", "") + ".json");
  }

  private static Optional<Path> sensors(Path root, Path responses, ArraysSettings settings) {
    Path own = responses.resolveSibling(settings.sensors());
    Path common = root.resolve(settings.sensors());
    if (Files.exists(own)) {
      return Optional.of(own);
    }
    return Files.exists(common) ? Optional.of(common) : Optional.empty();
  }

  /** Numbers of the channels that are used, ascending. */
  static int[] kept(Optional<EpochAxes> epochs, Path responses, ArraysSettings settings) {
    List<String> all = epochs.map(EpochAxes::channels).orElse(List.of());
    for (String wanted : settings.channels()) {
      if (Collections.frequency(all, wanted) != 1) {
        throw new DataException(
            "reading the responses "
                + responses
                + ": the setting 'channels' names '"
                + wanted
                + "', expected "
                + (all.isEmpty()
                    ? "it to be empty: the array has no channels, its axes are not [trials,"
                        + " channels, samples]."
                    : "the name of one channel. " + Suggest.sentence(wanted, all)));
      }
    }
    return IntStream.range(0, all.size())
        .filter(c -> settings.channels().isEmpty() || settings.channels().contains(all.get(c)))
        .toArray();
  }

  private static EpochAxes placed(EpochAxes axes, Path file, Path responses) {
    if (String.valueOf(file.getFileName()).endsWith(".txt")) {
      List<String> names = lines(file);
      requireOneEach(names.size(), axes, file, responses);
      return new EpochAxes(
          names, axes.positions(), axes.samples(), axes.samplingRateHz(), axes.startSeconds());
    }
    TsvTable table = Tsv.read(file);
    table.require("name", "x", "y");
    requireOneEach(table.rows(), axes, file, responses);
    List<List<Double>> positions = new ArrayList<>();
    for (int r = 0; r < table.rows(); r++) {
      List<Double> place = new ArrayList<>();
      place.add(table.numberOrNaN(r, "x"));
      place.add(table.numberOrNaN(r, "y"));
      if (table.has("z")) {
        place.add(table.numberOrNaN(r, "z"));
      }
      positions.add(place);
    }
    return new EpochAxes(
        table.texts("name"), positions, axes.samples(), axes.samplingRateHz(), axes.startSeconds());
  }

  private static void requireOneEach(int rows, EpochAxes axes, Path file, Path responses) {
    if (rows != axes.channels().size()) {
      throw new DataException(
          "reading the sensors "
              + file
              + ": it has "
              + rows
              + " rows, "
              + responses
              + " has "
              + axes.channels().size()
              + " channels (its second axis); expected one row each, in the order of the array.");
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream()
          .map(String::strip)
          .filter(l -> !l.isEmpty())
          .toList();
    } catch (IOException e) {
      throw new CorruptDataException(
          "reading the names of the channels "
              + file
              + ": "
              + Failure.reason(e)
              + ". Expected UTF-8 text, one name per line.",
          e);
    }
  }

  private static JsonNode sidecar(Path file) {
    if (!Files.exists(file)) {
      return JSON.createObjectNode();
    }
    try {
      return JSON.readTree(Files.readString(file));
    } catch (IOException e) {
      throw new CorruptDataException(
          "reading " + file + ": " + Failure.reason(e) + ". Expected JSON.", e);
    }
  }

  private static OptionalDouble number(OptionalDouble setting, JsonNode sidecar, String key) {
    JsonNode value = sidecar.path(key);
    if (setting.isPresent() || value.isMissingNode()) {
      return setting;
    }
    if (!value.isNumber()) {
      throw new CorruptDataException(
          "reading the JSON file beside the responses: "
              + key
              + " is "
              + value
              + ", expected a number.");
    }
    return OptionalDouble.of(value.doubleValue());
  }
}
