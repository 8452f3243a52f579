package io.noesis.ingest.study.layout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.ingest.manifest.DatasetManifest;
import io.noesis.ingest.study.Study;
import io.noesis.run.DataException;
import io.noesis.run.RecipeException;
import io.noesis.run.Registry;
import io.noesis.run.Registry.Entry;
import io.noesis.run.YamlTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The study layouts by name, and the doors through which a study is opened. */
public final class StudyLayouts {
  private static final Registry<StudyLayout<?>> REGISTRY =
      Registry.of(
          "study layout",
          List.of(
              new Entry<>(
                  "bids",
                  new StudyLayout<>(BidsSettings.class, BidsStudy::open),
                  "a BIDS folder: BOLD runs become single-trial betas by a GLM"),
              new Entry<>(
                  "table",
                  new StudyLayout<>(TableSettings.class, TableStudy::open),
                  "an image or matrix, a mask, and a table naming run, volume or onset, and label"),
              new Entry<>(
                  "arrays",
                  new StudyLayout<>(ArraysSettings.class, ArraysStudy::open),
                  "responses.npy, trials.tsv and stimuli or embeddings that a lab made itself")));

  private StudyLayouts() {}

  /** All layouts, for recipes, descriptions and contract tests. */
  public static Registry<StudyLayout<?>> registry() {
    return REGISTRY;
  }

  /**
   * Opens a study by layout.
   *
   * @param layout a name of the registry
   * @param root the study's folder
   * @param settings of the layout; an empty mapping takes every default
   * @return the study
   */
  public static Study open(String layout, Path root, JsonNode settings) {
    return REGISTRY.get(layout).open(folder(root), settings, Optional.empty());
  }

  /**
   * Opens a study by manifest.
   *
   * @param manifest names layout and settings
   * @param root the study's folder
   * @param overrides settings that win over the manifest's, key by key at every level
   * @return the study
   * @throws RecipeException when the manifest's study has no trials to open
   */
  public static Study open(DatasetManifest manifest, Path root, JsonNode overrides) {
    String layout =
        manifest
            .layout()
            .orElseThrow(
                () ->
                    new RecipeException(
                        "opening the study '"
                            + manifest.name()
                            + "': its manifest names no layout, because it has no trials. Use a"
                            + " recipe made for it."));
    ObjectNode settings = YamlTree.emptyMapping();
    merge(settings, manifest.settings());
    merge(settings, overrides);
    return REGISTRY.get(layout).open(folder(root), settings, Optional.of(manifest.card()));
  }

  private static void merge(ObjectNode into, JsonNode from) {
    for (Map.Entry<String, JsonNode> field : from.properties()) {
      JsonNode earlier = into.get(field.getKey());
      if (earlier instanceof ObjectNode both && field.getValue() instanceof ObjectNode) {
        merge(both, field.getValue());
      } else {
        into.set(field.getKey(), field.getValue().deepCopy());
      }
    }
  }

  private static Path folder(Path root) {
    if (!Files.isDirectory(root)) {
      throw new DataException(
          "opening the study in " + root + ": there is no such folder. Check the path.");
    }
    return root;
  }
}
