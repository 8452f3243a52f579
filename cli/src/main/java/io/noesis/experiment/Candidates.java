package io.noesis.experiment;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.retrieve.Gallery;
import io.noesis.alignment.retrieve.Ranking;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.run.DataException;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Embeddings to be ranked: the targets of a run, or {@code embeddings.npy} with the ids in the
 * column {@code id} of {@code embeddings.tsv}.
 *
 * @param space where they live, where the folder says so
 * @param ids what each stands for
 * @param values {@code [candidates, dim]}
 * @param stimuli their captions, where there are any
 */
record Candidates(
    Optional<EmbeddingSpace> space,
    List<String> ids,
    Tensor values,
    Optional<StimulusSet> stimuli) {
  static Candidates read(Path folder) {
    if (Files.isRegularFile(folder.resolve("targets.json"))) {
      RunFolder run = RunFolder.open(folder);
      Embeddings targets = TargetTable.read(run).embeddings();
      return new Candidates(
          Optional.of(targets.space()),
          targets.ids(),
          targets.values(),
          Optional.of(StimulusFile.read(run)));
    }
    Path values = folder.resolve("embeddings.npy");
    Path names = folder.resolve("embeddings.tsv");
    if (!Files.isRegularFile(values) || !Files.isRegularFile(names)) {
      throw new RecipeException(
          "opening the candidates in "
              + folder
              + ": it is neither a trained run nor a folder with embeddings.npy and"
              + " embeddings.tsv. Give one of these.");
    }
    TsvTable table = Tsv.read(names);
    table.require("id");
    List<String> ids = new ArrayList<>();
    for (int row = 0; row < table.rows(); row++) {
      ids.add(table.value(row, "id").orElse(""));
    }
    Tensor read = Npy.read(values);
    if (read.shape().rank() != 2
        || read.dim(0) != ids.size()
        || ids.stream().distinct().count() != ids.size()) {
      throw new DataException(
          "opening the candidates in "
              + folder
              + ": embeddings.npy is "
              + read.shape()
              + " and embeddings.tsv has "
              + ids.size()
              + " ids, expected [ids, dim] and every id once.");
    }
    return new Candidates(Optional.empty(), List.copyOf(ids), read, Optional.empty());
  }

  /**
   * The space in which both are compared.
   *
   * @param decoded that of the decoded embeddings, where it is known
   * @param dim their width
   * @param folder where the candidates are
   * @param notes hears that a space had to be believed
   * @throws DataException when they cannot be compared
   */
  EmbeddingSpace spaceFor(
      Optional<EmbeddingSpace> decoded, int dim, Path folder, List<String> notes) {
    boolean differ = decoded.isPresent() && space.isPresent() && !decoded.equals(space);
    if (differ || values.dim(1) != dim) {
      throw new DataException(
          "ranking the candidates of "
              + folder
              + ": they live in "
              + space.map(EmbeddingSpace::toString).orElse(values.dim(1) + " dimensions")
              + ", the decoded embeddings in "
              + decoded.map(EmbeddingSpace::toString).orElse(dim + " dimensions")
              + "; only vectors of one space can be compared. Give candidates embedded by the model"
              + " that the decoder was trained towards.");
    }
    if (decoded.isEmpty() || space.isEmpty()) {
      notes.add(
          "Nothing says that decoded embeddings and candidates live in one space; they are compared"
              + " since both have "
              + dim
              + " dimensions.");
    }
    return decoded
        .or(() -> space)
        .orElseGet(() -> new EmbeddingSpace("unknown", "", dim, EmbeddingSpace.Scaling.RAW));
  }

  /**
   * The best candidates of each row by cosine.
   *
   * @param decoded in the same space
   * @param names what the rows are called
   * @param about what is subtracted from both before, {@code [1, dim]}
   * @param top how many
   */
  List<Retrieval.Row> rank(
      Embeddings decoded, List<String> names, Optional<Tensor> about, int top) {
    Embeddings candidates = new Embeddings(decoded.space(), ids, less(values, about));
    Embeddings queries =
        new Embeddings(decoded.space(), decoded.ids(), less(decoded.values(), about));
    Ranking ranking = Gallery.of(candidates).rank(queries, top);
    List<Retrieval.Row> rows = new ArrayList<>();
    for (int row = 0; row < names.size(); row++) {
      List<Ranking.Hit> hits = ranking.hits().get(row);
      for (int place = 0; place < hits.size(); place++) {
        Ranking.Hit hit = hits.get(place);
        String caption =
            stimuli
                .filter(s -> s.contains(hit.id()))
                .flatMap(s -> s.get(hit.id()).caption())
                .orElse("");
        rows.add(
            new Retrieval.Row("", names.get(row), place + 1, hit.id(), hit.similarity(), caption));
      }
    }
    return rows;
  }

  private static Tensor less(Tensor rows, Optional<Tensor> about) {
    if (about.isEmpty()) {
      return rows;
    }
    float[] mean = about.get().array();
    float[] out = rows.array().clone();
    for (int i = 0; i < out.length; i++) {
      out[i] -= mean[i % mean.length];
    }
    return Tensor.wrap(out, rows.shape().toArray());
  }
}
