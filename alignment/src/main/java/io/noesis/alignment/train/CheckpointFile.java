package io.noesis.alignment.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.run.CorruptDataException;
import io.noesis.run.Failure;
import io.noesis.run.ModelException;
import io.noesis.run.OutputException;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.SafetensorsWriter;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A training's state as one {@code .safetensors} file, written whole or not at all: arrays {@code
 * KIND/NAME}, and counters as JSON in its metadata. It fits only the training that wrote it.
 * Weights of others that a loss reads stay in their files, whose contents belong to the training.
 */
final class CheckpointFile {
  private static final String FORMAT = "noesis-checkpoint-1";
  private static final String THREADS = "threads";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Optional<Path> file;
  private final Duration every;
  private final String identity;
  private final OptionalInt threads;
  private long lastNanos = System.nanoTime();

  /**
   * A checkpoint, whether it is there or not.
   *
   * @param run its folder and how often it is written
   * @param identity of the training
   * @param threads of the training, where its bits depend on them
   */
  CheckpointFile(TrainingRun run, String identity, OptionalInt threads) {
    this.file = in(run);
    this.every = run.checkpointEvery();
    this.identity = identity;
    this.threads = threads;
  }

  private static Optional<Path> in(TrainingRun run) {
    return run.folder().map(f -> f.resolve(TrainingRun.CHECKPOINT));
  }

  /** The threads of the training that is to go on, where there is one that tells of them. */
  static OptionalInt threads(TrainingRun run) {
    Optional<Path> begun =
        run.start() == TrainingRun.Start.RESUME ? in(run).filter(Files::exists) : Optional.empty();
    if (begun.isEmpty()) {
      return OptionalInt.empty();
    }
    try (Safetensors in = Safetensors.open(begun.get())) {
      String told = in.metadata().getOrDefault(THREADS, "");
      return told.matches("[1-9][0-9]{0,4}")
          ? OptionalInt.of(Integer.parseInt(told))
          : OptionalInt.empty();
    }
  }

  boolean due() {
    return file.isPresent() && System.nanoTime() - lastNanos >= every.toNanos();
  }

  void write(TrainingState state) {
    file.ifPresent(path -> write(path, state));
    lastNanos = System.nanoTime();
  }

  private void write(Path path, TrainingState state) {
    TrainingState.Counters counters = state.counters();
    ObjectNode json = JSON.createObjectNode();
    json.put("step", counters.step());
    json.put("lossSum", counters.lossSum());
    json.set("termSums", EpochJson.numbers(counters.termSums()));
    json.put("lossCount", counters.lossCount());
    json.put("chosenEpoch", counters.chosenEpoch());
    counters.atStart().ifPresent(loss -> json.put("atStart", loss));
    counters.history().forEach(epoch -> json.withArray("history").add(EpochJson.write(epoch)));
    SafetensorsWriter writer =
        new SafetensorsWriter()
            .metadata("format", FORMAT)
            .metadata("training", identity)
            .metadata("counters", json.toString());
    threads.ifPresent(number -> writer.metadata(THREADS, Integer.toString(number)));
    state
        .tables()
        .forEach(
            (kind, table) ->
                table.forEach((name, tensor) -> writer.add(kind + "/" + name, tensor)));
    writer.write(path);
  }

  void forget() {
    file.ifPresent(
        path -> {
          try {
            Files.deleteIfExists(path);
          } catch (IOException e) {
            throw new OutputException(
                "deleting the old checkpoint " + path + ": " + Failure.reason(e) + ".", e);
          }
        });
  }

  void restore(TrainingState state) {
    file.filter(Files::exists).ifPresent(path -> restore(path, state));
  }

  private void restore(Path path, TrainingState state) {
    try (Safetensors in = Safetensors.open(path)) {
      String format = in.metadata().getOrDefault("format", "none");
      if (!format.equals(FORMAT)) {
        throw new CorruptDataException(
            "resuming from "
                + path
                + ": its format is '"
                + format
                + "', expected '"
                + FORMAT
                + "'. Delete it to start anew.");
      }
      if (!identity.equals(in.metadata().get("training"))) {
        throw new ModelException(
            "resuming from "
                + path
                + ": it belongs to a training with other rows, settings or seed, with other files of"
                + " its loss, or of another release of Noesis. Resume with those it was started with,"
                + " or delete it to start anew.");
      }
      if (threads.isPresent()
          && !Integer.toString(threads.getAsInt()).equals(in.metadata().get(THREADS))) {
        throw new CorruptDataException(
            "resuming from "
                + path
                + ": it does not say on how many threads it was trained, on which the last bits of"
                + " so large a network depend. Delete it to start anew.");
      }
      Map<String, Map<String, Tensor>> tables = new LinkedHashMap<>();
      for (String name : in.names()) {
        int slash = name.indexOf('/');
        tables
            .computeIfAbsent(name.substring(0, slash), kind -> new LinkedHashMap<>())
            .put(name.substring(slash + 1), in.read(name));
      }
      state.restore(counters(path, in.metadata().getOrDefault("counters", "")), tables);
    }
  }

  private static TrainingState.Counters counters(Path path, String text) {
    try {
      JsonNode json = JSON.readTree(text);
      List<EpochRecord> history = new ArrayList<>();
      json.path("history").forEach(epoch -> history.add(EpochJson.read(epoch)));
      return new TrainingState.Counters(
          json.required("step").asInt(),
          json.required("lossSum").asDouble(),
          EpochJson.numbers(json.path("termSums")),
          json.required("lossCount").asInt(),
          json.required("chosenEpoch").asInt(),
          json.has("atStart")
              ? OptionalDouble.of(json.path("atStart").asDouble())
              : OptionalDouble.empty(),
          history);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new CorruptDataException(
          "resuming from " + path + ": its counters are damaged. Delete it to start anew.", e);
    }
  }
}
