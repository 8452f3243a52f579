package io.noesis.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.ingest.study.Trial;
import io.noesis.tensor.Npy;
import java.util.ArrayList;
import java.util.List;

/**
 * What responses are aligned with: one embedding per stimulus, or one per category.
 *
 * @param unit what a candidate stands for
 * @param embeddings one per candidate; ids are stimulus ids or categories
 * @param modelFingerprint SHA-256 of the model's files
 */
record Targets(Unit unit, Embeddings embeddings, String modelFingerprint) {
  /** What a candidate stands for. */
  enum Unit {
    /** One stimulus. */
    STIMULUS,
    /** A category. */
    CATEGORY
  }

  private static final String VALUES = "targets.npy";
  private static final String SPACE = "targets.json";

  /** The candidate that a trial should decode to. */
  String of(Trial trial) {
    return unit == Unit.STIMULUS ? trial.stimulus() : trial.category();
  }

  void write(RunFolder run) {
    Npy.write(run.file(VALUES), embeddings.values());
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("unit", unit.name());
    json.put("model", embeddings.space().model());
    json.put("layer", embeddings.space().layer());
    json.put("dim", embeddings.space().dim());
    json.put("scaling", embeddings.space().scaling().name());
    json.put("model_sha256", modelFingerprint);
    ArrayNode ids = json.putArray("ids");
    embeddings.ids().forEach(ids::add);
    run.writeJson(SPACE, json);
  }

  static Targets read(RunFolder run) {
    JsonNode json = run.readJson(SPACE);
    List<String> ids = new ArrayList<>();
    json.path("ids").forEach(id -> ids.add(id.asText()));
    EmbeddingSpace space =
        new EmbeddingSpace(
            json.path("model").asText(),
            json.path("layer").asText(),
            json.path("dim").asInt(),
            EmbeddingSpace.Scaling.valueOf(json.path("scaling").asText()));
    return new Targets(
        Unit.valueOf(json.path("unit").asText()),
        new Embeddings(space, ids, Npy.read(run.file(VALUES))),
        json.path("model_sha256").asText());
  }
}
