package io.noesis.cli;

import io.noesis.alignment.audit.AuditPanel;
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

/** {@code noesis check RECIPE}: the audits, and refusals, that need no training. */
@Command(
    name = "check",
    description =
        "Open a recipe's study, split it and audit the plan, before anything is read or trained."
            + " Ends with exit code 4 when an audit blocks it, and as 'run' does where files, columns,"
            + " packs or memory are missing that it needs before it trains.")
final class CheckCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin CommonOptions common;
  @Mixin ExperimentOptions options;

  @Parameters(paramLabel = "RECIPE", description = "A shipped recipe's name, or a .yaml file.")
  String recipe;

  @Override
  public Integer call() {
    DecodingRecipe bound = DecodingRecipe.of(Recipes.tree(recipe, options.allOverrides()));
    AuditPanel panel =
        new Experiment(bound, options.execution(Path.of("."), common.progress(spec))).check();
    AuditLines.print(panel, spec.commandLine().getOut());
    panel.requireNoBlock("checking " + bound.name());
    return 0;
  }
}
