package io.noesis.cli;

import io.noesis.experiment.CaptionsSpec;
import io.noesis.experiment.EncodedMakes;
import io.noesis.experiment.Makes;
import io.noesis.experiment.RunFolder;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code noesis caption RUN}: sentences from the decoded embeddings of a run. */
@Command(
    name = "caption",
    description = {
      "Write captions from the decoded embeddings of a trained run, and beside them those of"
          + " shuffled brains, of no brain, and of the true embedding; then score the run anew.",
      "Of a folder that 'noesis encode' wrote the same is made, with the nulls that need no truth;"
          + " it goes to FOLDER/made. It is scored where --seen told what was seen.",
      "Settings are those of the recipe's section 'captions' unless given here. The captioner never"
          + " sees a true caption; --pack retrieval copies that of the nearest training stimulus."
    })
final class CaptionCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin CommonOptions common;
  @Mixin MakeOptions options;

  @Parameters(
      paramLabel = "RUN",
      description = "A trained run folder, or a folder that 'noesis encode' wrote.")
  Path run;

  @Option(
      names = "--search",
      paramLabel = "RULE",
      description = "How the next word is chosen: ${COMPLETION-CANDIDATES}.")
  CaptionsSpec.@Nullable Search search;

  @Override
  public Integer call() {
    if (EncodedMakes.fits(run)) {
      return ofNewResponses();
    }
    RunFolder folder = RunFolder.open(run);
    Makes makes = Makes.of(folder, options.execution(run, common.progress(spec)));
    CaptionsSpec captions = with(makes.captions());
    PrintWriter out = spec.commandLine().getOut();
    if (options.dryRun) {
      out.println(makes.plan(captions));
      return 0;
    }
    List<Makes.Line> lines = makes.captions(captions, options.stimulus);
    out.println("subject\tseen\tcondition\tcaption");
    options.print(out, lines, makes, run);
    return 0;
  }

  private int ofNewResponses() {
    options.requireNoneOfRuns();
    EncodedMakes makes = EncodedMakes.of(run, options.execution(run, common.progress(spec)));
    PrintWriter out = spec.commandLine().getOut();
    if (options.dryRun) {
      out.println(makes.plan(with(CaptionsSpec.defaults())));
      return 0;
    }
    List<Makes.Line> lines = makes.captions(with(CaptionsSpec.defaults()), options.stimulus);
    out.println("subject\t" + makes.ids() + "\tcondition\tcaption");
    options.print(out, lines, makes, "captions");
    return 0;
  }

  private CaptionsSpec with(CaptionsSpec section) {
    Map<String, @Nullable Object> given = new LinkedHashMap<>();
    given.put("search", search == null ? null : search.name());
    return options.over(section, given, "the flags of noesis caption");
  }
}
