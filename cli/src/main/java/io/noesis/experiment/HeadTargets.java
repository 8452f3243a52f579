package io.noesis.experiment;

import io.noesis.encoders.Choices;
import io.noesis.encoders.Shown;
import io.noesis.ingest.study.Study;
import io.noesis.ingest.study.Trial;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Further things of stimuli by name: targets, to which heads of the network are trained, or
 * features that it is told. Made once per run and kept below {@value #FOLDER} or {@value #INPUTS},
 * as {@link TargetTable} keeps the targets of the embedding.
 *
 * @param tables by the name that losses, or the network, ask for
 */
record HeadTargets(Map<String, TargetTable> tables) {
  static final String FOLDER = "heads";

  /** Below it are features that the network is told. */
  static final String INPUTS = "inputs";

  HeadTargets {
    tables = Collections.unmodifiableMap(new LinkedHashMap<>(tables));
  }

  /** Makes those that a recipe asks for and keeps them in its run. */
  static void make(
      EncoderSpec encoder, RunFolder run, Study study, ModelPlaces places, Progress progress) {
    List.of(FOLDER, INPUTS)
        .forEach(
            folder ->
                specs(encoder, folder)
                    .forEach(
                        (name, spec) ->
                            TargetTable.make(spec, study, places, progress)
                                .write(within(run, folder, name))));
  }

  private static Map<String, TargetsSpec> specs(EncoderSpec encoder, String folder) {
    return folder.equals(FOLDER) ? encoder.heads() : encoder.inputs();
  }

  /** The targets of heads that a run keeps, each of them in a row. */
  static HeadTargets read(EncoderSpec encoder, RunFolder run) {
    Map<String, TargetTable> tables = new LinkedHashMap<>(read(encoder, run, FOLDER).tables);
    tables.replaceAll((name, table) -> table.inRows());
    return new HeadTargets(tables);
  }

  /** The features that networks of a run are told, in the axes that they have. */
  static HeadTargets told(EncoderSpec encoder, RunFolder run) {
    return read(encoder, run, INPUTS);
  }

  private static HeadTargets read(EncoderSpec encoder, RunFolder run, String folder) {
    Map<String, TargetTable> tables = new LinkedHashMap<>();
    specs(encoder, folder)
        .keySet()
        .forEach(name -> tables.put(name, TargetTable.read(within(run, folder, name))));
    return new HeadTargets(tables);
  }

  private static RunFolder within(RunFolder run, String folder, String name) {
    return RunFolder.within(run.file(folder + "/" + name), run.identity());
  }

  /** What belongs to some trials by name, one row each. */
  Map<String, Tensor> of(List<Trial> trials) {
    Map<String, Tensor> targets = new LinkedHashMap<>();
    tables.forEach((name, table) -> targets.put(name, table.shaped(rows(table, trials))));
    return targets;
  }

  /**
   * Targets of which one is drawn in each batch.
   *
   * @param embedding the main ones
   * @param trials one row each
   * @return by name, the main ones' {@link Shown#EMBEDDING}; without those that are fixed
   */
  Map<String, Choices> choices(TargetTable embedding, List<Trial> trials) {
    Map<String, TargetTable> all = new LinkedHashMap<>(tables);
    all.put(Shown.EMBEDDING, embedding);
    List<String> stimuli = trials.stream().map(Trial::stimulus).toList();
    Map<String, Choices> choices = new LinkedHashMap<>();
    all.forEach(
        (name, table) -> table.each().ifPresent(each -> choices.put(name, each.of(stimuli))));
    return choices;
  }

  /** The targets of some trials, one row each. */
  static Tensor rows(TargetTable table, List<Trial> trials) {
    List<String> keys = trials.stream().map(table.unit()::key).toList();
    return table.embeddings().values().rows(table.embeddings().rowsOf(keys));
  }

  /**
   * An adapted network is trained to, and told, what its parent was.
   *
   * @param specs of these by name
   * @param what they are, with the key of recipes: {@code heads}, {@code inputs}
   * @param parents those of the parent
   */
  void requireSame(Map<String, TargetsSpec> specs, String what, HeadTargets parents) {
    tables.forEach(
        (name, own) -> {
          TargetTable before = parents.tables.get(name);
          boolean brought = Objects.requireNonNull(specs.get(name)).broughtAlong();
          if (before == null
              || !before.embeddings().space().equals(own.embeddings().space())
              || (!brought && !before.fingerprint().equals(own.fingerprint()))) {
            throw new RecipeException(
                "adapting: '"
                    + name
                    + "' of encoder."
                    + what
                    + " is "
                    + own.embeddings().space()
                    + ", in the parent "
                    + (before == null ? "nothing" : before.embeddings().space())
                    + ". Leave encoder."
                    + what
                    + " as it was.");
          }
        });
  }
}
