package io.noesis.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.alignment.audit.Finding;
import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.embedding.TargetUnit;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.ingest.study.StudyCard;
import io.noesis.run.AtomicFile;
import io.noesis.run.CorruptDataException;
import io.noesis.run.Failure;
import io.noesis.run.Fingerprint;
import io.noesis.run.OutputException;
import io.noesis.run.Progress;
import io.noesis.run.Provenance;
import io.noesis.run.RecipeException;
import io.noesis.run.RecordBinder;
import io.noesis.tensor.DoubleArray;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The folder of decoded embeddings; {@code encoding.json} is written last. What the run decodes
 * beside lies in folders of the same kind in {@code also}. What is made of them later lies in
 * {@code made} below it.
 */
final class EncodingFolder {
  static final String EMBEDDINGS = "embeddings.npy";
  static final String TRIALS = "trials.tsv";
  static final String RANKINGS = "rankings.tsv";
  private static final String STIMULUS = "stimulus";
  private static final String MARK = "encoding.json";
  private static final String UNFINISHED = "encoding.unfinished";
  private static final String PROVENANCE = "provenance.json";
  private static final String MEAN = "training_mean.npy";
  private static final String TARGETS = "targets.npy";
  private static final String MADE = "made";
  private static final String ALSO = "also";
  private static final List<String> OURS =
      List.of(
          MARK,
          UNFINISHED,
          PROVENANCE,
          RANKINGS,
          TRIALS,
          MEAN,
          EMBEDDINGS,
          TARGETS,
          StimulusFile.FILE,
          "pictures",
          ALSO,
          MADE);
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Path folder;

