package io.noesis.alignment.embedding;

import io.noesis.ingest.study.Stimulus;
import io.noesis.run.Check;
import io.noesis.run.DataException;
import io.noesis.run.Suggest;
import java.util.HashSet;
import java.util.List;

/**
 * A column of the stimulus table and the words that stand in it: the concepts of a slot.
 *
 * @param column {@code category}, or another column
 * @param concepts its words, each once; their order is that of the one-hot vectors
 */
public record TargetAttribute(String column, List<String> concepts) {
  private static final String CATEGORY = "category";

  /** Copies and checks. */
  public TargetAttribute {
    concepts = List.copyOf(concepts);
    Check.argument(
        !column.isBlank()
            && concepts.size() > 1
            && new HashSet<>(concepts).size() == concepts.size(),
        "attribute: expected a column of the stimulus table and at least two different concepts,"
            + " found '%s' and %s",
        column,
        concepts);
  }

  /**
   * What a stimulus is.
   *
   * @param stimulus of the study
   * @return one of the concepts
   * @throws DataException when the table says nothing, or something else
   */
  public String of(Stimulus stimulus) {
    String word =
        column.equals(CATEGORY)
            ? stimulus.category()
            : stimulus.attributes().getOrDefault(column, "");
    if (word.isBlank()) {
      throw new DataException(
          "taking the attribute '"
              + column
              + "': the stimulus '"
              + stimulus.id()
              + "' has none. Add the column to the stimulus table, or take another one.");
    }
    if (!concepts.contains(word)) {
      throw new DataException(
          "taking the attribute '"
              + column
              + "': the stimulus '"
              + stimulus.id()
              + "' has '"
              + word
              + "', which is none of the concepts. "
              + Suggest.sentence(word, concepts));
    }
    return word;
  }
}
