package io.noesis.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.run.AtomicFile;
import io.noesis.run.CorruptDataException;
import io.noesis.run.DataException;
import io.noesis.run.Failure;
import io.noesis.run.OutputException;
import io.noesis.run.RecipeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The folder of one run. Every file in it is written whole or not at all; a stage is over when its
 * mark is there, and the mark is written last. A folder whose {@code run.json} names another
 * identity is never continued.
 */
public final class RunFolder {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** Changes when what a run folder holds changes its meaning. */
  static final String SCHEMA = "noesis-run-1";

  private static final String IDENTITY = "run.json";
  private static final String NETWORK_THREADS = "network threads";

  private final Path folder;
  private final Optional<String> given;

  private RunFolder(Path folder) {
    this(folder, Optional.empty());
  }

  private RunFolder(Path folder, Optional<String> given) {
    this.folder = folder;
    this.given = given;
  }

  /**
   * A folder of stages that belong to something else than a run.
   *
   * @param folder where
   * @param identity of what they belong to
   */
  static RunFolder within(Path folder, String identity) {
    return new RunFolder(folder, Optional.of(identity));
  }

  /**
   * Makes the folder of a run, or continues one of the same identity.
   *
   * @param folder where
   * @param identity SHA-256 of resolved recipe, data and code version
   * @param existing what to do with an earlier run
   * @return the folder, with its identity written
   * @throws RecipeException when something else is there
   * @throws OutputException when it cannot be written
   */
  static RunFolder create(Path folder, String identity, Execution.Existing existing) {
    RunFolder run = new RunFolder(folder);
    Path mark = folder.resolve(IDENTITY);
    if (Files.exists(mark)) {
      if (run.identity().equals(identity) && existing == Execution.Existing.RESUME) {
        AtomicFile.sweep(folder);
        return run;
      }
      if (existing == Execution.Existing.RESUME) {
        throw new RecipeException(
            "opening the run folder "
                + folder
                + ": it holds a run of another recipe, other data or another version of Noesis."
                + " Choose another folder, or give --force to remove that run and begin anew.");
      }
      run.clear();
    } else if (holdsForeignFiles(folder)) {
      throw new RecipeException(
          "opening the run folder "
              + folder
              + ": it is not empty and was not made by Noesis; nothing in it was touched."
              + " Choose an empty or new folder.");
    }
    ObjectNode json = JSON.createObjectNode();
    json.put("schema", SCHEMA);
    json.put("identity", identity);
    run.writeJson(IDENTITY, json);
    return run;
  }

  /**
   * Opens the folder of an earlier run.
   *
   * @param folder where
   * @return the folder
   * @throws RecipeException when there is no run
   */
  public static RunFolder open(Path folder) {
    if (!Files.isRegularFile(folder.resolve(IDENTITY))) {
      throw new RecipeException(
          "opening the run folder "
              + folder
              + ": there is no "
              + IDENTITY
              + " in it, so it is not a run. Make one with 'noesis run' or 'noesis train'.");
    }
    RunFolder run = new RunFolder(folder);
    run.identity();
    return run;
  }

  /** Where the run is. */
  public Path path() {
    return folder;
  }

  /**
   * A file of the run.
   *
   * @param relative its path below the folder, with {@code /}
   * @return the path; the file may not exist
   */
  public Path file(String relative) {
    return folder.resolve(relative);
  }

  /** The identity this run was made with. */
  String identity() {
    if (given.isPresent()) {
      return given.get();
    }
    JsonNode json = readJson(IDENTITY);
    if (!SCHEMA.equals(json.path("schema").asText())) {
      throw new CorruptDataException(
          "reading "
              + file(IDENTITY)
              + ": schema '"
              + json.path("schema").asText()
              + "', expected '"
              + SCHEMA
              + "'. The run was made by another version of Noesis; run its recipe again.");
    }
    return json.path("identity").asText();
  }

  /** The threads on which large networks of this run were trained, when one was. */
  OptionalInt networkThreads() {
    JsonNode threads = readJson(IDENTITY).path(NETWORK_THREADS);
    return threads.isInt() ? OptionalInt.of(threads.asInt()) : OptionalInt.empty();
  }

  /** Keeps on how many threads the first large network was trained. */
  void keepNetworkThreads(int threads) {
    ObjectNode json = (ObjectNode) readJson(IDENTITY);
    writeJson(IDENTITY, json.put(NETWORK_THREADS, threads));
  }

  /** Whether a stage was finished, and for what. */
  boolean finished(String stage, String forWhat) {
    Path mark = file(stage + ".done.json");
    return Files.isRegularFile(mark)
        && readJson(stage + ".done.json").path("for").asText().equals(forWhat);
  }

  /** Marks a stage as finished; to be called after its last file was written. */
  void finish(String stage, String forWhat) {
    ObjectNode json = JSON.createObjectNode();
    json.put("for", forWhat);
    writeJson(stage + ".done.json", json);
  }

  void writeJson(String relative, JsonNode json) {
    try {
      AtomicFile.writeText(file(relative), JSON.writeValueAsString(json) + "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  JsonNode readJson(String relative) {
    Path path = file(relative);
    try {
      return JSON.readTree(Files.readAllBytes(path));
    } catch (JsonProcessingException e) {
      throw new CorruptDataException(
          "reading " + path + ": it is not JSON. Remove the run folder and run again.", e);
    } catch (IOException e) {
      throw new DataException(
          "reading " + path + ": " + Failure.reason(e) + ". Run the earlier stage again.", e);
    }
  }

  Optional<JsonNode> readJsonIfThere(String relative) {
    return Files.isRegularFile(file(relative)) ? Optional.of(readJson(relative)) : Optional.empty();
  }

  /** Subject labels that have a folder here, sorted. */
  public List<String> subjects() {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(Files::isDirectory)
          .map(p -> p.getFileName().toString())
          .filter(name -> name.startsWith("sub-"))
          .map(name -> name.substring(4))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new DataException("listing " + folder + ": " + Failure.reason(e), e);
    }
  }

  private static boolean holdsForeignFiles(Path folder) {
    if (!Files.exists(folder)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.anyMatch(p -> !p.toString().endsWith(AtomicFile.TEMPORARY_SUFFIX));
    } catch (IOException e) {
      throw new OutputException(
          "opening the run folder " + folder + ": " + Failure.reason(e) + ". Give a folder.", e);
    }
  }

  private void clear() {
    try (Stream<Path> entries = Files.walk(folder)) {
      for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
        if (!entry.equals(folder) && !entry.equals(file(IDENTITY))) {
          Files.delete(entry);
        }
      }
      // Last, so that a removal that was cut short is still known as a run and can be repeated.
      Files.delete(file(IDENTITY));
    } catch (IOException e) {
      throw new OutputException(
          "removing the earlier run in " + folder + ": " + Failure.reason(e), e);
    }
  }
}
