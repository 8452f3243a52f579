package io.noesis.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.alignment.audit.Finding;
import io.noesis.ingest.study.StudyCard;
import io.noesis.run.AtomicFile;
import io.noesis.run.CorruptDataException;
import io.noesis.run.Provenance;
import io.noesis.run.Version;
import io.noesis.run.YamlTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The small files of a run folder that are not tables or arrays. */
final class RunFiles {
  static final String RECIPE = "recipe.yaml";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CARD = "study.json";
  private static final String FAILURES = "failures.json";

  private RunFiles() {}

  /** The resolved recipe, the study's card, and what BIDS wants of a derived dataset. */
  static void writeDescription(RunFolder run, Plan plan, DecodingRecipe recipe) {
    AtomicFile.writeText(run.file(RECIPE), recipe.resolved());
    StudyCard card = plan.study().card();
    ObjectNode json = JSON.valueToTree(card);
    json.put("fingerprint", plan.study().fingerprint());
    plan.opened().manifest().ifPresent(m -> json.put("manifest", m.name()));
    run.writeJson(CARD, json);
    ObjectNode bids = JSON.createObjectNode();
    bids.put("Name", "Decoding of " + card.name() + " with the recipe " + recipe.name());
    bids.put("BIDSVersion", "1.11.1");
    bids.put("DatasetType", "derivative");
    ObjectNode by = bids.putArray("GeneratedBy").addObject();
    by.put("Name", "noesis");
    by.put("Version", Version.current().number());
    by.put("Description", "noesis run " + recipe.name());
    if (card.origin() == StudyCard.Origin.SIMULATED) {
      bids.put("Simulated", true);
    }
    run.writeJson("dataset_description.json", bids);
  }

  static void writeProvenance(RunFolder run, Provenance provenance) {
    run.writeJson("provenance.json", JSON.valueToTree(provenance.entries()));
  }

  static DecodingRecipe recipe(RunFolder run) {
    return DecodingRecipe.of(YamlTree.read(run.file(RECIPE)));
  }

  static StudyCard card(RunFolder run) {
    ObjectNode json = (ObjectNode) run.readJson(CARD);
    json.remove(List.of("fingerprint", "manifest"));
    return as(run, CARD, json, StudyCard.class);
  }

  static JsonNode study(RunFolder run) {
    return run.readJson(CARD);
  }

  static void writeFindings(RunFolder run, String subject, List<Finding> findings) {
    ObjectNode json = JSON.createObjectNode();
    json.set("findings", JSON.valueToTree(findings));
    run.writeJson(Decoded.folder(subject) + "/audits.json", json);
  }

  static List<Finding> findings(RunFolder run, String subject) {
    String file = Decoded.folder(subject) + "/audits.json";
    List<Finding> findings = new ArrayList<>();
    run.readJson(file)
        .path("findings")
        .forEach(node -> findings.add(as(run, file, node, Finding.class)));
    return findings;
  }

  /** Why subjects failed in the latest training; empty when none did. */
  static Map<String, String> failures(RunFolder run) {
    Map<String, String> failures = new TreeMap<>();
    run.readJsonIfThere(FAILURES)
        .ifPresent(
            json ->
                json.properties()
                    .forEach(field -> failures.put(field.getKey(), field.getValue().asText())));
    return failures;
  }

  static void writeFailures(RunFolder run, Map<String, String> failures) {
    run.writeJson(FAILURES, JSON.valueToTree(new LinkedHashMap<>(failures)));
  }

  private static <T> T as(RunFolder run, String file, JsonNode json, Class<T> type) {
    try {
      return JSON.treeToValue(json, type);
    } catch (JsonProcessingException e) {
      throw new CorruptDataException(
          "reading " + run.file(file) + ": " + e.getOriginalMessage() + ". Train again.", e);
    }
  }
}
