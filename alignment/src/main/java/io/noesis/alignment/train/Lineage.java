package io.noesis.alignment.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.run.CorruptDataException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whose responses to which stimuli made the weights of a decoder, directly and through the decoders
 * it was started from. It travels in the metadata of the weights' file.
 *
 * @param run identity of the run that fitted it
 * @param subjects {@code STUDY/LABEL} of those whose training trials it saw, sorted
 * @param stimuli fingerprints of the stimuli it saw, sorted
 * @param parents what it was started from; empty for random first weights
 */
public record Lineage(
    String run, List<String> subjects, List<String> stimuli, List<Lineage> parents) {
  private static final String KEY = "lineage";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Sorts and copies. */
  public Lineage {
    subjects = List.copyOf(new TreeSet<>(subjects));
    stimuli = List.copyOf(new TreeSet<>(stimuli));
    parents = List.copyOf(parents);
  }

  /**
   * Of a decoder that starts from random weights.
   *
   * @param run identity of the run
   * @param subjects {@code STUDY/LABEL}
   * @param stimuli fingerprints
   * @return its lineage
   */
  public static Lineage of(String run, Collection<String> subjects, Collection<String> stimuli) {
    return new Lineage(run, List.copyOf(subjects), List.copyOf(stimuli), List.of());
  }

  /** The same, started from another decoder. */
  public Lineage startedFrom(Lineage parent) {
    return new Lineage(run, subjects, stimuli, List.of(parent));
  }

  /** Everybody it learnt from, its parents' subjects included. */
  public Set<String> allSubjects() {
    Set<String> all = new LinkedHashSet<>(subjects);
    parents.forEach(parent -> all.addAll(parent.allSubjects()));
    return all;
  }

  /** Everything it learnt from, its parents' stimuli included. */
  public Set<String> allStimuli() {
    Set<String> all = new LinkedHashSet<>(stimuli);
    parents.forEach(parent -> all.addAll(parent.allStimuli()));
    return all;
  }

  /** As the metadata of a weights' file. */
  public Map<String, String> metadata() {
    return Map.of(KEY, tree().toString());
  }

  private ObjectNode tree() {
    ObjectNode tree = JSON.createObjectNode();
    tree.put("run", run);
    subjects.forEach(tree.putArray("subjects")::add);
    stimuli.forEach(tree.putArray("stimuli")::add);
    ArrayNode before = tree.putArray("parents");
    parents.forEach(parent -> before.add(parent.tree()));
    return tree;
  }

  /**
   * Reads what {@link #metadata} wrote.
   *
   * @param metadata of a weights' file
   * @param file named in messages
   * @return the lineage; empty when the file says nothing of it
   * @throws CorruptDataException when what it says is damaged
   */
  public static Optional<Lineage> read(Map<String, String> metadata, Object file) {
    String text = metadata.get(KEY);
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(of(JSON.readTree(text)));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new CorruptDataException(
          "reading the lineage in " + file + ": it is damaged. Train again.", e);
    }
  }

  private static Lineage of(JsonNode tree) {
    List<Lineage> parents = new ArrayList<>();
    tree.required("parents").forEach(parent -> parents.add(of(parent)));
    return new Lineage(
        tree.required("run").asText(),
        texts(tree.required("subjects")),
        texts(tree.required("stimuli")),
        parents);
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(node -> texts.add(node.asText()));
    return texts;
  }
}
