package io.noesis.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.run.AtomicFile;
import io.noesis.run.Failure;
import io.noesis.run.OutputException;
import io.noesis.run.Provenance;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The folder of decoded embeddings; {@code encoding.json} is written last. */
final class EncodingFolder {
  static final String EMBEDDINGS = "embeddings.npy";
  static final String TRIALS = "trials.tsv";
  static final String RANKINGS = "rankings.tsv";
  private static final String MARK = "encoding.json";
  private static final String PROVENANCE = "provenance.json";
  private static final Set<String> OURS = Set.of(EMBEDDINGS, TRIALS, RANKINGS, MARK, PROVENANCE);
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Path folder;

  private EncodingFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Looks whether it may be written to; writes nothing.
   *
   * @throws RecipeException when something else is there
   */
  static EncodingFolder open(Path folder, Execution.Existing existing) {
    List<String> there = names(folder);
    boolean ours =
        there.stream().allMatch(n -> OURS.contains(n) || n.endsWith(AtomicFile.TEMPORARY_SUFFIX));
    if (!ours || (!there.isEmpty() && existing != Execution.Existing.REPLACE)) {
      throw new RecipeException(
          "opening the folder "
              + folder
              + ": "
              + (ours
                  ? "it holds embeddings already. Choose another folder, or give --force to replace"
                      + " them."
                  : "it is not empty and was not made by 'noesis encode'; nothing in it was touched."
                      + " Choose an empty or new folder."));
    }
    return new EncodingFolder(folder);
  }

  private static List<String> names(Path folder) {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(p -> p.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new OutputException(
          "opening the folder " + folder + ": " + Failure.reason(e) + ". Give a folder.", e);
    }
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  /** Takes away what an earlier call wrote, the mark first. */
  void begin() {
    for (String name : List.of(MARK, PROVENANCE, RANKINGS, TRIALS, EMBEDDINGS)) {
      try {
        Files.deleteIfExists(file(name));
      } catch (IOException e) {
        throw new OutputException("replacing " + file(name) + ": " + Failure.reason(e), e);
      }
    }
  }

  void end(Optional<EmbeddingSpace> space, Tensor values, Provenance provenance) {
    write(PROVENANCE, JSON.valueToTree(provenance.entries()));
    ObjectNode json = JSON.createObjectNode();
    json.put("schema", "noesis-encoding-1");
    json.set("shape", JSON.valueToTree(values.shape().toArray()));
    space.ifPresent(s -> json.set("space", JSON.valueToTree(s)));
    write(MARK, json);
  }

  private void write(String name, JsonNode json) {
    try {
      AtomicFile.writeText(file(name), JSON.writeValueAsString(json) + "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
