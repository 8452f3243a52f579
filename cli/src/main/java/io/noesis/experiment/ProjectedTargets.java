package io.noesis.experiment;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.train.TargetProjection;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.Trial;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A further target behind the layers of the loss that compared it, as each fold's training left
 * them: every fold has a space of its own.
 *
 * @param ofFolds the target in the space of each fold, in their order
 * @param means of the training trials of each fold in its space, {@code [folds, dim]}
 */
record ProjectedTargets(List<TargetTable> ofFolds, Tensor means) {
  private static final String PROJECTED = ", projected";

  ProjectedTargets {
    ofFolds = List.copyOf(ofFolds);
  }

  /**
   * Applies the layers that a run keeps.
   *
   * @param run its folder
   * @param encoder whose training they learned in
   * @param decoded of one subject
   * @param name of the target
   * @param table the target before them
   */
  static ProjectedTargets of(
      RunFolder run, EncoderSpec encoder, Decoded decoded, String name, TargetTable table) {
    boolean together = encoder.subjects() == EncoderSpec.Subjects.TOGETHER;
    String folder = together ? "" : Decoded.folder(decoded.subject());
    List<TargetTable> ofFolds = new ArrayList<>();
    List<Tensor> means = new ArrayList<>();
    for (int fold = 0; fold < decoded.folds().size(); fold++) {
      String layers = FoldTraining.projection(Decoded.decoderPlace(folder, fold), name);
      Tensor values = TargetProjection.of(run.file(layers), table.embeddings().values());
      TargetTable own = behind(table, values);
      ofFolds.add(own);
      means.add(meanOfTraining(decoded, fold, own));
    }
    return new ProjectedTargets(ofFolds, Tensor.concatenate(means.toArray(Tensor[]::new)));
  }

  /** What lies behind the layers is no flow, no concept and nothing else that its model names. */
  private static TargetTable behind(TargetTable table, Tensor values) {
    EmbeddingSpace before = table.embeddings().space();
    EmbeddingSpace space =
        new EmbeddingSpace(
            before.model() + PROJECTED, before.layer(), values.dim(1), EmbeddingSpace.Scaling.RAW);
    return new TargetTable(
        table.unit(),
        new Embeddings(space, table.embeddings().ids(), values),
        Optional.empty(),
        table.fingerprint());
  }

  private static Tensor meanOfTraining(Decoded decoded, int fold, TargetTable table) {
    List<Trial> trained =
        Arrays.stream(decoded.folds().get(fold).rows(Split.Part.TRAIN))
            .mapToObj(decoded.trials()::get)
            .toList();
    return ColumnStatistics.of(HeadTargets.rows(table, trained)).mean();
  }
}
