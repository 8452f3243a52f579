package io.noesis.cli;

import io.noesis.experiment.EncodedMakes;
import io.noesis.experiment.Makes;
import io.noesis.experiment.PicturesSpec;
import io.noesis.experiment.RunFolder;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code noesis reconstruct RUN}: pictures from the decoded embeddings of a run. */
@Command(
    name = "reconstruct",
    description = {
      "Make pictures from the decoded embeddings of a trained run, and beside them those of shuffled"
          + " brains, of no brain, and of the true embedding; then score the run anew.",
      "Of a folder that 'noesis encode' wrote the same is made without scores, since nobody tells"
          + " what was seen, with the nulls that need no truth; it goes to FOLDER/made.",
      "Settings are those of the recipe's section 'pictures' unless given here. Pictures that are"
          + " there already are kept; an interrupted call goes on where it stopped."
    })
final class ReconstructCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin CommonOptions common;
  @Mixin MakeOptions options;

  @Parameters(
      paramLabel = "RUN",
      description = "A trained run folder, or a folder that 'noesis encode' wrote.")
  Path run;

  @Option(names = "--steps", paramLabel = "N", description = "Steps of sampling.")
  @Nullable Integer steps;

  @Option(
      names = "--guidance",
      paramLabel = "G",
      description = "How far predictions are pushed from the unconditional ones.")
  @Nullable Double guidance;

  @Override
  public Integer call() {
    if (EncodedMakes.fits(run)) {
      return ofNewResponses();
    }
    RunFolder folder = RunFolder.open(run);
    Makes makes = Makes.of(folder, options.execution(run, common.progress(spec)));
    PicturesSpec pictures = with(makes.pictures());
    PrintWriter out = spec.commandLine().getOut();
    if (options.dryRun) {
      out.println(makes.plan(pictures));
      return 0;
    }
    List<Makes.Line> lines =
        makes.pictures(pictures, options.stimulus).stream().map(line -> belowHere(line, run)).toList();
    out.println("subject\tseen\tcondition\tpicture");
    options.print(out, lines, makes, run);
    return 0;
  }

  /** With the picture's path as this call sees it. */
  private static Makes.Line belowHere(Makes.Line line, Path folder) {
    return new Makes.Line(
        line.subject(),
        line.stimulus(),
        line.condition(),
        folder.resolve(line.content()).toString());
  }

  private int ofNewResponses() {
    options.requireNoneOfRuns();
    EncodedMakes makes = EncodedMakes.of(run, options.execution(run, common.progress(spec)));
    PrintWriter out = spec.commandLine().getOut();
    if (options.dryRun) {
      out.println(makes.plan(with(PicturesSpec.defaults())));
      return 0;
    }
    List<Makes.Line> lines =
        makes.pictures(with(PicturesSpec.defaults()), options.stimulus).stream()
            .map(line -> belowHere(line, run.resolve("made")))
            .toList();
    out.println("subject\trow\tcondition\tpicture");
    options.print(out, lines, makes, "pictures");
    return 0;
  }

  private PicturesSpec with(PicturesSpec section) {
    return new PicturesSpec(
        options.pack == null ? section.pack() : options.pack,
        steps == null ? section.steps() : OptionalInt.of(steps),
        guidance == null ? section.guidance() : OptionalDouble.of(guidance),
        section.stretch(),
        options.limit == null ? section.stimuli() : options.limit,
        options.seed == null ? section.seed() : OptionalLong.of(options.seed),
        section.conditions(),
        section.tower());
  }
}
