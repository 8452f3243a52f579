package io.noesis.experiment;

import io.noesis.alignment.functional.CommonSpace;
import io.noesis.ingest.signal.Epochs;
import io.noesis.ingest.signal.NoiseWhitener;
import io.noesis.ingest.signal.ResponseScaler;
import io.noesis.ingest.study.ColumnChoice;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What is done to a response before one fold's decoder sees it, kept beside the decoder so that it
 * can be done to new responses: columns are chosen; of epochs the mean of a baseline is taken away
 * and a window cut out; channels are multiplied by the inverse root of the covariance of their
 * noise; then {@code (x - mean) / deviation} per voxel or channel, 0 where the deviation is 0; then
 * values beyond a bound become it. A {@code .safetensors} file with {@code mean} and {@code
 * deviation} F64 {@code [units]} and {@code fitted_rows} I64, the rows of the subject's trial table
 * they were fitted on; its metadata say in words how they were fitted, the hash of those rows, and
 * which voxels the columns are.
 *
 * @param standardize which trials the scale was learnt from
 * @param axes of a response before: {@code [voxels]} or {@code [channels, samples]}
 * @param timing what is done to the time axis
 * @param whitener the noise of channels, {@code whitening} F64 {@code [channels, channels]}: the
 *     matrix of all sessions, which new responses take; empty where it is left as it is
 * @param scale the statistics; empty where nothing is standardised
 * @param clamp bound of values; empty for none
 * @param columns the fingerprint of the mask whose voxels the columns are, where it is known
 * @param map into the space that subjects were aligned in, {@code map} F32 {@code [voxels,
 *     features]}; empty where they were not
 * @param choice which columns are used, {@code chosen} I64 numbers from 0; empty for all
 */
