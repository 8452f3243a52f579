package io.noesis.experiment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.run.Check;
import java.util.List;
import java.util.Optional;

/**
 * Everything that may change a result of comparing models' geometries with measured ones.
 *
 * @param name short name; also the name of the run in reports
 * @param title one line for the report
 * @param seed root of all randomness
 * @param study which study; its settings are those of {@link
 *     io.noesis.experiment.geometry.MeasuredSpec}
 * @param models the models, in any order, at least one
 * @param evaluation how they are compared
 */
public record GeometryRecipe(
    String name,
    String title,
    long seed,
    StudySpec study,
    List<ModelSpec> models,
    GeometryEvaluationSpec evaluation)
    implements Recipe {
  /** Checks the names. */
  public GeometryRecipe {
    models = List.copyOf(models);
    Check.argument(!name.isBlank(), "a recipe needs a name");
    Check.argument(
        study.layout().isEmpty(),
        "study.layout: a study of distances has no layout, found '%s'; leave it out",
        study.layout().orElse(""));
    Check.argument(!models.isEmpty(), "models: expected at least one");
    Check.argument(
        models.stream().map(ModelSpec::name).distinct().count() == models.size(),
        "models: their names must be unique, found %s",
        models.stream().map(ModelSpec::name).toList());
  }

  /** Pixels, of a study that must be named. */
  public static GeometryRecipe defaults() {
    return new GeometryRecipe(
        "geometry",
        "Geometries of models and of measured responses",
        0,
        StudySpec.defaults(),
        List.of(new ModelSpec("pixels", "pixels", Optional.empty())),
        GeometryEvaluationSpec.defaults());
  }

  /**
   * Binds a tree; every problem is reported at once.
   *
   * @param tree as read from YAML, with {@code kind: geometry}
   * @return the recipe
   * @throws io.noesis.run.RecipeException when anything in it is unknown or out of range, or it is
   *     of another kind
   */
  public static GeometryRecipe of(ObjectNode tree) {
    return RecipeTree.bind(tree, Kind.GEOMETRY, GeometryRecipe.class);
  }

  @Override
  public Kind kind() {
    return Kind.GEOMETRY;
  }
}
