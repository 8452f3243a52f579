package io.noesis.ingest.study.layout;

import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.ingest.study.GivenEmbeddings;
import io.noesis.run.DataException;
import io.noesis.run.Failure;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads embeddings that a study brings along, and which stimulus each row is of. */
final class EmbeddingFile {
  private EmbeddingFile() {}

  /**
   * Reads the array and its ids.
   *
   * @param stimuli every one of them needs a row
   */
  static GivenEmbeddings read(Path root, Path file, ArraysSettings settings, Set<String> stimuli) {
    Path array = StudyFiles.require(root.resolve(file), "the embeddings");
    Tensor values = Npy.read(array);
    if (values.shape().rank() != 2) {
      throw new DataException(
          "reading the embeddings "
              + array
              + ": the array has shape "
              + values.shape()
              + ", expected [stimuli, dim].");
    }
    List<String> ids =
        settings
            .embeddingIds()
            .map(f -> ids(StudyFiles.require(root.resolve(f), "the ids of the embeddings")))
            .orElseGet(() -> numbers(values.dim(0), settings.firstRow()));
    Set<String> known = new HashSet<>(ids);
    for (String stimulus : stimuli) {
      if (!known.contains(stimulus)) {
        throw new DataException(
            "reading the embeddings "
                + array
                + ": none of its "
                + ids.size()
                + " rows is of the stimulus '"
                + stimulus
                + "'"
                + (settings.embeddingIds().isEmpty()
                    ? "; without 'embeddingIds' the ids are the row numbers "
                        + ids.get(0)
                        + " to "
                        + ids.get(ids.size() - 1)
                        + " (setting 'firstRow')"
                    : "")
                + ". Add its embedding, or correct the ids.");
      }
    }
    return new GivenEmbeddings(settings.embeddingName(), ids, values);
  }

  private static List<String> numbers(int rows, int first) {
    List<String> out = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      out.add(Integer.toString(i + first));
    }
    return out;
  }

  private static List<String> ids(Path file) {
    if (String.valueOf(file.getFileName()).endsWith(".tsv")) {
      TsvTable table = Tsv.read(file);
      String column = table.has("id") ? "id" : table.columns().get(0);
      return table.texts(column);
    }
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .toList();
    } catch (IOException e) {
      throw new DataException(
          "reading the ids " + file + ": " + Failure.reason(e) + ". Expected text in UTF-8.", e);
    }
  }
}