  private EncodingFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Looks whether it may be written to; writes nothing. What an interrupted call left is replaced.
   *
   * @throws RecipeException when something else is there
   */
  static EncodingFolder open(Path folder, Execution.Existing existing) {
    List<String> there = names(folder);
    boolean ours =
        there.stream().allMatch(n -> OURS.contains(n) || n.endsWith(AtomicFile.TEMPORARY_SUFFIX));
    boolean free = there.isEmpty() || there.contains(UNFINISHED);
    if (!ours || (!free && existing != Execution.Existing.REPLACE)) {
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

  /** Takes away what an earlier call wrote, the mark first; unfinished until {@link #end}. */
  void begin() {
    AtomicFile.writeText(file(UNFINISHED), "noesis encode has not ended here\n");
    for (String name : OURS.stream().filter(n -> !n.equals(UNFINISHED)).toList()) {
      try {
        delete(file(name));
      } catch (IOException e) {
        throw new OutputException("replacing " + file(name) + ": " + Failure.reason(e), e);
      }
    }
  }

  private static void delete(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      try (Stream<Path> below = Files.walk(path)) {
        for (Path each : below.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
    Files.deleteIfExists(path);
  }

  /** Where rows come from and what was seen, with its pictures. */
  void write(NewResponses responses, Optional<SeenStimuli> seen, Progress progress) {
    List<String> columns = new ArrayList<>(List.of("trial", "source", "source_row"));
    seen.ifPresent(s -> columns.addAll(List.of(STIMULUS, "held_out")));
    List<List<String>> lines = new ArrayList<>();
    for (NewResponses.Row row : responses.rows()) {
      int trial = lines.size();
      List<String> line =
          new ArrayList<>(
              List.of(Integer.toString(trial), row.source(), Integer.toString(row.index())));
      seen.ifPresent(
          s -> {
            String id = s.ofRows().get(trial);
            line.addAll(List.of(id, s.trained().contains(id) ? "no" : "yes"));
          });
      lines.add(line);
    }
    Tsv.write(file(TRIALS), columns, lines);
    seen.ifPresent(
        s -> {
          StimulusFile.write(
              RunFolder.within(folder, ""), s.stimuli(), s.stimuli().ids(), progress);
          Npy.write(file(TARGETS), s.targets().values());
        });
  }

  void end(
      Optional<EmbeddingSpace> space,
      Optional<EncodedTraining> training,
      Optional<SeenStimuli> seen,
      Map<String, AlsoSpec> further,
      Tensor values,
      Provenance provenance) {
    training.ifPresent(of -> Npy.write(file(MEAN), DoubleArray.wrap(of.mean(), of.mean().length)));
    write(PROVENANCE, JSON.valueToTree(provenance.entries()));
    ObjectNode json = JSON.createObjectNode();
    json.put("schema", "noesis-encoding-1");
    json.set("shape", JSON.valueToTree(values.shape().toArray()));
    space.ifPresent(s -> json.set("space", JSON.valueToTree(s)));
    training.ifPresent(
        of -> {
          json.put("subject", of.subject());
          json.put("unit", of.unit().name());
          json.put("training_distance", of.distance());
          json.set("study", JSON.valueToTree(of.study()));
        });
    seen.ifPresent(
        of -> {
          ObjectNode told = json.putObject("seen");
          told.set("trained", JSON.valueToTree(of.trained()));
          told.set("targets", JSON.valueToTree(of.targets().ids()));
          told.set("findings", JSON.valueToTree(of.findings()));
        });
    if (!further.isEmpty()) {
      ObjectNode also = json.putObject(ALSO);
      further.forEach((name, spec) -> also.set(name, RecordBinder.tree(spec)));
    }
    write(MARK, json);
    try {
      Files.deleteIfExists(file(UNFINISHED));
    } catch (IOException e) {
      throw new OutputException("ending " + folder + ": " + Failure.reason(e), e);
    }
  }

  /** Where a further target is encoded, below the folder. */
  static Path further(Path folder, String name) {
    return folder.resolve(ALSO).resolve(name);
  }

  /** Whether embeddings were written there. */
  static boolean isOne(Path folder) {
    return Files.isRegularFile(folder.resolve(MARK));
  }

  /**
   * Embeddings as they were written.
   *
   * @param values {@code [trials, dim]}
   * @param space they live in
   * @param training of the decoder
   * @param sources where each row comes from, in words
   * @param seen what was seen, where that was told
   * @param further what else was decoded of the same responses, by name
   * @param provenance of the embeddings
   * @param made the folder of what is made of them
   */
  record Kept(
      Tensor values,
      EmbeddingSpace space,
      EncodedTraining training,
      List<String> sources,
      Optional<SeenStimuli> seen,
      Map<String, Further> further,
      Provenance provenance,
      RunFolder made) {}

  /**
   * A further target.
   *
   * @param spec how it was decoded
   * @param kept what was decoded
   */
  record Further(AlsoSpec spec, Kept kept) {}

  /**
   * Reads the embeddings of a run's decoders.
   *
   * @throws RecipeException when nothing tells in which space they live
   * @throws CorruptDataException when files are damaged or do not belong together
   */
  static Kept read(Path folder) {
    EncodingFolder of = new EncodingFolder(folder);
    RunFolder files = RunFolder.within(folder, "");
    JsonNode json = files.readJson(MARK);
    if (!json.has("space") || !json.has("training_distance") || !json.has("study")) {
      throw new RecipeException(
          "making captions or pictures of the embeddings in "
              + folder
              + ": nothing tells in which space they live and what their decoder was trained on;"
              + " they were encoded by an ONNX graph or an earlier version. Encode them by a run:"
              + " noesis encode RUN RESPONSES --out FOLDER.");
    }
    JsonNode space = json.path("space");
    Tensor values = Npy.read(of.file(EMBEDDINGS));
    double[] mean = Npy.readDoubles(of.file(MEAN)).array();
    TsvTable trials = Tsv.read(of.file(TRIALS));
    if (values.shape().rank() != 2
        || values.dim(1) != mean.length
        || values.dim(1) != space.path("dim").asInt()
        || values.dim(0) != trials.rows()) {
      throw new CorruptDataException(
          "reading the embeddings in "
              + folder
              + ": found "
              + values.shape()
              + ", a mean of "
              + mean.length
              + " numbers and "
              + trials.rows()
              + " trials, which do not belong together. Encode the responses again.");
    }
    EmbeddingSpace lives =
        new EmbeddingSpace(
            space.path("model").asText(),
            space.path("layer").asText(),
            space.path("dim").asInt(),
            EmbeddingSpace.Scaling.valueOf(space.path("scaling").asText()));
    Map<String, Further> further = furtherOf(folder, json);
    return new Kept(
        values,
        lives,
        new EncodedTraining(
            json.path("subject").asText(),
            TargetUnit.valueOf(json.path("unit").asText()),
            mean,
            json.path("training_distance").asDouble(),
            as(folder, json.path("study"), StudyCard.class)),
        IntStream.range(0, trials.rows())
            .mapToObj(r -> trials.required(r, "source") + " " + trials.required(r, "source_row"))
            .toList(),
        json.has("seen")
            ? Optional.of(of.seen(json.path("seen"), trials, lives))
            : Optional.empty(),
        further,
        provenance(files.readJson(PROVENANCE)),
        RunFolder.within(
            folder.resolve(MADE),
            Fingerprint.ofText(
                Fingerprint.ofFile(of.file(EMBEDDINGS))
                    + "\n"
                    + Fingerprint.ofFile(of.file(MARK))
                    + "\n"
                    + Fingerprint.ofFile(of.file(TRIALS))
                    + further.values().stream()
                        .map(other -> "\n" + other.kept().made().identity())
                        .collect(Collectors.joining()))));
  }

  private static Map<String, Further> furtherOf(Path folder, JsonNode json) {
    Map<String, Further> further = new TreeMap<>();
    json.path(ALSO)
        .properties()
        .forEach(
            field ->
                further.put(
                    field.getKey(),
                    new Further(
                        RecordBinder.bind(field.getValue(), AlsoSpec.class, ALSO + " in " + MARK),
                        read(further(folder, field.getKey())))));
    return further;
  }

  private static Provenance provenance(JsonNode json) {
    Map<String, String> entries = new LinkedHashMap<>();
    json.properties().forEach(field -> entries.put(field.getKey(), field.getValue().asText()));
    return new Provenance(entries);
  }

  private SeenStimuli seen(JsonNode told, TsvTable trials, EmbeddingSpace space) {
    List<String> ids = new ArrayList<>();
    told.path("targets").forEach(id -> ids.add(id.asText()));
    Set<String> trained = new TreeSet<>();
    told.path("trained").forEach(id -> trained.add(id.asText()));
    List<Finding> findings = new ArrayList<>();
    told.path("findings").forEach(json -> findings.add(as(folder, json, Finding.class)));
    return new SeenStimuli(
        trials.texts(STIMULUS),
        StimulusFile.read(RunFolder.within(folder, "")),
        trained,
        new Embeddings(space, ids, Npy.read(file(TARGETS))),
        findings);
  }

  private static <T> T as(Path folder, JsonNode json, Class<T> type) {
    try {
      return JSON.treeToValue(json, type);
    } catch (JsonProcessingException e) {
      throw new CorruptDataException(
          "reading "
              + folder.resolve(MARK)
              + ": "
              + e.getOriginalMessage()
              + ". Encode the responses again.",
          e);
    }
  }

  private void write(String name, JsonNode json) {
    try {
      AtomicFile.writeText(file(name), JSON.writeValueAsString(json) + "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
