package io.noesis.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.ingest.study.FitRecord;
import io.noesis.ingest.study.ResponseKind;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.SplitFile;
import io.noesis.ingest.study.SubjectResponses.Note;
import io.noesis.ingest.study.Trial;
import io.noesis.ingest.study.TrialTable;
import io.noesis.run.CorruptDataException;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * What training leaves of one subject: the decoded test rows and everything that scoring and audits
 * need. It is written to the run folder and read back from there, also within one command.
 *
 * @param subject label without {@code sub-}
 * @param trials all trials of the subject
 * @param folds one split per fold
 * @param rows which trial each decoded row belongs to, and in which fold it was decoded
 * @param values {@code [decoded rows, dim]}
 * @param trainingMeans mean target of the training trials, {@code [folds, dim]}
 * @param kind how responses came from the recording
 * @param fits every transform that was fitted on the way
 * @param notes lines of the data card
 */
record Decoded(
    String subject,
    TrialTable trials,
    List<Split> folds,
    List<Row> rows,
    Tensor values,
    Tensor trainingMeans,
    ResponseKind kind,
    List<FitRecord> fits,
    List<Note> notes) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * One decoded row.
   *
   * @param trial row of the trial table
   * @param fold index of the fold
   */
  record Row(int trial, int fold) {}

  /** What does not fit a table. */
  private record Rest(
      ResponseKind kind, List<FitRecord> fits, List<Note> notes, List<String> folds) {}

  static String folder(String subject) {
    return "sub-" + subject;
  }

  private static String splitFile(String subject, int fold) {
    return String.format("%s/splits/fold-%03d_desc-split_trials.tsv", folder(subject), fold + 1);
  }

  void write(RunFolder run) {
    String folder = folder(subject) + "/";
    TrialFile.write(run.file(folder + "trials.tsv"), trials);
    for (int f = 0; f < folds.size(); f++) {
      SplitFile.write(run.file(splitFile(subject, f)), trials, folds.get(f));
    }
    Npy.write(run.file(folder + "decoded.npy"), values);
    Npy.write(run.file(folder + "training_means.npy"), trainingMeans);
    List<List<String>> lines = new ArrayList<>();
    for (Row row : rows) {
      Trial trial = trials.get(row.trial());
      lines.add(
          List.of(
              Integer.toString(row.trial()),
              folds.get(row.fold()).name(),
              Integer.toString(row.fold()),
              trial.recording(),
              trial.stimulus(),
              trial.category()));
    }
    Tsv.write(
        run.file(folder + "decoded.tsv"),
        List.of("trial", "fold_name", "fold", "recording", "stimulus", "category"),
        lines);
    Rest rest = new Rest(kind, fits, notes, folds.stream().map(Split::name).toList());
    ObjectNode json = JSON.valueToTree(rest);
    run.writeJson(folder + "decoding.json", json);
  }

  static Decoded read(RunFolder run, String subject) {
    String folder = folder(subject) + "/";
    TrialTable trials = TrialFile.read(run.file(folder + "trials.tsv"));
    JsonNode json = run.readJson(folder + "decoding.json");
    Rest rest;
    try {
      rest = JSON.treeToValue(json, Rest.class);
    } catch (JsonProcessingException e) {
      throw new CorruptDataException(
          "reading " + run.file(folder + "decoding.json") + ": " + e.getOriginalMessage(), e);
    }
    List<Split> folds = new ArrayList<>();
    for (int f = 0; f < rest.folds().size(); f++) {
      folds.add(SplitFile.read(run.file(splitFile(subject, f)), trials));
    }
    TsvTable table = Tsv.read(run.file(folder + "decoded.tsv"));
    List<Row> rows = new ArrayList<>();
    for (int r = 0; r < table.rows(); r++) {
      rows.add(new Row(table.whole(r, "trial"), table.whole(r, "fold")));
    }
    return new Decoded(
        subject,
        trials,
        folds,
        rows,
        Npy.read(run.file(folder + "decoded.npy")),
        Npy.read(run.file(folder + "training_means.npy")),
        rest.kind(),
        rest.fits(),
        rest.notes());
  }

  /** The same with what else was fitted on its trials. */
  Decoded with(List<FitRecord> more) {
    List<FitRecord> all = new ArrayList<>(fits);
    all.addAll(more);
    return new Decoded(subject, trials, folds, rows, values, trainingMeans, kind, all, notes);
  }

  /** The same rows, decoded otherwise. */
  Decoded with(Tensor otherValues, Tensor otherMeans) {
    return new Decoded(subject, trials, folds, rows, otherValues, otherMeans, kind, fits, notes);
  }

  /** How one subject's responses are prepared for one fold's decoder. */
  static String preparationFile(String subject, int fold) {
    return decoderPlace(folder(subject), fold) + "_preparation.safetensors";
  }

  /** Where one fold's decoder lies below the run folder, without suffix. */
  static String decoderPlace(String folder, int fold) {
    return String.format("%s/decoder/fold-%03d", folder, fold + 1).replaceFirst("^/", "");
  }

  /** Where the template of the space that a fold's subjects share lies below the run folder. */
  static String templateFile(String folder, int fold) {
    return decoderPlace(folder, fold) + "_template.safetensors";
  }

  /** How much was decoded. */
  String inWords() {
    return rows.size()
        + " trials decoded in "
        + folds.size()
        + (folds.size() == 1 ? " fold" : " folds");
  }
}
