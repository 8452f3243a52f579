package io.noesis.ingest.manifest;

import io.noesis.run.RecipeException;
import io.noesis.run.RecordBinder;
import io.noesis.run.Suggest;
import io.noesis.run.YamlTree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Public models that can be fetched by name: those that Noesis knows, and a user's own list in the
 * same form. Nothing is listed without the SHA-256 that those who publish it state.
 *
 * @param models each of another name
 */
public record ModelCatalogue(List<CatalogueModel> models) {
  /** Copies the list and checks the names. */
  public ModelCatalogue {
    models = List.copyOf(models);
    Set<String> names = new HashSet<>();
    for (CatalogueModel model : models) {
      if (!names.add(model.name())) {
        throw new IllegalArgumentException("models: '" + model.name() + "' is listed twice");
      }
    }
  }

  /** Those that Noesis knows. */
  public static ModelCatalogue shipped() {
    return Manifests.catalogue();
  }

  /**
   * A user's list.
   *
   * @param file a YAML file with {@code models}, as the shipped {@code catalogue.yaml}
   * @return the list
   * @throws RecipeException listing all that is wrong with it
   */
  public static ModelCatalogue read(Path file) {
    return RecordBinder.bind(YamlTree.read(file), ModelCatalogue.class, "model catalogue " + file);
  }

  /** These and others; where both have a name, the other's is taken. */
  public ModelCatalogue with(ModelCatalogue others) {
    List<CatalogueModel> all = new ArrayList<>(others.models);
    models.stream().filter(model -> !others.names().contains(model.name())).forEach(all::add);
    return new ModelCatalogue(all);
  }

  /** The names, sorted. */
  public List<String> names() {
    return models.stream().map(CatalogueModel::name).sorted().toList();
  }

  /**
   * The model of that name.
   *
   * @param name its name
   * @return the model
   * @throws RecipeException naming those there are
   */
  public CatalogueModel named(String name) {
    return models.stream()
        .filter(model -> model.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new RecipeException(
                    "fetching the model '"
                        + name
                        + "': no model of that name is known. "
                        + Suggest.sentence(name, names())
                        + " Others can be listed in ~/.noesis/models.yaml or another --catalogue,"
                        + " or given by URL and --sha256."));
  }
}
