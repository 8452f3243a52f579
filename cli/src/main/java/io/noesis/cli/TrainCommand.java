package io.noesis.cli;

import io.noesis.experiment.DecodingRecipe;
import io.noesis.experiment.Experiment;
import io.noesis.experiment.Recipes;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code noesis train RECIPE RUN}: check, fit, decode the test trials. */
@Command(
    name = "train",
    description =
        "Check a recipe's plan, fit its encoders and decode the test trials into a run folder."
            + " An interrupted training goes on where it stopped.")
final class TrainCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin CommonOptions common;
  @Mixin ExperimentOptions options;

  @Parameters(
      index = "0",
      paramLabel = "RECIPE",
      description = "A shipped recipe, or a .yaml file.")
  String recipe;

  @Parameters(index = "1", paramLabel = "RUN", description = "The run folder to write.")
  Path run;

  @Override
  public Integer call() {
    DecodingRecipe bound = DecodingRecipe.of(Recipes.tree(recipe, options.allOverrides()));
    new Experiment(bound, options.execution(run, common.progress(spec))).train();
    spec.commandLine().getOut().println("trained: " + run);
    return 0;
  }
}
