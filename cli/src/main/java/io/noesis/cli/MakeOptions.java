package io.noesis.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.experiment.EncodedMakes;
import io.noesis.experiment.Execution;
import io.noesis.experiment.Makes;
import io.noesis.report.Report;
import io.noesis.report.ReportText;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.run.RecordBinder;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands share that make something of decoded embeddings. */
final class MakeOptions {
  @Option(
      names = "--pack",
      paramLabel = "PACK",
      description =
          "The model: 'embedded', a name of 'noesis models list', or a folder (default: the"
              + " recipe's, else embedded).")
  @Nullable String pack;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description =
          "What executes the model: cpu, cuda, tensorrt, coreml, directml, with :n for another card"
              + " than the first (default: the recipe's, else cpu). What cannot be had is refused"
              + " (exit 6).")
  @Nullable String device;

  @Option(
      names = {"--participant-label", "--participant_label"},
      paramLabel = "LABEL",
      arity = "1..*",
      description = "Only these subjects, without 'sub-'; all when absent.")
  List<String> participants = new ArrayList<>();

  @Option(
      names = "--stimulus",
      paramLabel = "ID",
      description =
          "Only this tested stimulus (of new embeddings: row-0003); one alone is made but not"
              + " scored.")
  String stimulus = "";

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Only so many test stimuli, drawn by the seed; 0 for all.")
  @Nullable Integer limit;

  @Option(names = "--seed", paramLabel = "N", description = "Root of what is drawn at random.")
  @Nullable Long seed;

  @Option(
      names = "--root",
      paramLabel = "DIR",
      description =
          "The study's folder, for the pictures as they were shown (default: the run's own small"
              + " copies).")
  @Nullable Path root;

  @Option(
      names = "--nprocs",
      paramLabel = "N",
      converter = AtLeast.One.class,
      description = "Threads (default: all processors).")
  int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--mem-mb",
      paramLabel = "MB",
      converter = AtLeast.Zero.class,
      description =
          "Refuse models that are estimated to need more (default: the machine's memory).")
  long memoryMb;

  @Option(
      names = "--allow",
      paramLabel = "CODE",
      description = "Let the BLOCK of this audit through; the report shows that it was.")
  Set<String> allowed = new LinkedHashSet<>();

  @Option(
      names = "--dry-run",
      description = "Open the model, compare its space with the run's, say what would be made.")
  boolean dryRun;

  @Mixin PacksOption packs;

  /**
   * A section of the recipe with what this call was given over it.
   *
   * @param section the recipe's
   * @param given by key; null for what was not given
   * @param doing what is read, for the message
   */
  <R extends Record> R over(
      R section, Map<String, ? extends @Nullable Object> given, String doing) {
    ObjectNode tree = RecordBinder.tree(section);
    Map<String, @Nullable Object> all = new LinkedHashMap<>(given);
    all.put("pack", pack);
    all.put("stimuli", limit);
    all.put("seed", seed);
    all.put("device", device);
    all.forEach(
        (key, value) -> {
          if (value != null) {
            tree.set(key, new ObjectMapper().valueToTree(value));
          }
        });
    @SuppressWarnings("unchecked")
    Class<R> type = (Class<R>) section.getClass();
    return RecordBinder.bind(tree, type, doing);
  }

  /** Tells what was made, and, unless it is one stimulus alone, scores the run anew. */
  void print(PrintWriter out, List<Makes.Line> lines, Makes makes, Path run) {
    print(out, lines);
    out.flush();
    if (stimulus.isEmpty()) {
      out.println();
      out.print(ReportText.of(makes.evaluate()));
      out.println("report: " + run.resolve("report.html"));
    }
    out.flush();
  }

  /** The same of new responses, which are scored only where it was told what was seen. */
  void print(PrintWriter out, List<Makes.Line> lines, EncodedMakes makes, String what) {
    print(out, lines);
    out.println();
    makes
        .unscored()
        .ifPresent(
            why -> {
              out.println(why + ":");
              out.println(makes.table(what));
            });
    out.flush();
    if (stimulus.isEmpty()) {
      Report report = makes.evaluate();
      if (makes.unscored().isEmpty()) {
        out.print(ReportText.of(report));
      }
      out.println("report: " + makes.page());
    }
    out.flush();
  }

  private void print(PrintWriter out, List<Makes.Line> lines) {
    lines.stream()
        .filter(line -> !stimulus.isEmpty() || line.condition().equals("decoded"))
        .forEach(
            line ->
                out.println(
                    String.join(
                        "\t", line.subject(), line.stimulus(), line.condition(), line.content())));
  }

  /** Options that mean something for runs only. */
  void requireNoneOfRuns() {
    if (!participants.isEmpty() || root != null || !allowed.isEmpty()) {
      throw new RecipeException(
          "making something of new embeddings: --participant-label, --root and --allow are for runs;"
              + " a folder of 'noesis encode' has one subject, and knows what was shown from 'noesis"
              + " encode --seen' alone. Leave them out.");
    }
  }

  Execution execution(Path run, Progress progress) {
    Execution execution =
        Execution.in(run)
            .withThreads(threads)
            .withMemoryLimitMb(memoryMb)
            .withAllowed(allowed)
            .withSubjects(
                participants.stream().map(p -> p.startsWith("sub-") ? p.substring(4) : p).toList())
            .withCancelled(Interrupt.OF_PROCESS)
            .withPlaces(packs.places())
            .withProgress(progress);
    return Optional.ofNullable(root).map(execution::withRoot).orElse(execution);
  }
}
