package io.noesis.experiment;

import io.noesis.alignment.audit.Audit;
import io.noesis.alignment.audit.AuditCase;
import io.noesis.alignment.audit.AuditPanel;
import io.noesis.alignment.audit.Background;
import io.noesis.alignment.audit.Finding;
import io.noesis.alignment.audit.StimulusTwins;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.train.Lineage;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.ingest.study.Trial;
import io.noesis.ingest.study.TrialTable;
import io.noesis.run.DataException;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.run.Suggest;
import io.noesis.tensor.Safetensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What was seen in new trials, as those say who recorded them, and what of it the decoders learnt
 * from.
 *
 * @param ofRows the stimulus of each row of new responses
 * @param stimuli those that were seen, with their pictures
 * @param trained ids among them that a decoder was trained on, by the lineage in its file: under
 *     this id, or as the same picture under another
 * @param targets of the seen stimuli for which the run has one
 * @param findings what the audit of shared stimuli says of them
 */
record SeenStimuli(
    List<String> ofRows,
    StimulusSet stimuli,
    Set<String> trained,
    Embeddings targets,
    List<Finding> findings) {
  private static final String COLUMN = "stimulus";
  private static final String AUDIT = "LEAK-STIMULUS";

  /**
   * Reads what was seen and compares it with what the decoders learnt from.
   *
   * @param table a TSV file with a column {@code stimulus} and a line per row of responses
   * @param root the study's folder, where its recipe does not say it
   * @param run whose decoders
   * @param decoders that decode the rows
   * @param rows how many
   * @param progress hears of pictures
   * @return the stimuli
   * @throws DataException when the table has other lines, or names stimuli that the study lacks
   * @throws ModelException when a decoder does not say what it learnt from
   */
  static SeenStimuli of(
      Path table,
      Optional<Path> root,
      RunFolder run,
      List<FoldDecoder> decoders,
      int rows,
      Progress progress) {
    DecodingRecipe recipe = RunFiles.recipe(run);
    StimulusSet all = OpenedStudy.open(recipe.study(), root).study().stimuli();
    List<String> ofRows = read(table, all, rows);
    StimulusTwins twins = StimulusTwins.find(all, progress);
    List<Set<String>> learnt = decoders.stream().map(d -> learnt(d, all, twins)).toList();
    Set<String> seen = new TreeSet<>(ofRows);
    Set<String> trained = new TreeSet<>(seen);
    trained.removeIf(id -> learnt.stream().noneMatch(ids -> ids.contains(id)));
    TargetTable targets = TargetTable.read(run);
    List<String> known =
        seen.stream().filter(new LinkedHashSet<>(targets.embeddings().ids())::contains).toList();
    return new SeenStimuli(
        ofRows,
        StimulusSet.of(seen.stream().map(all::get).toList()),
        Collections.unmodifiableSet(trained),
        targets.embeddings().select(new LinkedHashSet<>(known)),
        audit(
            run,
            decoders,
            ofRows,
            new AuditedStimuli(all, twins, targets, new Background(learnt, "", List.of()))));
  }

  private static List<String> read(Path file, StimulusSet stimuli, int rows) {
    TsvTable table = Tsv.read(file);
    List<String> seen = new ArrayList<>();
    for (int row = 0; row < table.rows(); row++) {
      String id = table.required(row, COLUMN);
      if (!stimuli.contains(id)) {
        throw new DataException(
            "reading what was seen from "
                + file
                + ": line "
                + (row + 2)
                + " names '"
                + id
                + "', which is not in the stimulus table of the study. "
                + Suggest.sentence(id, List.copyOf(stimuli.ids())));
      }
      seen.add(id);
    }
    if (seen.size() != rows) {
      throw new DataException(
          "reading what was seen from "
              + file
              + ": found "
              + seen.size()
              + " lines below the heading, expected "
              + rows
              + ", one for each row of responses in their order.");
    }
    return seen;
  }

  /** Ids of everything that made a decoder's weights, also through others and by parents. */
  private static Set<String> learnt(FoldDecoder decoder, StimulusSet all, StimulusTwins twins) {
    Set<String> fingerprints = lineage(decoder).allStimuli();
    Set<String> ids = new LinkedHashSet<>(all.ids());
    ids.removeIf(id -> !fingerprints.contains(twins.fingerprint(id)));
    return ids;
  }

  private static Lineage lineage(FoldDecoder decoder) {
    try (Safetensors file = Safetensors.open(decoder.weights())) {
      return Lineage.read(file.metadata(), decoder.weights())
          .orElseThrow(
              () ->
                  new ModelException(
                      "comparing what was seen with the training of "
                          + decoder.weights()
                          + ": the file does not say which stimuli the decoder learnt from. Train"
                          + " again, or leave --seen out."));
    }
  }

  /** What the audit is told of stimuli. */
  private record AuditedStimuli(
      StimulusSet all, StimulusTwins twins, TargetTable targets, Background background) {}

  /** The audit of a plan, with each decoder's training trials and the new ones as its test. */
  private static List<Finding> audit(
      RunFolder run, List<FoldDecoder> decoders, List<String> ofRows, AuditedStimuli of) {
    String subject = decoders.get(0).subject();
    Decoded decoded = Decoded.read(run, subject);
    List<Trial> trials = new ArrayList<>(decoded.trials().trials());
    for (String id : ofRows) {
      trials.add(
          new Trial(
              subject,
              "",
              "new",
              Double.NaN,
              Double.NaN,
              Double.NaN,
              Double.NaN,
              id,
              of.all().get(id).category(),
              1,
              ""));
    }
    List<Split> folds = decoders.stream().map(d -> beside(d.split(), ofRows.size())).toList();
    AuditCase asked =
        new AuditCase(
            subject,
            new TrialTable(trials),
            of.all(),
            of.twins(),
            folds,
            decoded.kind(),
            decoded.fits(),
            of.targets().unit(),
            Optional.of(of.targets().embeddings()),
            Optional.empty(),
            of.background());
    return AuditPanel.inspect(Audit.Phase.PLAN, List.of(asked), Set.of()).findings().stream()
        .filter(f -> f.code().equals(AUDIT))
        .toList();
  }

  private static Split beside(Split training, int rows) {
    List<Split.Part> parts =
        new ArrayList<>(
            training.parts().stream()
                .map(part -> part == Split.Part.TEST ? Split.Part.UNUSED : part)
                .toList());
    parts.addAll(Collections.nCopies(rows, Split.Part.TEST));
    return new Split("new responses, " + training.name(), parts);
  }

  /** Ids that no decoder learnt from, sorted. */
  List<String> heldOut() {
    return stimuli.ids().stream().filter(id -> !trained.contains(id)).sorted().toList();
  }
}
