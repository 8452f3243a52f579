package io.noesis.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.ingest.study.StudyCard;
import io.noesis.run.CorruptDataException;
import io.noesis.run.DataException;
import io.noesis.run.Failure;
import io.noesis.run.RecipeException;
import io.noesis.run.YamlTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How far a run folder has come.
 *
 * @param recipe name of its recipe; absent when the run was stopped before it was written
 * @param kind which kind of experiment: {@code decoding}; absent with the recipe
 * @param identity what it was made with
 * @param study title of the study
 * @param origin recorded or simulated
 * @param trained subjects that are done
 * @param unfinished subjects whose training was interrupted
 * @param failed subjects that could not be trained, with the reason
 * @param reports the report files that are there
 */
record RunOutline(
    Optional<String> recipe,
    Optional<String> kind,
    String identity,
    Optional<String> study,
    Optional<StudyCard.Origin> origin,
    List<String> trained,
    List<String> unfinished,
    Map<String, String> failed,
    List<String> reports) {
  /** A mark of a run is short. */
  private static final long MAX_MARK_BYTES = 1 << 16;

  /** Copies the collections. */
  RunOutline {
    trained = List.copyOf(trained);
    unfinished = List.copyOf(unfinished);
    failed = Collections.unmodifiableMap(new TreeMap<>(failed));
    reports = List.copyOf(reports);
  }

  /** Whether subjects are trained in it, one after the other. */
  boolean trains() {
    return kind.isEmpty() || kind.get().equals("decoding");
  }

  /** Whether a folder is a run of Noesis, finished or not. */
  static boolean looksLikeOne(Path folder) {
    Path mark = folder.resolve("run.json");
    try {
      return Files.isRegularFile(mark)
          && Files.size(mark) <= MAX_MARK_BYTES
          && Files.readString(mark).contains("\"noesis-run-");
    } catch (IOException e) {
      throw new DataException("looking at " + mark + ": " + Failure.reason(e) + ".", e);
    }
  }

  static RunOutline of(Path folder) {
    RunFolder run = RunFolder.open(folder);
    Map<String, String> failed = RunFiles.failures(run);
    List<String> trained = new ArrayList<>();
    List<String> unfinished = new ArrayList<>();
    for (String subject : run.subjects()) {
      if (run.finished(Decoded.folder(subject) + "/training", run.identity())) {
        trained.add(subject);
      } else if (!failed.containsKey(subject)) {
        unfinished.add(subject);
      }
    }
    Optional<ObjectNode> recipe = recipe(run);
    Optional<JsonNode> card = run.readJsonIfThere("study.json");
    return new RunOutline(
        recipe.map(r -> r.path("name").asText()),
        recipe.map(r -> r.path("kind").asText("decoding")),
        run.identity(),
        card.map(c -> c.path("title").asText()),
        card.map(c -> origin(run, c.path("origin").asText())),
        trained,
        unfinished,
        failed,
        List.of(Evaluation.REPORT, "report.html").stream()
            .filter(name -> Files.isRegularFile(run.file(name)))
            .toList());
  }

  private static StudyCard.Origin origin(RunFolder run, String name) {
    for (StudyCard.Origin origin : StudyCard.Origin.values()) {
      if (origin.name().equals(name)) {
        return origin;
      }
    }
    throw new CorruptDataException(
        "reading "
            + run.file("study.json")
            + ": the origin is '"
            + name
            + "', expected RECORDED or SIMULATED. Run again.");
  }

  private static Optional<ObjectNode> recipe(RunFolder run) {
    Path file = run.file(RunFiles.RECIPE);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(YamlTree.read(file));
    } catch (RecipeException e) {
      throw new CorruptDataException(
          "looking at the run " + run.path() + ": " + e.getMessage() + " Run again.", e);
    }
  }
}
