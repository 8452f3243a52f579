package io.noesis.ingest.manifest;

import io.noesis.run.Check;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
 * @param dialect the layout of its folder; absent for a model without a folder of its own
 * @param graphs its ONNX graphs with what they promise; needed by the dialect {@code noesis}
 * @param space the embeddings that it gives or takes
 * @param preprocessing how it wants its pictures
 * @param scaling factors by name: {@code vae} for latents of an autoencoder
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
    Map<String, String> facts,
    Optional<Dialect> dialect,
    List<ModelGraph> graphs,
    Optional<ModelSpace> space,
    Optional<PixelConstants> preprocessing,
    Map<String, Double> scaling) {
  /** Checks the name. */
  public ModelManifest {
    Check.argument(
        name.matches("[a-z0-9][a-z0-9-]*"),
        "name: expected lower-case letters, digits and dashes, found '%s'",
        name);
    Check.argument(
        graphs.isEmpty()
            || graphs.stream().map(ModelGraph::role).distinct().count() == graphs.size(),
        "graphs: expected one per role, found %s",
        graphs.stream().map(ModelGraph::role).toList());
  }

  /**
   * The same with another space.
   *
   * @param other the embeddings that it gives or takes
   * @return the manifest
   */
  public ModelManifest withSpace(ModelSpace other) {
    return new ModelManifest(
        name,
        kind,
        title,
        licence,
        source,
        citation,
        pretraining,
        files,
        facts,
        dialect,
        graphs,
        Optional.of(other),
        preprocessing,
        scaling);
  }

  /**
   * The same with further facts.
   *
   * @param more by name; they win over those that are there
   * @return the manifest
   */
  public ModelManifest withFacts(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(facts);
    all.putAll(more);
    return new ModelManifest(
        name,
        kind,
        title,
        licence,
        source,
        citation,
        pretraining,
        files,
        all,
        dialect,
        graphs,
        space,
        preprocessing,
        scaling);
  }
}
