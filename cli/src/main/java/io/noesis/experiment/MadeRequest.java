package io.noesis.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What was asked of a model for a whole run: kept in the run folder, so that scores and report say
 * how captions or pictures were made. The subjects whose table carries the same identity belong to
 * it.
 *
 * @param what {@value #PICTURES} or {@value #CAPTIONS}
 * @param identity SHA-256 of run, settings and model
 * @param facts label and value, for readers: model, seed, steps, ...
 */
record MadeRequest(String what, String identity, Map<String, String> facts) {
  static final String PICTURES = "pictures";
  static final String CAPTIONS = "captions";

  /** The fact that names the image tower. */
  static final String TOWER = "image tower";

  MadeRequest {
    facts = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(facts));
  }

  void write(RunFolder run) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("identity", identity);
    ObjectNode of = json.putObject("facts");
    facts.forEach(of::put);
    run.writeJson(what + ".json", json);
  }

  static Optional<MadeRequest> read(RunFolder run, String what) {
    return run.readJsonIfThere(what + ".json").map(json -> of(what, json));
  }

  private static MadeRequest of(String what, JsonNode json) {
    Map<String, String> facts = new LinkedHashMap<>();
    json.path("facts")
        .properties()
        .forEach(field -> facts.put(field.getKey(), field.getValue().asText()));
    return new MadeRequest(what, json.path("identity").asText(), facts);
  }

  /** The stage of one subject. */
  String stage(String subject) {
    return Decoded.folder(subject) + "/" + what;
  }

  /** Where the table of one subject is. */
  String table(String subject) {
    return stage(subject) + ".tsv";
  }

  boolean finished(RunFolder run, String subject) {
    return run.finished(stage(subject), identity);
  }
}
