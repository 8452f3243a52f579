package io.noesis.ingest.manifest;

import io.noesis.run.Check;
import java.util.List;
import java.util.Map;

/**
 * What a model is, who may use it and which files it has.
 *
 * @param name short and unique: lower-case letters, digits, dashes
 * @param kind what it does: {@code sentence-encoder}
 * @param title one line
 * @param licence a licence's name
 * @param source where its files come from
 * @param citation how to cite it
 * @param pretraining what it is known to have been trained on; stimuli that overlap it are no
 *     independent test
 * @param files its files with size and digest
 * @param facts dimension, pooling, input limits: by name
 */
public record ModelManifest(
    String name,
    String kind,
    String title,
    String licence,
    String source,
    String citation,
    List<String> pretraining,
    List<ManifestFile> files,
    Map<String, String> facts) {
  /** Checks the name. */
  public ModelManifest {
    Check.argument(
        name.matches("[a-z0-9][a-z0-9-]*"),
        "name: expected lower-case letters, digits and dashes, found '%s'",
        name);
  }
}
