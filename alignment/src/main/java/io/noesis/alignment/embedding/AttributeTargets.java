package io.noesis.alignment.embedding;

import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.run.Fingerprint;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the stimulus table says of each stimulus in one column, one-hot over its concepts. */
public final class AttributeTargets implements TargetExtractor {
  /** The model that spaces of such targets name; their layer is the column. */
  public static final String MODEL = "attribute";

  private final TargetAttribute attribute;

  AttributeTargets(TargetSpec spec) {
    this.attribute =
        spec.attribute()
            .orElseThrow(
                () ->
                    new RecipeException(
                        "targets of 'attribute' name a column of the stimulus table and its words:"
                            + " {of: attribute, attribute: {column: colour, concepts: [red, blue]}}"));
  }

  /**
   * The concepts as embeddings: one-hot vectors.
   *
   * @param attribute whose concepts
   * @return one row per concept
   */
  public static Embeddings concepts(TargetAttribute attribute) {
    int count = attribute.concepts().size();
    Tensor unit = Tensor.zeros(count, count);
    for (int i = 0; i < count; i++) {
      unit.array()[i * count + i] = 1;
    }
    return new Embeddings(space(attribute.column(), count), attribute.concepts(), unit);
  }

  /**
   * All combinations of concepts of several attributes.
   *
   * @param attributes what {@link #concepts} gives of each
   * @return one row per combination, the vectors of the attributes behind each other
   */
  public static Embeddings combinations(List<Embeddings> attributes) {
    List<String> ids = List.of("");
    List<float[]> rows = List.of(new float[0]);
    for (Embeddings attribute : attributes) {
      int dim = attribute.space().dim();
      List<String> longer = new ArrayList<>();
      List<float[]> wider = new ArrayList<>();
      for (int before = 0; before < ids.size(); before++) {
        for (int i = 0; i < attribute.size(); i++) {
          float[] own = rows.get(before);
          float[] row = Arrays.copyOf(own, own.length + dim);
          System.arraycopy(attribute.values().array(), i * dim, row, own.length, dim);
          wider.add(row);
          String start = ids.get(before);
          longer.add((start.isEmpty() ? "" : start + ", ") + attribute.ids().get(i));
        }
      }
      ids = longer;
      rows = wider;
    }
    int dim = rows.get(0).length;
    Tensor values = Tensor.zeros(rows.size(), dim);
    for (int row = 0; row < rows.size(); row++) {
      System.arraycopy(rows.get(row), 0, values.array(), row * dim, dim);
    }
    return new Embeddings(combined(dim), ids, values);
  }

  /** Where the vectors of several attributes, behind each other, live. */
  public static EmbeddingSpace combined(int dim) {
    return space("combinations", dim);
  }

  private static EmbeddingSpace space(String column, int dim) {
    return new EmbeddingSpace(MODEL, column, dim, EmbeddingSpace.Scaling.RAW);
  }

  @Override
  public EmbeddingSpace space() {
    return space(attribute.column(), attribute.concepts().size());
  }

  @Override
  public TargetUnit unit() {
    return TargetUnit.STIMULUS;
  }

  @Override
  public Embeddings extract(StimulusSet stimuli, Progress progress) {
    int dim = attribute.concepts().size();
    List<String> ids = new ArrayList<>();
    Tensor values = Tensor.zeros(stimuli.size(), dim);
    for (Stimulus stimulus : stimuli.all()) {
      int place = attribute.concepts().indexOf(attribute.of(stimulus));
      values.array()[ids.size() * dim + place] = 1;
      ids.add(stimulus.id());
    }
    return new Embeddings(space(), ids, values);
  }

  @Override
  public String fingerprint() {
    return Fingerprint.ofText(
        MODEL + "\n" + attribute.column() + "\n" + String.join("\n", attribute.concepts()));
  }

  /** Nothing is held. */
  @Override
  public void close() {}
}
