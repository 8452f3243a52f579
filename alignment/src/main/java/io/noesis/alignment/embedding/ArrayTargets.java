package io.noesis.alignment.embedding;

import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.run.DataException;
import io.noesis.run.Fingerprint;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Numbers of each stimulus that a study brings along in a file: {@code NAME.npy} of {@code
 * [stimuli, ...]}, and beside it {@code NAME.tsv}, whose column {@code id} (else its first one)
 * says which stimulus each row is of. Axes behind the first are taken as one.
 */
public final class ArrayTargets implements TargetExtractor {
  /** The model that spaces of optical flow name. */
  public static final String FLOW = "optical-flow";

  /** The model that spaces of other arrays name. */
  static final String ARRAY = "array";

  /** What the numbers are. */
  enum Kind {
    /** Anything. */
    ANY,
    /** The optical flow at each place of a grid, {@code [stimuli, places, 2]}, in any one unit. */
    FLOW
  }

  private final Kind kind;
  private final Path file;
  private final Path ids;
  private final Tensor values;

  private ArrayTargets(Kind kind, Path file, Path ids, Tensor values) {
    this.kind = kind;
    this.file = file;
    this.ids = ids;
    this.values = values;
  }

  static TargetExtractor any(TargetSpec spec) {
    return open(spec, Kind.ANY);
  }

  static TargetExtractor flow(TargetSpec spec) {
    return open(spec, Kind.FLOW);
  }

  private static TargetExtractor open(TargetSpec spec, Kind kind) {
    Path file =
        spec.array()
            .orElseThrow(
                () ->
                    new RecipeException(
                        "targets of 'array' and 'flow' name a file of numbers: {of: flow, file:"
                            + " stimuli/flow.npy}"));
    Path ids = requireIds(file);
    Tensor values = Npy.read(file);
    int rank = values.shape().rank();
    boolean fits =
        kind == Kind.FLOW ? rank == 3 && values.dim(2) == 2 : rank >= 2 && values.size() > 0;
    if (!fits) {
      throw new DataException(
          "reading numbers of stimuli from "
              + file
              + ": found the shape "
              + values.shape()
              + ", expected "
              + (kind == Kind.FLOW ? "[stimuli, places, 2]." : "[stimuli, ...]."));
    }
    return new ArrayTargets(kind, file, ids, values);
  }

  /** The file that says which stimulus each row is of, both being there. */
  private static Path requireIds(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    Path ids = file.resolveSibling((dot < 0 ? name : name.substring(0, dot)) + ".tsv");
    for (Path needed : List.of(file, ids)) {
      if (!Files.isRegularFile(needed)) {
        throw new DataException(
            "reading numbers of stimuli: there is no file "
                + needed
                + ". Expected an array [stimuli, ...] and, under the same name with the ending"
                + " .tsv, a table with a column 'id' that says which stimulus each row is of.");
      }
    }
    return ids;
  }

  @Override
  public EmbeddingSpace space() {
    int dim = values.size() / values.dim(0);
    return new EmbeddingSpace(
        kind == Kind.FLOW ? FLOW : ARRAY,
        kind == Kind.FLOW ? "" + axes(dim) : file.getFileName() + " " + axes(dim),
        dim,
        EmbeddingSpace.Scaling.RAW);
  }

  @Override
  public List<Integer> axes(int dim) {
    return Arrays.stream(values.shape().toArray()).skip(1).boxed().toList();
  }

  @Override
  public TargetUnit unit() {
    return TargetUnit.STIMULUS;
  }

  @Override
  public Embeddings extract(StimulusSet stimuli, Progress progress) {
    TsvTable table = Tsv.read(ids);
    List<String> named = table.texts(table.has("id") ? "id" : table.columns().get(0));
    if (named.size() != values.dim(0)) {
      throw new DataException(
          "reading numbers of stimuli: "
              + file
              + " has "
              + values.dim(0)
              + " rows, "
              + ids
              + " "
              + named.size()
              + "; expected one id for each row.");
    }
    Map<String, Integer> row = new HashMap<>();
    for (int i = 0; i < named.size(); i++) {
      if (row.putIfAbsent(named.get(i), i) != null) {
        throw new DataException(
            "reading numbers of stimuli: "
                + ids
                + " has the id '"
                + named.get(i)
                + "' twice; ids must be unique.");
      }
    }
    List<String> wanted = new ArrayList<>(stimuli.ids());
    int[] which = new int[wanted.size()];
    for (int i = 0; i < which.length; i++) {
      Integer found = row.get(wanted.get(i));
      if (found == null) {
        throw new DataException(
            "reading numbers of stimuli from "
                + file
                + ": none of its "
                + named.size()
                + " rows is of the stimulus '"
                + wanted.get(i)
                + "'. Add a row for each stimulus of the study, or correct "
                + ids
                + ".");
      }
      which[i] = found;
    }
    Tensor rows = values.reshape(values.dim(0), space().dim()).rows(which);
    requireFinite(rows, wanted);
    return new Embeddings(space(), wanted, rows);
  }

  private void requireFinite(Tensor rows, List<String> of) {
    for (int i = 0; i < rows.size(); i++) {
      if (!Float.isFinite(rows.array()[i])) {
        throw new DataException(
            "reading numbers of stimuli from "
                + file
                + ": that of '"
                + of.get(i / rows.dim(1))
                + "' holds "
                + rows.array()[i]
                + ", expected finite numbers.");
      }
    }
  }

  @Override
  public String fingerprint() {
    return fingerprint(file);
  }

  /**
   * SHA-256 over an array and the ids of its rows.
   *
   * @param file the array
   * @throws DataException when one of the two files is missing
   */
  public static String fingerprint(Path file) {
    Path ids = requireIds(file);
    return Fingerprint.ofText(Fingerprint.ofFile(file) + "\n" + Fingerprint.ofFile(ids));
  }

  /** Nothing is held. */
  @Override
  public void close() {}
}
