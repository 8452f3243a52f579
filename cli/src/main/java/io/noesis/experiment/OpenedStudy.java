package io.noesis.experiment;

import io.noesis.ingest.manifest.DatasetManifest;
import io.noesis.ingest.manifest.Manifests;
import io.noesis.ingest.study.Study;
import io.noesis.ingest.study.layout.StudyLayouts;
import io.noesis.run.RecipeException;
import io.noesis.run.Suggest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The study of a recipe, opened, with its manifest if it has one.
 *
 * @param study tables in memory, recordings on disk
 * @param manifest what is known of it
 */
record OpenedStudy(Study study, Optional<DatasetManifest> manifest) {
  /**
   * Opens the study that a recipe names.
   *
   * @param spec the recipe's section
   * @param root the folder given on the command line, which wins over the recipe's
   * @return the opened study
   * @throws RecipeException when layout or folder is missing
   */
  static OpenedStudy open(StudySpec spec, Optional<Path> root) {
    Path folder = folder(spec, root);
    if (spec.manifest().isPresent()) {
      DatasetManifest manifest = Manifests.dataset(spec.manifest().get());
      Manifests.require(manifest.name(), manifest.files(), folder);
      return new OpenedStudy(
          StudyLayouts.open(manifest, folder, spec.settings()), Optional.of(manifest));
    }
    String layout =
        spec.layout()
            .orElseThrow(
                () ->
                    new RecipeException(
                        "opening the recipe's study: neither study.manifest nor study.layout is"
                            + " given. Name a layout ("
                            + String.join(", ", StudyLayouts.registry().names())
                            + ") or a manifest of 'noesis describe manifests'."));
    return new OpenedStudy(StudyLayouts.open(layout, folder, spec.settings()), Optional.empty());
  }

  static Path folder(StudySpec spec, Optional<Path> root) {
    return root.or(spec::root)
        .orElseThrow(
            () ->
                new RecipeException(
                    "opening the recipe's study: its folder is not known. Give --root DIR, or"
                        + " study.root in the recipe."));
  }

  /**
   * The labels to work on.
   *
   * @param recipe those whom the recipe names; empty for all of the study
   * @param wanted those of them who are asked for; empty for all of them
   */
  List<String> subjects(List<String> recipe, List<String> wanted) {
    List<String> all = known(recipe, study.subjects(), "the study");
    return known(wanted, all, recipe.isEmpty() ? "the study" : "the recipe (study.subjects)");
  }

  private static List<String> known(List<String> wanted, List<String> all, String whose) {
    for (String label : wanted) {
      if (!all.contains(label)) {
        throw new RecipeException(
            "choosing subjects: "
                + whose
                + " has no subject '"
                + label
                + "'. "
                + Suggest.sentence(label, all));
      }
    }
    return wanted.isEmpty() ? all : wanted;
  }
}
