package io.noesis.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.alignment.embedding.AttributeTargets;
import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.embedding.SeveralTargets;
import io.noesis.alignment.embedding.TargetExtractor;
import io.noesis.alignment.embedding.TargetSpec;
import io.noesis.alignment.embedding.TargetUnit;
import io.noesis.alignment.embedding.Targets;
import io.noesis.ingest.study.GivenEmbeddings;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.ingest.study.Study;
import io.noesis.run.DataException;
import io.noesis.run.Fingerprint;
import io.noesis.run.Progress;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What responses are aligned with, computed once per run.
 *
 * @param unit what a candidate stands for
 * @param embeddings one per candidate; ids are stimulus ids or categories
 * @param categories for stimulus targets in a text space: one embedding per category from prompts,
 *     for decoding categories that no encoder was trained on
 * @param fingerprint SHA-256 of the model and everything else that decides the targets
 * @param axes of one embedding where it was made; as many numbers as it has
 * @param each all targets of each stimulus, where one is drawn at every step of a training
 */
record TargetTable(
    TargetUnit unit,
    Embeddings embeddings,
    Optional<Embeddings> categories,
    String fingerprint,
    List<Integer> axes,
    Optional<SeveralTargets> each) {
  private static final String VALUES = "targets.npy";
  private static final String EACH = "targets_each.npy";
  private static final String CATEGORIES = "category_targets.npy";
  private static final String DESCRIPTION = "targets.json";

  /** Of vectors of which none is drawn. */
  TargetTable(
      TargetUnit unit, Embeddings embeddings, Optional<Embeddings> categories, String fingerprint) {
    this(
        unit,
        embeddings,
        categories,
        fingerprint,
        List.of(embeddings.space().dim()),
        Optional.empty());
  }

  /** Embeds a study's stimuli as the recipe says, or takes the embeddings it brings along. */
  static TargetTable make(TargetsSpec spec, Study study, ModelPlaces places, Progress progress) {
    return spec.given()
        ? given(study)
        : make(spec, study.stimuli(), study.folder(), places, progress);
  }

  private static TargetTable given(Study study) {
    GivenEmbeddings given =
        study
            .embeddings()
            .orElseThrow(
                () ->
                    new DataException(
                        "taking the study's own embeddings: "
                            + study.card().name()
                            + " brings none along. Put embeddings.npy and their ids beside the"
                            + " responses (layout 'arrays'), or choose other targets."));
    EmbeddingSpace space =
        new EmbeddingSpace(
            given.name(), "as given", given.values().dim(1), EmbeddingSpace.Scaling.RAW);
    return new TargetTable(
        TargetUnit.STIMULUS,
        new Embeddings(space, given.ids(), given.values()),
        Optional.empty(),
        Fingerprint.ofFloats(given.values().array()));
  }

  static TargetTable make(
      TargetsSpec spec, StimulusSet stimuli, ModelPlaces places, Progress progress) {
    return make(spec, stimuli, Optional.empty(), places, progress);
  }

  private static TargetTable make(
      TargetsSpec spec,
      StimulusSet stimuli,
      Optional<Path> study,
      ModelPlaces places,
      Progress progress) {
    try (TargetExtractor extractor = open(spec, study, places)) {
      TargetExtractor.Extracted extracted = extractor.extractAll(stimuli, progress);
      Embeddings embeddings = extracted.embeddings();
      return new TargetTable(
          extractor.unit(),
          embeddings,
          extractor.unit() == TargetUnit.CATEGORY
              ? Optional.empty()
              : spec.attribute().isPresent()
                  ? spec.attribute().map(AttributeTargets::concepts)
                  : byPrompts(spec, stimuli, embeddings.space(), places),
          extractor.fingerprint(),
          extractor.axes(embeddings.space().dim()),
          extracted.each());
    }
  }

  /** What makes them; models are not loaded yet. The caller closes it. */
  static TargetExtractor open(TargetsSpec spec, Optional<Path> study, ModelPlaces places) {
    return spec.embedded()
        ? EmbeddedTargets.open(spec, places.cache())
        : Targets.registry().get(spec.of()).open(spec.forExtractors(places, study));
  }

  private static Optional<Embeddings> byPrompts(
      TargetsSpec spec, StimulusSet stimuli, EmbeddingSpace main, ModelPlaces places) {
    boolean everyStimulusHasOne =
        stimuli.all().stream().noneMatch(stimulus -> stimulus.category().isBlank());
    if (!everyStimulusHasOne
        || stimuli.categories().size() < 2
        || spec.embedded()
        || spec.latent()) {
      return Optional.empty();
    }
    TargetSpec words =
        new TargetSpec(
            spec.templates(), spec.names(), Optional.empty(), Optional.empty(), places.cache());
    try (TargetExtractor prompts = Targets.registry().get("category").open(words)) {
      return prompts.space().equals(main)
          ? Optional.of(prompts.extract(stimuli, Progress.NONE))
          : Optional.empty();
    }
  }

  /** The same, each target in a row. */
  TargetTable inRows() {
    List<Integer> one = List.of(embeddings.space().dim());
    return new TargetTable(unit, embeddings, categories, fingerprint, one, each);
  }

  /**
   * Targets as they were made.
   *
   * @param rows {@code [rows, dim]}
   * @return {@code [rows, ...axes]}
   */
  Tensor shaped(Tensor rows) {
    return rows.reshape(
        IntStream.concat(IntStream.of(rows.dim(0)), axes.stream().mapToInt(size -> size))
            .toArray());
  }

  /** The column of the attribute that the targets say one-hot; empty where they are embeddings. */
  Optional<String> attribute() {
    EmbeddingSpace space = embeddings.space();
    return space.model().equals(AttributeTargets.MODEL)
        ? Optional.of(space.layer())
        : Optional.empty();
  }

  /** Which concept of the attribute a stimulus is. */
  String concept(String stimulus) {
    Tensor own = embeddings.values().rows(embeddings.rowsOf(List.of(stimulus)));
    int place = 0;
    while (own.at(0, place) != 1) {
      place++;
    }
    return categories.orElseThrow().ids().get(place);
  }

  void write(RunFolder run) {
    Npy.write(run.file(VALUES), embeddings.values());
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    EmbeddingSpace space = embeddings.space();
    json.put("unit", unit.name());
    json.put("model", space.model());
    json.put("layer", space.layer());
    json.put("dim", space.dim());
    json.put("scaling", space.scaling().name());
    json.put("fingerprint", fingerprint);
    ArrayNode sizes = json.putArray("axes");
    axes.forEach(sizes::add);
    ArrayNode ids = json.putArray("ids");
    embeddings.ids().forEach(ids::add);
    categories.ifPresent(
        c -> {
          Npy.write(run.file(CATEGORIES), c.values());
          ArrayNode names = json.putArray("categories");
          c.ids().forEach(names::add);
        });
    each.ifPresent(
        all -> {
          Npy.write(run.file(EACH), all.values());
          ArrayNode counts = json.putArray("each");
          all.counts().forEach(counts::add);
        });
    run.writeJson(DESCRIPTION, json);
  }

  static TargetTable read(RunFolder run) {
    JsonNode json = run.readJson(DESCRIPTION);
    EmbeddingSpace space =
        new EmbeddingSpace(
            json.path("model").asText(),
            json.path("layer").asText(),
            json.path("dim").asInt(),
            EmbeddingSpace.Scaling.valueOf(json.path("scaling").asText()));
    Optional<Embeddings> categories =
        json.has("categories")
            ? Optional.of(
                new Embeddings(
                    space, texts(json.path("categories")), Npy.read(run.file(CATEGORIES))))
            : Optional.empty();
    List<Integer> counts = new ArrayList<>();
    json.path("each").forEach(node -> counts.add(node.asInt()));
    List<String> ids = texts(json.path("ids"));
    List<Integer> axes = new ArrayList<>();
    json.path("axes").forEach(size -> axes.add(size.asInt()));
    return new TargetTable(
        TargetUnit.valueOf(json.path("unit").asText()),
        new Embeddings(space, ids, Npy.read(run.file(VALUES))),
        categories,
        json.path("fingerprint").asText(),
        axes.isEmpty() ? List.of(space.dim()) : List.copyOf(axes),
        counts.isEmpty()
            ? Optional.empty()
            : Optional.of(new SeveralTargets(ids, counts, Npy.read(run.file(EACH)))));
  }

  private static List<String> texts(JsonNode array) {
    List<String> out = new ArrayList<>();
    array.forEach(node -> out.add(node.asText()));
    return out;
  }
}