record Preparation(
    ResponseSpec.Standardize standardize,
    List<Integer> axes,
    Timing timing,
    Optional<NoiseWhitener> whitener,
    Optional<ResponseScaler> scale,
    OptionalDouble clamp,
    Optional<String> columns,
    Optional<Tensor> map,
    Optional<ColumnChoice> choice) {
  private static final String FORMAT = "noesis-preparation";
  private static final String VERSION = "1";

  /** Where columns are chosen, so that older programs do not overlook it. */
  private static final String CHOOSING = "2";

  /** Where the noise of channels is normalised, for the same reason. */
  private static final String WHITENING = "3";

  /** Copies the axes. */
  Preparation {
    axes = List.copyOf(axes);
  }

  /**
   * What is done to the time axis of epochs.
   *
   * @param baseline samples whose mean is taken away; empty for none
   * @param window samples that are kept; empty for all
   */
  record Timing(Optional<Cut> baseline, Optional<Cut> window) {
    /** Nothing. */
    static final Timing NONE = new Timing(Optional.empty(), Optional.empty());

    Tensor apply(Tensor responses) {
      Tensor out = responses;
      if (baseline.isPresent()) {
        out = Epochs.withoutMean(out, baseline.get().first(), baseline.get().count());
      }
      return window.isPresent() ? Epochs.cut(out, window.get().first(), window.get().count()) : out;
    }
  }

  /**
   * Some samples behind each other.
   *
   * @param first number of the first
   * @param count how many
   */
  record Cut(int first, int count) {
    private String text() {
      return first + " " + count;
    }

    private static Optional<Cut> of(String text) {
      if (text.isEmpty()) {
        return Optional.empty();
      }
      String[] parts = text.split(" ", -1);
      return Optional.of(new Cut(Integer.parseInt(parts[0]), Integer.parseInt(parts[1])));
    }
  }

  /** The same, and then brought into a space that subjects share. */
  Preparation then(Tensor into) {
    return new Preparation(
        standardize, axes, timing, whitener, scale, clamp, columns, Optional.of(into), choice);
  }

  /**
   * Refuses responses of other sizes.
   *
   * @param what is being done
   * @param responses {@code [trials, ...axes]}
   */
  void require(String what, Tensor responses) {
    List<Integer> found =
        Arrays.stream(responses.shape().toArray()).skip(1).boxed().collect(Collectors.toList());
    if (!found.equals(axes)) {
      throw new DataException(
          what
              + ": found responses "
              + responses.shape()
              + ", expected [trials, "
              + axes.stream().map(String::valueOf).collect(Collectors.joining(", "))
              + "], what the decoder was trained on. Use "
              + (axes.size() == 1
                  ? "the mask of the training study, in the same voxel order."
                  : "the channels and samples of the training study, in the same order."));
    }
  }

  /** Axes of a response after: what the decoder sees. */
  List<Integer> prepared() {
    List<Integer> out = new ArrayList<>(axes);
    choice.ifPresent(c -> out.set(0, c.columns().size()));
    timing.window().ifPresent(w -> out.set(1, w.count()));
    map.ifPresent(into -> out.set(0, into.dim(1)));
    return out;
  }

  /**
   * Prepares responses as those of training were.
   *
   * @param responses {@code [trials, ...axes]}
   * @return {@code [trials, ...prepared]}
   */
  Tensor apply(Tensor responses) {
    Tensor timed = timing.apply(choice.map(c -> c.of(responses)).orElse(responses));
    return scaled(whitener.map(w -> w.apply(timed)).orElse(timed));
  }

  /** What comes after the time axis and the noise of channels were seen to. */
  Tensor scaled(Tensor whitened) {
    Tensor scaled = scale.isPresent() ? scale.get().apply(whitened) : whitened;
    Tensor bounded = clamp.isPresent() ? Epochs.clamp(scaled, clamp.getAsDouble()) : scaled;
    return map.map(into -> CommonSpace.apply(bounded, Matrix.of(into))).orElse(bounded);
  }

  /** In words, for manifests and provenance. */
  String inWords() {
    List<String> words = new ArrayList<>();
    choice.ifPresent(c -> words.add("voxels chosen, " + c.inWords()));
    timing.baseline().ifPresent(c -> words.add("mean of samples " + span(c) + " taken away"));
    timing.window().ifPresent(c -> words.add("samples " + span(c) + " kept"));
    whitener.ifPresent(w -> words.add("noise of channels normalised"));
    words.add(
        switch (standardize) {
          case NONE -> "left as they are";
          case TRAINING -> "each " + unit() + " scaled over training trials";
          case ALL_TRIALS -> "each " + unit() + " scaled over training and test trials";
        });
    clamp.ifPresent(bound -> words.add("bounded by ±" + bound));
    map.ifPresent(into -> words.add("brought into a space of " + into.dim(1) + " subjects share"));
    return String.join(", then ", words);
  }

  private String unit() {
    boolean channels =
        scale.map(ResponseScaler::unit).filter(ResponseScaler.Unit.CHANNEL::equals).isPresent();
    return channels ? "channel" : axes.size() == 1 ? "voxel" : "channel and sample";
  }

  private static String span(Cut cut) {
    return cut.first() + " to " + (cut.first() + cut.count() - 1);
  }

  private int[] fittedRows() {
    return scale
        .map(ResponseScaler::fittedRows)
        .or(() -> whitener.map(NoiseWhitener::fittedRows))
        .orElse(new int[0]);
  }

  /** SHA-256 of the numbers of the rows it was fitted on, one per line. */
  String rowsHash() {
    return Fingerprint.ofText(
        IntStream.of(fittedRows()).mapToObj(Integer::toString).collect(Collectors.joining("\n")));
  }

  /**
   * Writes the file, whole or not at all.
   *
   * @param file ends in {@code .safetensors}
   * @param subject whose responses
   * @param split the hash of the split whose rows are meant
   */
  void write(Path file, String subject, String split) {
    int[] rows = fittedRows();
    SafetensorsWriter writer = new SafetensorsWriter();
    map.ifPresent(into -> writer.add("map", into));
    choice.ifPresent(
        c ->
            writer
                .metadata("chosen", c.words())
                .add(
                    "chosen",
                    LongArray.wrap(
                        c.columns().stream().mapToLong(i -> i).toArray(), c.columns().size())));
    writer
        .metadata("format", FORMAT)
        .metadata("version", version(whitener.isPresent(), choice.isPresent()))
        .metadata("standardize", standardize.name())
        .metadata("in_words", inWords())
        .metadata("subject", subject)
        .metadata("split_sha256", split)
        .metadata("fitted_rows_sha256", rowsHash())
        .metadata("axes", axes.stream().map(String::valueOf).collect(Collectors.joining(" ")))
        .metadata("baseline", timing.baseline().map(Cut::text).orElse(""))
        .metadata("window", timing.window().map(Cut::text).orElse(""))
        .metadata("clamp", clamp.isPresent() ? Double.toString(clamp.getAsDouble()) : "")
        .metadata("columns", columns.orElse("unknown"))
        .add(
            "fitted_rows",
            LongArray.wrap(IntStream.of(rows).asLongStream().toArray(), rows.length));
    whitener.ifPresent(
        w -> writer.add("whitening", DoubleArray.wrap(w.root(), w.channels(), w.channels())));
    scale.ifPresent(
        s ->
            writer
                .metadata("unit", s.unit().name())
                .add("mean", DoubleArray.wrap(s.centres(), s.centres().length))
                .add("deviation", DoubleArray.wrap(s.spreads(), s.spreads().length)));
    writer.write(file);
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
      return read(in);
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

  private static Preparation read(Safetensors in) {
    Map<String, String> metadata = in.metadata();
    boolean chosen = in.names().contains("chosen");
    boolean whitened = in.names().contains("whitening");
    if (!FORMAT.equals(metadata.get("format"))
        || !version(whitened, chosen).equals(metadata.get("version"))) {
      throw new CorruptDataException(
          "its format is '"
              + metadata.get("format")
              + "', version '"
              + metadata.get("version")
              + "', expected '"
              + FORMAT
              + "', version '"
              + version(whitened, chosen)
              + "'");
    }
    String columns = metadata.getOrDefault("columns", "unknown");
    String clamp = metadata.getOrDefault("clamp", "");
    List<Integer> axes =
        Arrays.stream(metadata.getOrDefault("axes", "").split(" ", -1))
            .map(Integer::valueOf)
            .toList();
    return new Preparation(
        ResponseSpec.Standardize.valueOf(metadata.getOrDefault("standardize", "")),
        axes,
        new Timing(
            Cut.of(metadata.getOrDefault("baseline", "")),
            Cut.of(metadata.getOrDefault("window", ""))),
        whitened ? Optional.of(whitener(in)) : Optional.empty(),
        metadata.containsKey("unit") ? Optional.of(scaler(in)) : Optional.empty(),
        clamp.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(clamp)),
        columns.equals("unknown") ? Optional.empty() : Optional.of(columns),
        in.names().contains("map") ? Optional.of(in.read("map")) : Optional.empty(),
        chosen
            ? Optional.of(
                new ColumnChoice(
                    Arrays.stream(in.readLongs("chosen").array())
                        .mapToObj(Math::toIntExact)
                        .toList(),
                    axes.get(0),
                    metadata.getOrDefault("chosen", "")))
            : Optional.empty());
  }

  private static String version(boolean whitened, boolean chosen) {
    return whitened ? WHITENING : chosen ? CHOOSING : VERSION;
  }

  private static NoiseWhitener whitener(Safetensors in) {
    DoubleArray root = in.readDoubles("whitening");
    return NoiseWhitener.of(root.shape().dim(0), root.array(), rows(in));
  }

  private static ResponseScaler scaler(Safetensors in) {
    return ResponseScaler.of(
        ResponseScaler.Unit.valueOf(in.metadata().getOrDefault("unit", "")),
        in.readDoubles("mean").array(),
        in.readDoubles("deviation").array(),
        rows(in));
  }

  private static int[] rows(Safetensors in) {
    return Arrays.stream(in.readLongs("fitted_rows").array()).mapToInt(Math::toIntExact).toArray();
  }
}
