package io.noesis.cli;

import io.noesis.experiment.EncodedMakes;
import io.noesis.experiment.Makes;
import io.noesis.experiment.PicturesSpec;
import io.noesis.experiment.RunFolder;
import io.noesis.run.RecordBinder;
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

/** {@code noesis reconstruct RUN}: pictures from the decoded embeddings of a run. */
@Command(
    name = "reconstruct",
    description = {
      "Make pictures from the decoded embeddings of a trained run, and beside them those of shuffled"
          + " brains, of no brain, and of the true embedding; then score the run anew.",
      "Of a folder that 'noesis encode' wrote the same is made, with the nulls that need no truth;"
          + " it goes to FOLDER/made. It is scored where --seen told what was seen.",
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

  @Option(
      names = "--prior",
      paramLabel = "PACK",
      description =
          "A diffusion prior before the generator: a name of 'noesis models list', or a folder.")
  @Nullable String prior;

  @Mixin PriorOptions priorOptions;

  @Option(
      names = "--refine",
      paramLabel = "PACK",
      description = "A second stage that reads the captions made, as MindEye2 has: a pack of SDXL.")
  @Nullable String refine;

  @Option(
      names = "--prompt",
      paramLabel = "WHAT",
      description =
          "What captions that were made of the same embeddings are: none; caption, read beside the"
              + " embedding; caption-alone, text-to-image.")
  @Nullable String prompt;

  @Option(
      names = "--negative",
      paramLabel = "TEXT",
      description =
          "What pictures should not show, for models that read text (default: the profile's).")
  @Nullable String negative;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description =
          "As a published system runs its generator: 'noesis describe profiles'. Other flags and"
              + " keys win over it.")
  @Nullable String profile;

  @Option(
      names = "--scheduler",
      paramLabel = "NAME",
      description = "The sampler: 'noesis describe samplers' (default: the profile's or pack's).")
  @Nullable String scheduler;

  @Option(
      names = "--spacing",
      paramLabel = "RULE",
      description = "Which steps of training are visited: leading, trailing, linspace, sgm.")
  @Nullable String spacing;

  @Option(names = "--steps", paramLabel = "N", description = "Steps of sampling.")
  @Nullable Integer steps;

  @Option(
      names = "--guidance",
      paramLabel = "G",
      description = "How far predictions are pushed from the unconditional ones.")
  @Nullable Double guidance;

  @Option(
      names = "--start",
      paramLabel = "WHAT",
      description =
          "noise; nearest: the picture of the nearest training stimulus; or decoded: the low-level"
              + " latents that the recipe decodes. The last two with --strength.")
  @Nullable String start;

  @Option(
      names = "--strength",
      paramLabel = "S",
      description = "How much of the noise a start gets, above 0 and below 1; 1 is noise alone.")
  @Nullable Double strength;

  @Option(
      names = "--candidates",
      paramLabel = "N",
      description = "Pictures per embedding, of which the closest to that embedding is kept.")
  @Nullable Integer candidates;

  @Option(
      names = "--setting",
      paramLabel = "NAME=NUMBER",
      description =
          "A number of the kind of model: noise-level, mix, class-token, image-scale,"
              + " control-scale.")
  Map<String, Double> settings = new LinkedHashMap<>();

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
        makes.pictures(pictures, options.stimulus).stream()
            .map(line -> belowHere(line, run))
            .toList();
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
    out.println("subject\t" + makes.ids() + "\tcondition\tpicture");
    options.print(out, lines, makes, "pictures");
    return 0;
  }

  private PicturesSpec with(PicturesSpec section) {
    Map<String, @Nullable Object> given = new LinkedHashMap<>();
    priorOptions
        .over(prior, section.prior())
        .ifPresent(of -> given.put("prior", RecordBinder.tree(of)));
    given.put("prompt", prompt);
    given.put("negative", negative);
    if (refine != null) {
      given.put("refine", Map.of("pack", refine));
    }
    given.put("profile", profile);
    given.put("scheduler", scheduler);
    given.put("spacing", spacing);
    given.put("steps", steps);
    given.put("guidance", guidance);
    given.put("start", start);
    given.put("strength", strength);
    given.put("candidates", candidates);
    if (!settings.isEmpty()) {
      Map<String, Double> all = new LinkedHashMap<>(section.settings());
      all.putAll(settings);
      given.put("settings", all);
    }
    return options.over(section, given, "the flags of noesis reconstruct");
  }
}
