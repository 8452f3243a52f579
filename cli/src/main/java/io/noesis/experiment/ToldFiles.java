package io.noesis.experiment;

import io.noesis.run.DataException;
import io.noesis.run.Fingerprint;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Shape;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Files of what a decoder is told of the stimuli of new responses.
 *
 * @param files {@code .npy} arrays {@code [rows, ...]} by the name of the feature, one row for each
 *     row of responses, in their order
 */
public record ToldFiles(Map<String, Path> files) {
  /** None. */
  public static final ToldFiles NONE = new ToldFiles(Map.of());

  /** Copies. */
  public ToldFiles {
    files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
  }

  /** Those of these names. */
  ToldFiles only(Set<String> names) {
    Map<String, Path> some = new LinkedHashMap<>(files);
    some.keySet().retainAll(names);
    return new ToldFiles(some);
  }

  /**
   * Refuses to tell other features than those that are asked for.
   *
   * @throws RecipeException naming both
   */
  void requireNames(Set<String> asked) {
    if (!files.keySet().equals(asked)) {
      throw new RecipeException(
          "encoding: the decoder must be told "
              + (asked.isEmpty() ? "nothing" : String.join(", ", asked))
              + " of the stimuli, found "
              + (files.isEmpty() ? "nothing" : String.join(", ", files.keySet()))
              + (asked.isEmpty()
                  ? ". Leave --input out."
                  : ". Give --input "
                      + String.join("=FILE.npy --input ", asked)
                      + "=FILE.npy, one row for each row of responses."));
    }
  }

  /**
   * Reads them.
   *
   * @param asked axes of one row of each feature by name
   * @param rows of responses
   * @return {@code [rows, ...]} of these axes by name
   * @throws RecipeException when other features are told than those that are asked for
   * @throws DataException when rows, axes or numbers do not fit
   */
  Map<String, Tensor> read(Map<String, List<Integer>> asked, int rows) {
    requireNames(asked.keySet());
    Map<String, Tensor> told = new LinkedHashMap<>();
    files.forEach(
        (name, file) ->
            told.put(name, read(name, file, Objects.requireNonNull(asked.get(name)), rows)));
    return told;
  }

  private static Tensor read(String name, Path file, List<Integer> axes, int rows) {
    Tensor values = Npy.read(file);
    Shape wanted =
        Shape.of(IntStream.concat(IntStream.of(rows), axes.stream().mapToInt(n -> n)).toArray());
    if (!values.shape().equals(wanted)) {
      throw new DataException(
          "reading the input '"
              + name
              + "' from "
              + file
              + ": found "
              + values.shape()
              + ", expected "
              + wanted
              + ": for each row of responses the features that the decoder was trained with, in the"
              + " axes that they had there.");
    }
    for (int i = 0; i < values.size(); i++) {
      if (!Float.isFinite(values.array()[i])) {
        throw new DataException(
            "reading the input '"
                + name
                + "' from "
                + file
                + ": row "
                + i / (values.size() / rows)
                + " holds "
                + values.array()[i]
                + ", expected finite numbers.");
      }
    }
    return values;
  }

  /** SHA-256 of each, for the provenance; empty where nothing is told. */
  String hashes() {
    return files.entrySet().stream()
        .map(told -> told.getKey() + " " + Fingerprint.ofFile(told.getValue()))
        .collect(Collectors.joining("\n"));
  }
}
