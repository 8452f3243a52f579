package io.noesis.experiment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.report.Report;

/** Runs a recipe of any kind. */
public final class Experiments {
  private Experiments() {}

  /**
   * Does everything that a recipe asks for, from its study to its report.
   *
   * @param tree the recipe, with overrides applied
   * @param execution how it is carried out
   * @return the report, as written to the run folder
   * @throws io.noesis.run.RecipeException when anything in the recipe is unknown or out of range
   */
  public static Report run(ObjectNode tree, Execution execution) {
    Recipe recipe = Recipe.of(tree);
    if (recipe instanceof GeometryRecipe geometry) {
      return new GeometryExperiment(geometry, execution).run();
    }
    if (recipe instanceof EncodingRecipe encoding) {
      return new EncodingExperiment(encoding, execution).run();
    }
    return new Experiment((DecodingRecipe) recipe, execution).run();
  }
}
