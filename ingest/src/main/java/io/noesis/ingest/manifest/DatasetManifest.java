package io.noesis.ingest.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.noesis.ingest.study.StudyCard;
import io.noesis.run.Check;
import java.util.List;
import java.util.Optional;

/**
 * What a study is, who may use it and how to read it.
 *
 * @param name short and unique: lower-case letters, digits, dashes
 * @param title one line
 * @param description a few sentences
 * @param origin recorded from brains, or simulated
 * @param modality how it was recorded
 * @param licence a licence's name, or the source's words
 * @param terms what a user must mind beyond the licence; empty when nothing
 * @param citation how to cite it
 * @param doi of the paper, without {@code https://doi.org/}
 * @param layout the study layout that reads it; absent for a study without trials (RDMs)
 * @param settings settings of that layout; without a layout, facts for the recipe that reads it
 * @param files files with size and digest; may be empty
 * @param baselines numbers that others reached
 * @param traps what goes wrong easily with it
 */
public record DatasetManifest(
    String name,
    String title,
    String description,
    StudyCard.Origin origin,
    Modality modality,
    String licence,
    String terms,
    String citation,
    Optional<String> doi,
    Optional<String> layout,
    JsonNode settings,
    List<ManifestFile> files,
    List<Baseline> baselines,
    List<String> traps) {
  /** How brains were recorded. */
  public enum Modality {
    /** Functional magnetic resonance imaging. */
    FMRI,
    /** Electroencephalography. */
    EEG,
    /** Magnetoencephalography. */
    MEG,
    /** Electrodes inside the skull. */
    IEEG
  }

  /** Checks the name. */
  public DatasetManifest {
    Check.argument(
        name.matches("[a-z0-9][a-z0-9-]*"),
        "name: expected lower-case letters, digits and dashes, found '%s'",
        name);
  }

  /**
   * What the manifest says of the study, for reports.
   *
   * @return its card
   */
  public StudyCard card() {
    return new StudyCard(name, title, layout.orElse(""), origin, licence, citation);
  }

  /** The settings, or an empty mapping. */
  public static JsonNode noSettings() {
    return JsonNodeFactory.instance.objectNode();
  }
}
