package io.noesis.cli;

import io.noesis.experiment.Inspection;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code noesis inspect PATH}: what a file, a study or a run is. */
@Command(
    name = "inspect",
    description =
        "Tell what a file, a study's folder or a run folder is, from names, tables and headers; no"
            + " recording is read. A study that cannot be opened is told with its problem.",
    footer = {
      "",
      "--json prints one object; every key is always there, null (or an empty list) where it says"
          + " nothing:",
      "  path, format   format is a name of 'noesis describe formats', or arrays, study, run",
      "  facts          list of {label, value}, in words, as printed without --json",
      "  arrays         list of {name, shape, type, memory_bytes}; memory as float32",
      "  image          affine (4 x 4), affine_source, orientation, zooms_mm, tr_seconds, slope,"
          + " intercept",
      "  study          name, title, layout, origin, licence, responses,",
      "                 subjects: list of {label, runs, trials, stimuli, memory_bytes, problem},",
      "                 stimuli: {count, with_picture, with_caption, captions, categories, targets}",
      "  run            recipe, kind, identity, study, origin, trained, unfinished, failed, reports",
      "  problem        why a study cannot be opened, or what is missing of a file"
    })
final class InspectCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin CommonOptions common;

  @Parameters(paramLabel = "PATH", description = "A file or a folder.")
  Path path;

  @Option(names = "--json", description = "One JSON object on the output.")
  boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Inspection inspection = Inspection.of(path);
    if (json) {
      out.println(inspection.json().toPrettyString());
    } else {
      inspection.lines().forEach(out::println);
    }
    out.flush();
    return 0;
  }
}
