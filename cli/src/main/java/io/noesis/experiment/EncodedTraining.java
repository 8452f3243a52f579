package io.noesis.experiment;

import io.noesis.alignment.embedding.TargetUnit;
import io.noesis.ingest.study.StudyCard;
import java.util.List;

/**
 * What models that take new embeddings must know of the training of their decoder.
 *
 * @param subject whose decoder it was, without {@code sub-}
 * @param unit what targets stood for
 * @param mean of the training targets, over the folds that decoded
 * @param distance of training targets from it, root mean square
 * @param study that was decoded
 */
@SuppressWarnings("ArrayRecordComponent") // Made once and only read.
record EncodedTraining(
    String subject, TargetUnit unit, double[] mean, double distance, StudyCard study) {
  static EncodedTraining of(RunFolder run, String subject, List<FoldDecoder> decoders) {
    TargetTable targets = TargetTable.read(run);
    Stretching fitted = Stretching.fit(Stretch.TRAINING, Decoded.read(run, subject), targets);
    int[] folds = decoders.stream().mapToInt(FoldDecoder::fold).toArray();
    return new EncodedTraining(
        subject, targets.unit(), fitted.mean(folds), fitted.distance(folds), RunFiles.card(run));
  }
}
